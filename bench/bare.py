"""The least that Django can do with a form: one view, one insert, the same database settings. The bar for intake."""

import os

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench" * 10,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.bare",
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": os.environ["BENCH_DB"],
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
                },
            }
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
with connection.cursor() as cursor:
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS bench_said (id integer PRIMARY KEY AUTOINCREMENT, words text NOT NULL)"
    )
application = get_wsgi_application()
