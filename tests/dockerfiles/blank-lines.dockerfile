

  
	
FROM alpine


   
RUN true

