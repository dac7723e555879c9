FROM alpine
RUN ["a", "b c"]
CMD ["d"]
ENTRYPOINT ["e","f"]
SHELL ["/bin/bash", "-c"]
VOLUME ["/g", "/h i"]
COPY ["j k", "l"]
ADD ["m", "n", "o/"]
