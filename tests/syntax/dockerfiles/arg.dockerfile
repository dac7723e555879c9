ARG A
ARG B=1
ARG C="2 3" D E='4 5'
FROM alpine:${B}
ARG A
ARG "F G"
ARG =
