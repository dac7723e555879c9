FROM alpine
RUN cat \
  <<EOF \
# dropped
  > /a
b \
EOF
RUN <<EOF && \
  true
x
EOF
