"""What machines ask of voices, under a program's record."""

from django.urls import path

from alongside.chain.voices.views import own, public
from alongside.core.grammar.releases import READER

app_name = "voices_machine"
urlpatterns = [
    path("marks", public.marks, name="marks"),
    path("received", public.received, name="received"),
    path("withdraw", public.withdraw, name="withdraw"),
    path(READER, own.reader, name="reader_file"),
]
