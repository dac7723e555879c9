FROM alpine
RUN a \
# only comments follow
# to the end
