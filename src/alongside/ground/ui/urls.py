"""The one page of the look: its specimen."""

from django.urls import path

from alongside.ground.ui import views

app_name = "look"
urlpatterns = [path("specimen/", views.specimen, name="specimen")]
