"""Pages of engagements, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.engagements import views

app_name = "engagements"
urlpatterns = [
    path("engagements/", views.open_list, name="open"),
    path("engagements/<slug:slug>/", views.engagement, name="engagement"),
    path("engagements/<slug:slug>/paper/", views.paper, name="paper"),
]
