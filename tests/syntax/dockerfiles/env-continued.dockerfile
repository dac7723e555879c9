FROM alpine
ENV A=1 \
    # about b
    B=2 \

    C="3 \
  4"
