"""Pages of statements that people judge, and of the map that comes of it, under a program and a language."""

from django.urls import path

from alongside.chain.opinions import views

app_name = "opinions"
ONE = "engagements/<slug:slug>/"
urlpatterns = [
    path(f"{ONE}statements/", views.judge, name="judge"),
    path(f"{ONE}map/", views.map_page, name="map"),
    path(f"{ONE}map.json", views.map_file, name="map_file"),
]
