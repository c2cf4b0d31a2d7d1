"""What machines ask of voices, under a program's record."""

from django.urls import path

from alongside.chain.voices import views

app_name = "voices_machine"
urlpatterns = [
    path("marks", views.marks, name="marks"),
    path("received", views.received, name="received"),
    path("withdraw", views.withdraw, name="withdraw"),
]
