"""A form that Django takes: one view, one insert, the same database settings. The bar for intake, in two heights.

`none`: no middleware at all, the least that Django can do. `startproject`: the middleware that Django gives every new
project, with its check of form tokens, as a form on the open web has it.
"""

import os
from typing import Any

import django
from django.conf import settings

SERVER = os.environ.get("BENCH_SERVER", "")
#: As `django-admin startproject` writes them down.
STARTPROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
APPS = ["auth", "contenttypes", "sessions", "messages"]
MIDDLEWARE = {"none": [], "startproject": STARTPROJECT}[os.environ.get("BENCH_MIDDLEWARE", "none")]


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
        INSTALLED_APPS=[f"django.contrib.{app}" for app in APPS] if MIDDLEWARE else [],
        MIDDLEWARE=MIDDLEWARE,
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
