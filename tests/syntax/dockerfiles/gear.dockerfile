FROM python:3.11-slim
ENV FLYWHEEL=/flywheel/v0
WORKDIR ${FLYWHEEL}
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY run.py manifest.json ${FLYWHEEL}/
RUN chmod a+x ${FLYWHEEL}/run.py
ENTRYPOINT ["python", "/flywheel/v0/run.py"]
