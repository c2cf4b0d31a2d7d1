"""Pages of voices, under a program and a language."""

from django.urls import path

from alongside.chain.voices.views import public

app_name = "voices"
urlpatterns = [
    path("engagements/<slug:slug>/voices/", public.take_in, name="take_in"),
]
