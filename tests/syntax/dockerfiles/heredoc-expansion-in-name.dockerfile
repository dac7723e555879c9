FROM alpine
RUN <<$A
x
$A
RUN <<${A}
x
${A}
RUN cat <<EOF >$B ${C} "${D:-e}"
x
EOF
