FROM alpine
COPY <<A <<-"B" c /d/
a
A
	b
	B
RUN 3<<X 12<<Y cat
x
X
y
Y
