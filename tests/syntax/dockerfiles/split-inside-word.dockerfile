FROM alp\
ine
COPY /a\
b /c
ENV A=b\
c
CMD ["a", "b\
c"]
