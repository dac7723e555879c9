FROM alpine
COPY ["a", 2]
