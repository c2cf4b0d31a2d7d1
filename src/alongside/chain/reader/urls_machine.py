"""What machines ask of the reader, under a program's record."""

from django.urls import path

from alongside.chain.reader.views import own
from alongside.core.grammar.releases import READER

app_name = "reader_machine"
urlpatterns = [path(READER, own.reader, name="reader_file")]
