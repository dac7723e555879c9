FROM	alpine
	RUN	echo	a	
		ENV	A	b	c
