FROM alpine
CMD   [   "a"  ,	"b"   ,"c"]   
ENTRYPOINT["a"]
ENTRYPOINT	["a"	]
RUN [ \
  "a", \
  # why b
  "b" \
]
