ARG BASE=python:3.11
FROM ${BASE} AS build
RUN make
FROM --platform=linux/amd64 build as Test
FROM scratch
COPY --from=build --chown=1:1 /a /b
COPY --from=0 /c /d
