"""Pages of voices that belong to no program, so that a receipt names none."""

from django.urls import path

from alongside.chain.voices.views import public

app_name = "receipts"
urlpatterns = [
    path("r", public.follow, name="follow"),
    path("r/<lang:lang>", public.follow, name="follow"),
    path("marks.json", public.index, name="index"),
]
