"""The floor of the signing benchmark: what this stack needs for any act at all.

A bare Django view on the same gunicorn and PostgreSQL: a session, two reads and two inserts in one
transaction, by Django's models as anybody would write them. Beside it stands the same in plain SQL, which no
Django project would be written in: what the database and the server alone take. It is a site of its own with a
database of its own; nothing of Journeybook runs in it.
"""

import os
import sys
import uuid

import django
import environ
from django.conf import settings

NAME = "floor"

if not settings.configured:
    database = dict(environ.Env.db_url_config(os.environ["FLOOR_DATABASE_URL"]))
    database["HOST"] = database["OPTIONS"].pop("host")
    settings.configure(
        SECRET_KEY=os.environ["FLOOR_SECRET"],
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {**database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}},
        ROOT_URLCONF="benchmarks.floor",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  # the settings stand above
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

TABLES = """
CREATE TABLE floor_book (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE floor_skill (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE floor_act (id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE floor_entry (id uuid PRIMARY KEY, book uuid NOT NULL REFERENCES floor_book, skill uuid NOT NULL
    REFERENCES floor_skill, act uuid NOT NULL REFERENCES floor_act, told text NOT NULL)
"""


class Book(models.Model):
    """A row to read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.TextField()

    class Meta:
        app_label, db_table, managed = NAME, "floor_book", False


class Skill(models.Model):
    """Another row to read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.TextField()

    class Meta:
        app_label, db_table, managed = NAME, "floor_skill", False


class Act(models.Model):
    """The first insert."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label, db_table, managed = NAME, "floor_act", False


class Entry(models.Model):
    """The second insert, which points at all the others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, db_column="book")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, db_column="skill")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, db_column="act")
    told = models.TextField()

    class Meta:
        app_label, db_table, managed = NAME, "floor_entry", False


def sign(request: HttpRequest) -> HttpResponse:
    """One act of the floor: who is it, two reads, two inserts, a redirect."""
    if "who" not in request.session:
        return HttpResponse(status=403)
    with transaction.atomic():
        book, skill = Book._default_manager.get(), Skill._default_manager.get()
        act = Act._default_manager.create()
        Entry._default_manager.create(book=book, skill=skill, act=act, told=request.POST.get("note", ""))
    return HttpResponse(status=302, headers={"Location": "/"})


def sign_in_sql(request: HttpRequest) -> HttpResponse:
    """The same in plain SQL."""
    if "who" not in request.session:
        return HttpResponse(status=403)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM floor_book LIMIT 1")
        book = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM floor_skill LIMIT 1")
        skill = cursor.fetchone()[0]
        act = uuid.uuid4()
        cursor.execute("INSERT INTO floor_act (id) VALUES (%s)", [act])
        told = request.POST.get("note", "")
        cursor.execute("INSERT INTO floor_entry VALUES (%s, %s, %s, %s, %s)", [uuid.uuid4(), book, skill, act, told])
    return HttpResponse(status=302, headers={"Location": "/"})


urlpatterns = [path("sign/", sign), path("sign-in-sql/", sign_in_sql)]


def prepare() -> str:
    """Make the tables, a row to read in each and a session; returns the session's key."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute("INSERT INTO floor_book VALUES (gen_random_uuid(), 'a book')")
        cursor.execute("INSERT INTO floor_skill VALUES (gen_random_uuid(), 'a skill')")
    session = SessionStore()
    session["who"] = str(uuid.uuid4())
    session.create()
    return str(session.session_key)


application = WSGIHandler()

if __name__ == "__main__":
    sys.stdout.write(prepare())
