"""The doors of the reader for recovery papers."""

from django.urls import path

from alongside.chain.recovery import views

app_name = "recovery"
API = "reader/api/papers/"
urlpatterns = [
    path(API, views.papers, name="papers"),
    path(f"{API}sign", views.sign, name="sign"),
    path(f"{API}drop", views.drop, name="drop"),
    path(f"{API}check", views.check, name="check"),
    path(f"{API}keys", views.keys, name="keys"),
    path(f"{API}keys/<slug:slug>/lock", views.lock, name="lock"),
    path(f"{API}keys/<slug:slug>/recover", views.recover, name="recover"),
]
