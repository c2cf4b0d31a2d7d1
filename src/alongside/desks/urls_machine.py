"""What machines read of everything a program publishes, below /<program>/."""

from django.urls import path

from alongside.desks import catalog

app_name = "catalog"
urlpatterns = [path("data.json", catalog.data_json, name="data")]
