FROM alpine
COPY -- --a b
RUN --  --not-a-flag
RUN --
RUN --a
COPY --link
COPY --"" --a b
