# The dialogue engine: Python 3.10 because Rasa 3.6.21 needs it, behind walls for the same reason.
FROM python:3.10-slim AS build
WORKDIR /app
COPY requirements/tools.lock requirements/engine.lock requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/tools.lock \
 && uv venv /app/.venv/engine \
 && uv pip sync --no-cache --python /app/.venv/engine/bin/python --require-hashes requirements/engine.lock
COPY bot/__init__.py bot/__init__.py
COPY bot/rasa bot/rasa
COPY data data
COPY config.yml domain.yml credentials.yml endpoints.yml ./
RUN RASA_TELEMETRY_ENABLED=false PYTHONPATH=/app HOME=/tmp .venv/engine/bin/python -m rasa train --out models

FROM python:3.10-slim
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/engine/bin:$PATH PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    RASA_TELEMETRY_ENABLED=false HOME=/tmp OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 CUDA_VISIBLE_DEVICES=-1
USER 1000:1000
CMD ["python", "-m", "bot.rasa.serve", "--host", "0.0.0.0", "--port", "5005", "--actions", "http://service:5055/webhook"]
