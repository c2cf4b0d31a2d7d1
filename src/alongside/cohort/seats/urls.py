"""The steward's pages of people, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.seats import views

app_name = "seats"
urlpatterns = [
    path("steward/people/", views.people, name="people"),
    path("steward/people/<int:person>/code/", views.code, name="code"),
]
