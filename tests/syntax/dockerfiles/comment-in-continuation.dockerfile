FROM alpine
RUN a && \
# dropped
  b && \
    # indented, dropped \
  c
