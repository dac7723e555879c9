FROM \
  alpine \
  AS \
  build
COPY \
  --from=a \
  --chown=b:c \
  d \
  e
