FROM alpine
FOO bar
RUNN x
&& y
EOF
"RUN" x
RUN: a
