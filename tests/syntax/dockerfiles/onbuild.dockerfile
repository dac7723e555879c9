FROM alpine
ONBUILD RUN a  b
ONBUILD COPY --chown=a b c
ONBUILD ENTRYPOINT ["a"]
ONBUILD ENV A=b C=d
ONBUILD
ONBUILD  \
  ADD \
  x y
onbuild user me
ONBUILD FOO x
