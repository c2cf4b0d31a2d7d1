"""Signing in with paper, below /<program>/<lang>/."""

from django.urls import path

from alongside.ground.people import views

app_name = "people"
urlpatterns = [path("sign-in/printed-code/", views.printed_code, name="printed_code")]
