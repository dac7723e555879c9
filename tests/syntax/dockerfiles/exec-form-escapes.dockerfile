FROM alpine
CMD ["a\"b", "\\", "\/", "\b\f\n\r\t", "\u00e9\u0041", "\ud83d\ude00", "\ud800"]
