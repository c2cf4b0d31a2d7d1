"""Pages of statements that people judge, of the map that comes of it, and the doors of the reader for statements that people offer, under a program and a language."""

from django.urls import path

from alongside.chain.opinions import views

app_name = "opinions"
ONE = "engagements/<slug:slug>/"
READER = f"reader/api/{ONE}offers"
urlpatterns = [
    path(f"{ONE}statements/", views.judge, name="judge"),
    path(f"{ONE}statements/for-people/", views.take, name="take"),
    path(f"{ONE}map/", views.map_page, name="map"),
    path(f"{ONE}map.json", views.map_file, name="map_file"),
    path("offers.json", views.offers_file, name="offers"),
    path(READER, views.offers, name="reader_offers"),
    path(f"{READER}/<uuid:key>/decide", views.decide, name="decide"),
    path(f"{READER}/<uuid:key>/drop", views.drop, name="drop"),
]
