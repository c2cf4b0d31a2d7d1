"""Pages of calls, below /<program>/<lang>/."""

from django.urls import URLPattern

app_name = "calls"
urlpatterns: list[URLPattern] = []
