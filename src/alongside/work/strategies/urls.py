"""The doors of strategies, beside those of the reader. The page itself is a desk, because it also holds a keyring."""

from django.urls import path

from alongside.work.strategies import views

app_name = "strategies"
API = "reader/api/strategies"
ONE = f"{API}/<uuid:strategy>"
urlpatterns = [
    path(API, views.strategies, name="api"),
    path(ONE, views.strategy, name="api_one"),
    path(f"{ONE}/save", views.save, name="api_save"),
    path(f"{ONE}/pen", views.pen, name="api_pen"),
    path(f"{ONE}/members", views.members, name="api_members"),
    path(f"{ONE}/versions", views.versions, name="api_versions"),
    path(f"{ONE}/destroy", views.destroy, name="api_destroy"),
]
