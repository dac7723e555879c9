FROM alpine AS
FROM alpine AS a b
FROM a b c
EXPOSE a  b	c
USER a b
STOPSIGNAL a b
