"""What machines ask of voices, under a program's record."""

from django.urls import path

from alongside.chain.voices.views import public

app_name = "voices_machine"
urlpatterns = [
    path("marks", public.marks, name="marks"),
    path("received", public.received, name="received"),
    path("withdraw", public.withdraw, name="withdraw"),
]
