FROM alpine
RUN <<-EOF
	echo a
		EOF
RUN <<-'EOF' cat
	EOF 
 	EOF
	EOF
RUN <<EOF
	EOF
EOF
