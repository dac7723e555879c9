\
\
FROM alpine
