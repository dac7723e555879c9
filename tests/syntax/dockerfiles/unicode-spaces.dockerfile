FROM alpine
 RUN echo a 
ENV A=b　C=d
COPY a b c
WORKDIR /a 
 # a comment
