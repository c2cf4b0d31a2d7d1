"""Where voices arrive, under a program and a language."""

from django.urls import path

from alongside.chain.voices import views

app_name = "voices"
urlpatterns = [path("engagements/<slug:slug>/voices/", views.take_in, name="take_in")]
