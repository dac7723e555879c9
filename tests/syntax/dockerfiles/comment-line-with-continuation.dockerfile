FROM alpine
# not continued \
RUN a
