# syntax=docker/dockerfile:1
ARG PYTHON_VERSION=3.11
FROM ubuntu:22.04 AS tools
ENV DEBIAN_FRONTEND=noninteractive \
    LANG=C.UTF-8
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        bc=1.07.1-3 \
        ca-certificates=20230311ubuntu0.22.04.1 \
        curl=7.81.0-1ubuntu1.15 \
        unzip=6.0-26ubuntu3.2 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/averager
RUN curl -sSL "https://example.org/averager/2.0.0/averager-linux.tar.gz" \
        -o averager.tar.gz \
    && echo "0f5d7f5c  averager.tar.gz" > averager.sum \
    && tar -xzf averager.tar.gz --strip-components=1 \
    && rm -f averager.tar.gz averager.sum
RUN for name in mean median trimmed; do \
        if [ -x "bin/$name" ]; then \
            ln -s "/opt/averager/bin/$name" "/usr/local/bin/avg-$name"; \
        else \
            echo "no $name in this release" >&2; \
        fi; \
    done
RUN mkdir -p /opt/templates && \
    curl -sSL https://example.org/templates/brain.zip -o /tmp/brain.zip && \
    unzip -q /tmp/brain.zip -d /opt/templates && \
    rm /tmp/brain.zip

FROM python:${PYTHON_VERSION}-slim
LABEL maintainer="A. Author" \
      org.opencontainers.image.source="https://example.org/my-gear"
ARG AVERAGER_VERSION=2.0.0
ENV FLYWHEEL=/flywheel/v0
ENV AVERAGER_HOME=/opt/averager \
    AVERAGER_VERSION=${AVERAGER_VERSION} \
    TEMPLATES=/opt/templates
ENV PATH=${AVERAGER_HOME}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update && apt-get install -y --no-install-recommends \
        git=1:2.39.2-1.1 \
        jq=1.6-2.1 \
        libgomp1=12.2.0-14 \
        zip=3.0-13 \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /tmp/* /var/tmp/*
COPY --from=tools /opt/averager ${AVERAGER_HOME}
COPY --from=tools /opt/templates ${TEMPLATES}
RUN chmod -R a+rX "${AVERAGER_HOME}" "${TEMPLATES}" \
    && find "${AVERAGER_HOME}" -name '*.a' -delete
WORKDIR ${FLYWHEEL}
COPY requirements.txt ./
RUN pip install --no-cache-dir "pip==24.0" \
    && pip install --no-cache-dir -r requirements.txt
RUN python -c "import sys; print(sys.version)" > /etc/python-version
RUN groupadd --gid 1000 gear && useradd --uid 1000 --gid gear --create-home gear
RUN mkdir -p input output work && chown -R gear:gear input output work
COPY manifest.json ./
COPY --chmod=0755 run.py ./
RUN sed -i 's/\r$//' run.py && chmod +x run.py
RUN test -x run.py || { echo "run.py cannot be started" >&2; exit 1; }
RUN if [ "$(uname -m)" = "x86_64" ]; then echo "amd64" > /etc/arch; else echo "other" > /etc/arch; fi
RUN printf '%s\n' "export AVERAGER_HOME=${AVERAGER_HOME}" "export TEMPLATES=${TEMPLATES}" \
    > /etc/profile.d/averager.sh
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV MPLCONFIGDIR=/tmp/matplotlib
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
