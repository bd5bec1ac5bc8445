# The web server, the workers, the scheduler and the migration: one image, started by config/start.py.
FROM python:3.13-slim-bookworm AS packages
COPY requirements/base.lock /tmp/base.lock
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /tmp/base.lock

FROM python:3.13-slim-bookworm
# Pango and HarfBuzz draw the PDF; no wheel brings them.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --home-dir /data --no-create-home journeybook \
 && install -d -o journeybook -g journeybook /data
COPY --from=packages /opt/venv /opt/venv
COPY . /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    JOURNEYBOOK_VAR=/data \
    STATIC_ROOT=/srv/static \
    LOG_FORMAT=json
# The settings ask for these three; collecting files uses none of them.
RUN SECRET_KEY=while-building ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nobody@localhost/none \
    JOURNEYBOOK_VAR=/tmp/building python manage.py collectstatic --no-input && rm -rf /tmp/building
USER journeybook
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["python", "-m", "config.start"]
CMD ["web"]
