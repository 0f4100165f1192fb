# The project with Airflow and Celery, as a user without rights. It could not be built where it was written: docs/stack.md.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9 && uv venv /opt/venv
# Libraries at the versions and with the hashes that are tested; not those that only tests need.
COPY requirements.lock pyproject.toml README.md LICENSE NOTICE ./
COPY pipeline pipeline
COPY mappings mappings
COPY dags dags
RUN uv pip install --no-cache --python /opt/venv/bin/python --constraint requirements.lock '.[airflow,celery,remote]'

FROM python:3.11.14-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH HOME=/opt/airflow USER=whosaid PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 50000 --gid 0 --no-create-home --home-dir /opt/airflow --shell /usr/sbin/nologin whosaid \
    && mkdir -p /opt/airflow/logs /authority /elasticsearch-certificate /keys /articles \
    && chown -R 50000:0 /opt/airflow /authority /elasticsearch-certificate \
    && chmod -R g+rwX /opt/airflow /authority /elasticsearch-certificate \
    && command -v openssl
COPY --from=build /opt/venv /opt/venv
COPY dags /opt/whosaid/dags
COPY docker /opt/whosaid/docker
USER 50000:0
WORKDIR /opt/airflow
ENTRYPOINT ["sh", "/opt/whosaid/docker/entrypoint.sh"]
CMD ["whosaid", "--help"]
