FROMalpine
RUN echo a
COPY abc d
