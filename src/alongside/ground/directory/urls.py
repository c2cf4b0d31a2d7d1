"""Pages of the directory, below /<program>/<lang>/."""

from django.urls import path

from alongside.ground.directory import views

app_name = "directory"
urlpatterns = [
    path("help/", views.help_page, name="help"),
]
