# note = this is text
FROM alpine
# syntax=later
# escape=`
RUN a \
 b
