FROM alpine
CMD ['a', 'b']
ENTRYPOINT ["a", 'b']
RUN [a]
CMD ["a",]
CMD ["a" "b"]
CMD ["a"
CMD "a"]
RUN [ -f x ] && echo y
CMD ["\x"]
CMD ["a	b"]
CMD [NaN]
CMD [1e999]
CMD {"a": 1}
CMD "a"
COPY ['a', 'b']
VOLUME [a b]
