# escape=`
FROM alpine
ENV A=a` b B="c`"d" C='e`' D=f`
LABEL a="b\" c=d
ARG X=a` b Y
