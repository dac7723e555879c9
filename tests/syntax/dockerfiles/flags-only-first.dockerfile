FROM alpine
RUN pip --version --quiet
COPY a --from=b c
RUN -x --y
CMD --help
USER --a b
