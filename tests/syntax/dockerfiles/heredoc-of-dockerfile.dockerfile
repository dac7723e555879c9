FROM alpine
COPY <<DOCKERFILE /Dockerfile
FROM other
RUN x \
  y
# z
DOCKERFILE
USER me
