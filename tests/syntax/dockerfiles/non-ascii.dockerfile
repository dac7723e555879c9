FROM alpine
LABEL author="José Ü" note=日本
RUN echo "é" \
  😀 && true
COPY ä ö/
CMD ["é", "\u00e9"]
