FROM alpine
RUN <<'EOF'
$A
EOF
RUN <<"EOF"
$B
EOF
RUN <<E"O"F
$C
EOF
RUN <<'a b'
c
a b
RUN <<E\OF
d
EOF
