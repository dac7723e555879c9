# escape=`
FROM windows
RUN dir `
  C:\
COPY a\b c:\d\
WORKDIR c:\a
