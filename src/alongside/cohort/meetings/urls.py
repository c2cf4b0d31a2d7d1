"""Pages of meetings, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.meetings import views

app_name = "meetings"
urlpatterns = [
    path("meetings/", views.all_meetings, name="meetings"),
    path("meetings/new/", views.plan_meeting, name="plan_meeting"),
    path("meetings/<slug:meeting>/", views.meeting, name="meeting"),
    path("meetings/<slug:meeting>/change/", views.change_meeting, name="change_meeting"),
    path("meetings/<slug:meeting>/minutes/", views.write_minutes, name="minutes"),
    path("meetings/<slug:meeting>/position/", views.dissent, name="dissent"),
    path("meetings/<slug:meeting>/confirm/", views.confirm, name="confirm"),
]
