FROM alpine
COPY --chown='a b' --chmod="7"55 c d
COPY --from=a\ b c d
COPY --from="a'b" c d
COPY --from='a\'b' c d
