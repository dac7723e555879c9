# first
FROM alpine # not a comment
  # indented
RUN echo a # part of it
#
#last