"""The Celery application: workers, beat and the web process share it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")

app = Celery("journeybook")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
