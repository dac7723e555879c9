FROM alpine
ENV A=1
ENV B=2 C="3 4" D='5 6' E=7\ 8
ENV F="a\"b" G='c"d' H=e"f g"h I= J="" K==
ENV "L"=m N=o=p
