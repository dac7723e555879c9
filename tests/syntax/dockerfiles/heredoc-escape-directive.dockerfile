# escape=`
FROM alpine
RUN cat <<EOF `
  > a
b `
EOF
RUN <<E\OF
x
EOF
