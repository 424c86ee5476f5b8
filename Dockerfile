# Everything is built in the first stage; the second holds Python, one virtual environment, and nothing else.
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source

# What Outloud needs changes less often than Outloud: a layer of its own.
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /opt/outloud \
    && /opt/outloud/bin/pip install --require-hashes -r requirements.lock \
    && python -m venv /opt/tools \
    && /opt/tools/bin/pip install --require-hashes -r requirements-dev.lock

COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY migrations migrations
COPY storage storage
RUN /opt/tools/bin/hatchling build -t wheel -d /wheels \
    && /opt/outloud/bin/pip install --no-deps --no-index /wheels/*.whl \
    && /opt/outloud/bin/python -m compileall -q /opt/outloud/lib \
    && /opt/outloud/bin/pip uninstall -y -q pip setuptools


FROM python:3.11.14-slim-bookworm
RUN groupadd --gid 10001 outloud \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin outloud \
    && install -d -o 10001 -g 10001 /data
COPY --from=build /opt/outloud /opt/outloud

# HOST: nothing outside a container reaches its 127.0.0.1. PORT stands here so that the health check knows it.
ENV PATH=/opt/outloud/bin:$PATH HOST=0.0.0.0 PORT=3000 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# By number, so that a cluster that allows only non-root users can see that this is one.
USER 10001:10001
# The SQLite file, unless DATABASE_URL names another place.
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + (os.environ.get('PORT') or '3000') + '/healthz', timeout=4)"]
ENTRYPOINT ["outloud"]
CMD ["run"]
