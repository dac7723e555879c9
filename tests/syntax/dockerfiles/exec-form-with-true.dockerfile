FROM alpine
CMD [true, "a"]
