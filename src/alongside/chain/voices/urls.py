"""Pages of voices, under a program and a language, and the doors of the reader."""

from django.urls import path

from alongside.chain.voices.views import api, public, reader

app_name = "voices"
API = "reader/api/"
ONE = f"{API}engagements/<slug:slug>/"
urlpatterns = [
    path("engagements/<slug:slug>/voices/", public.take_in, name="take_in"),
    path("reader/", reader.reader, name="reader"),
    path("reader/keyring/", reader.keyring, name="keyring"),
    path(API, reader.api, name="api"),
    path(f"{API}challenge", api.challenge, name="api_challenge"),
    path(f"{API}session", api.session, name="api_session"),
    path(f"{API}keyring", api.keyring, name="api_keyring"),
    path(f"{API}desk", api.desk, name="api_desk"),
    path(f"{API}vouch/<int:pk>", api.vouch, name="api_vouch"),
    path(f"{ONE}make-key", api.make_key, name="api_make_key"),
    path(f"{ONE}key", api.key, name="api_key"),
    path(f"{ONE}test", api.test, name="api_test"),
    path(f"{ONE}share", api.share, name="api_share"),
    path(f"{ONE}destroy", api.destroy, name="api_destroy"),
    path(f"{ONE}read", api.engagement, name="api_engagement"),
    path(f"{ONE}voices", api.voices, name="api_voices"),
    path(f"{ONE}notes", api.notes, name="api_notes"),
    path(f"{ONE}opened", api.opened, name="api_opened"),
    path(f"{ONE}opened/<int:pk>", api.sign, name="api_sign"),
    path("reader/<slug:slug>/", reader.reader, name="read"),
]
