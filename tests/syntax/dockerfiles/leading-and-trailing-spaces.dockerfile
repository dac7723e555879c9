   FROM alpine   
 	 RUN  echo   a  	 
  USER  me  
