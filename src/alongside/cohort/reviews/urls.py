"""Pages of reviews, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.reviews import views

app_name = "reviews"
DESK = "steward/selection/<slug:slug>/"
urlpatterns = [
    path("readings/", views.readings, name="readings"),
    path("readings/<uuid:pk>/", views.reading, name="reading"),
    path("readings/<uuid:pk>/conflict/", views.recuse, name="recuse"),
    path("panel/<slug:slug>/", views.panel, name="panel"),
    path("panel/<slug:slug>/<slug:reference>/", views.panel_one, name="panel_one"),
    path("recordings/<slug:slug>/<int:pk>/sound/", views.sound, name="sound"),
    path(DESK, views.review, name="review"),
    path(f"{DESK}readers/", views.add_reader, name="add_reader"),
    path(f"{DESK}spread/", views.spread, name="spread"),
    path(f"{DESK}remind/", views.remind, name="remind"),
    path(f"{DESK}names/", views.names, name="names"),
    path(f"{DESK}names/<str:reference>/code/", views.new_code, name="new_code"),
    path(f"{DESK}shortlist/", views.shortlist, name="shortlist"),
    path(f"{DESK}shortlist/<slug:reference>/", views.decide, name="decide"),
]
