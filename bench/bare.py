"""The least that Django can do with a form: one view, one insert, the same database settings. The bar for intake."""

import os
from typing import Any

import django
from django.conf import settings

SERVER = os.environ.get("BENCH_SERVER", "")


def in_file(name: str) -> dict[str, Any]:
    """Give the settings that the program has on SQLite."""
    waits = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": waits}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "CONN_MAX_AGE": None, "OPTIONS": options}


def on_server(host: str, port: str, user: str) -> dict[str, Any]:
    """Give settings for PostgreSQL, each thread with a connection that lasts."""
    where = {"NAME": "bare", "HOST": host, "PORT": port, "USER": user}
    return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **where}


if not settings.configured:
    settings.configure(
        SECRET_KEY="bench" * 10,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.bare",
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
        DATABASES={
            "default": on_server(*there) if (there := SERVER.split()) else in_file(os.environ["BENCH_DB"])
        },
    )
    django.setup()

from django import forms
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.urls import path


class Said(models.Model):
    """One row."""

    words = models.TextField()

    class Meta:
        app_label = "bench"


class SaidForm(forms.ModelForm):
    """One field."""

    class Meta:
        model = Said
        fields = ["words"]


def post(request):
    """Clean the form and insert."""
    form = SaidForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    with transaction.atomic():
        form.save()
    return HttpResponse("ok")


urlpatterns = [path("said", post)]
KEY = "id serial PRIMARY KEY" if SERVER.split() else "id integer PRIMARY KEY AUTOINCREMENT"
with connection.cursor() as cursor:
    cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_said ({KEY}, words text NOT NULL)")
application = get_wsgi_application()
