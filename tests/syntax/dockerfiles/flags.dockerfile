FROM --platform=$BUILDPLATFORM alpine
RUN --mount=type=cache,target=/root/.cache --network=none pip install x
COPY --chmod=755 --link a b
ADD --checksum=sha256:abc --keep-git-dir=true c d
RUN --mount=type=secret,id=a \
    --mount=type=bind,target=/b \
    make
