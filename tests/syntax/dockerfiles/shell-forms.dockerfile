FROM alpine
RUN echo  "a  b"   c
CMD echo $HOME
ENTRYPOINT exec top -b
SHELL bash
VOLUME /a  /b
