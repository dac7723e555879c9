FROM alpine
RUN <<EOF
echo a
  echo b

# not a comment
EOF
RUN true
