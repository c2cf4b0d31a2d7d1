"""Pages of keys, under a program and a language."""

from django.urls import path

from alongside.chain.keys import views

app_name = "keys"
urlpatterns = [
    path("reader/keyring/", views.keyring, name="keyring"),
    path("reader/keyring/<slug:seat>.age", views.keyring_file, name="keyring_file"),
    path("reader/keyring/tab/", views.tab, name="tab"),
    path("reader/keyring/lost/", views.lost, name="lost"),
    path("reader/keyring/devices/<int:pk>/remove/", views.forget_device, name="forget_device"),
    path("seconds/key/<int:entry>/", views.destroy, name="body_destroys"),
]
