"""Pages of voices that belong to no program, so that a receipt names none."""

from django.urls import path

from alongside.chain.voices import views

app_name = "receipts"
urlpatterns = [
    path("r", views.follow, name="follow"),
    path("r/<lang:lang>", views.follow, name="follow"),
    path("marks.json", views.index, name="index"),
]
