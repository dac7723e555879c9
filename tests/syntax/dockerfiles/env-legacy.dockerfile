FROM alpine
ENV A b
ENV B  c   d  
ENV C "d e" f=g
ENV D e \
  f
LABEL x y z
ENV "a b" c
