FROM alpine
COPY --chown=é a b
ADD --exclude=日 a b
