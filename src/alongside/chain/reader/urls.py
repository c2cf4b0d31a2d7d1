"""Pages of the reader, under a program and a language, and its doors."""

from django.urls import path

from alongside.chain.reader.views import own, pages
from alongside.chain.reader.views.api import keys, reading, sign_in

app_name = "reader"
API = "reader/api/"
ONE = f"{API}engagements/<slug:slug>/"
urlpatterns = [
    path("reader/", pages.reader, name="reader"),
    path("reader/own/", own.own, name="own"),
    path("reader/own/<slug:slug>.jsonl", own.sealed, name="sealed"),
    path("reader/keyring/signed/", pages.signed, name="signed"),
    path(API, pages.api, name="api"),
    path(f"{API}challenge", sign_in.challenge, name="api_challenge"),
    path(f"{API}session", sign_in.session, name="api_session"),
    path(f"{API}keyring", sign_in.keyring, name="api_keyring"),
    path(f"{API}device", sign_in.device, name="api_device"),
    path(f"{API}desk", sign_in.desk, name="api_desk"),
    path(f"{API}compare", sign_in.compare, name="api_compare"),
    path(f"{API}vouch/<int:pk>", sign_in.vouch, name="api_vouch"),
    path(f"{API}to-sign", keys.to_sign, name="api_to_sign"),
    path(f"{ONE}make-key", keys.make_key, name="api_make_key"),
    path(f"{ONE}key", keys.key, name="api_key"),
    path(f"{ONE}test", keys.test, name="api_test"),
    path(f"{ONE}share", keys.share, name="api_share"),
    path(f"{ONE}destroy", keys.destroy, name="api_destroy"),
    path(f"{ONE}read", reading.engagement, name="api_engagement"),
    path(f"{ONE}voices", reading.voices, name="api_voices"),
    path(f"{ONE}aside", reading.aside, name="api_aside"),
    path(f"{ONE}notes", reading.notes, name="api_notes"),
    path(f"{ONE}opened", reading.opened, name="api_opened"),
    path(f"{ONE}opened/<int:pk>", reading.sign, name="api_sign"),
    path("reader/<slug:slug>/", pages.reader, name="read"),
]
