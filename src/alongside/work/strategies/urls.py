"""The doors of strategies, beside those of the reader. The page itself is a desk, because it also holds a keyring."""

from django.urls import path

from alongside.work.strategies.views import strategies

app_name = "strategies"
API = "reader/api/strategies"
ONE = f"{API}/<uuid:strategy>"
urlpatterns = [
    path(API, strategies.strategies, name="api"),
    path(ONE, strategies.strategy, name="api_one"),
    path(f"{ONE}/save", strategies.save, name="api_save"),
    path(f"{ONE}/pen", strategies.pen, name="api_pen"),
    path(f"{ONE}/members", strategies.members, name="api_members"),
    path(f"{ONE}/versions", strategies.versions, name="api_versions"),
    path(f"{ONE}/destroy", strategies.destroy, name="api_destroy"),
]
