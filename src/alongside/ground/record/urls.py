"""Pages of the record, below /<program>/<lang>/."""

from django.urls import path

from alongside.ground.record import views

app_name = "record"
urlpatterns = [
    path("record/", views.entries, name="entries"),
    path("record/entries.csv", views.entries_csv, name="csv"),
    path("record/feed.xml", views.feed, name="feed"),
    path("record/clock/", views.clock, name="clock"),
    path("record/key/", views.distrust_key, name="key"),
    path("record/resume/", views.agree_to_resume, name="resume"),
    path("record/<int:index>/", views.entry, name="entry"),
]
