FROM alpine
RUN <<EOF
echo a
EOF
COPY <<-X /a
	b
	X
USER me
