FROM alpine
RU\
N echo a
ENTRY\
# c
POINT ["a"]
