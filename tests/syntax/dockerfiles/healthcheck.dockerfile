FROM alpine
HEALTHCHECK NONE
HEALTHCHECK --interval=30s --timeout=3s CMD curl -f x || exit 1
HEALTHCHECK cmd ["a", "b"]
HEALTHCHECK CMD
HEALTHCHECK
HEALTHCHECK   CMD	 	echo  a  b
HEALTHCHECK --retries=3 \
  CMD \
  ["a"]
