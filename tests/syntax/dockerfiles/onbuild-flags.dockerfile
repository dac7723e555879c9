FROM alpine
ONBUILD --a RUN x
