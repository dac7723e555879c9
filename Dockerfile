# An image of gearlint itself: docker run --rm -v "$PWD:/work:ro" gearlint check .
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY schemas schemas
COPY gearlint gearlint
RUN python -m venv /opt/gearlint \
    && /opt/gearlint/bin/pip install --no-cache-dir --disable-pip-version-check . \
    && /opt/gearlint/bin/pip uninstall --quiet --yes pip \
    && /opt/gearlint/bin/python -m compileall -q /opt/gearlint/lib

FROM python:3.13-slim
# For the rules on releases (GL6). What is mounted belongs to another user, whom git does not trust by
# itself; gearlint lets it run nothing of the repository.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*'
COPY --from=build /opt/gearlint /opt/gearlint
ENV PATH=/opt/gearlint/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /work
ENTRYPOINT ["gearlint"]
CMD ["check", "."]
