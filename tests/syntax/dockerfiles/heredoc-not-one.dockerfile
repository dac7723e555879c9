FROM alpine
RUN echo "<<EOF" '<<EOF' a<<EOF \<<EOF <<<EOF $((1<<3)) <<
RUN ["cat", "<<EOF"]
CMD cat <<EOF
ENV A=<<EOF
ENTRYPOINT <<EOF
RUN echo 'open <<EOF
RUN it's <<EOF
