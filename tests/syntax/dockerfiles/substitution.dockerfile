FROM alpine
WORKDIR $A/${B}/${C:-d}
COPY ${E} "$F" '$G' \$H ./
USER ${I:+j}
EXPOSE $K
LABEL $L="$M"
