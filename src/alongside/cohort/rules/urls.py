"""The page of rules that are proposed, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.rules import views

app_name = "rules"
urlpatterns = [path("cohort-rules/", views.proposed, name="proposed")]
