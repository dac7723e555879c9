from alpine as build
run make
from alpine
copy --from=build /a /b
entrypoint ["/b"]
