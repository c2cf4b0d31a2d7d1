"""Pages of what offices were given, and the doors of the reader for it."""

from django.urls import path

from alongside.chain.referrals import views

app_name = "referrals"
ONE = "reader/api/engagements/<slug:slug>/referrals"
urlpatterns = [
    path(ONE, views.waiting, name="waiting"),
    path(f"{ONE}/<uuid:key>/give", views.give, name="give"),
    path(f"{ONE}/<uuid:key>/drop", views.drop, name="drop"),
    path("given/", views.every, name="every"),
    path("given/<uuid:key>/", views.one, name="one"),
]
