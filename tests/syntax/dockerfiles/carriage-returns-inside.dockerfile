FROM alpineAS one
RUN ab
COPY ab c
