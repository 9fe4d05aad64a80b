FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements/tools.lock requirements/service.lock requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/tools.lock \
 && uv venv /app/.venv/service \
 && uv pip sync --no-cache --python /app/.venv/service/bin/python --require-hashes requirements/service.lock

FROM python:3.13-slim
# Takes hidden details out of the copies of files that carriers bring.
RUN apt-get update \
 && apt-get install -y --no-install-recommends mat2 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/.venv/service /app/.venv/service
COPY actions actions
COPY bot bot
COPY catalogue catalogue
COPY content content
COPY inbox inbox
COPY policy policy
COPY reports reports
COPY service service
COPY survey survey
COPY vault vault
COPY web web
RUN mkdir /data && chown 1000:1000 /data
ENV PATH=/app/.venv/service/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 1000:1000
ENTRYPOINT ["python", "-m", "service.cli"]
CMD ["run"]
