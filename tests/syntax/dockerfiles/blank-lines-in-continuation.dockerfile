FROM alpine
RUN a && \

  
	
  b \

# and a comment

  c
USER me
