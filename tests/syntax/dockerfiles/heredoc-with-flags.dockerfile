FROM alpine
COPY --chmod=755 --chown=a:b <<EOF /run.sh
#!/bin/sh
EOF
RUN --mount=type=cache,target=/a <<EOF bash
ls
EOF
ADD <<EOF /x
y
EOF
