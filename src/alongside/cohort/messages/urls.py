"""Pages of messages and alarms, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.messages import views

app_name = "messages"
urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/write/", views.write, name="write"),
    path("messages/phone/", views.number, name="number"),
    path("messages/raise/", views.raise_alarm, name="raise"),
    path("messages/raised/<slug:key>/", views.raised, name="raised"),
    path("messages/<slug:key>/", views.message, name="message"),
]
