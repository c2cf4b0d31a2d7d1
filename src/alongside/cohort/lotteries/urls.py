"""Pages of lotteries and of the end of a selection, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.lotteries import views

app_name = "lotteries"
DESK = "steward/selection/<slug:slug>/"
urlpatterns = [
    path("calls/<slug:slug>/selection/", views.selection, name="selection"),
    path("calls/<slug:slug>/selection/drawing.json", views.drawing, name="drawing"),
    path("witness/<slug:slug>/", views.witness, name="witness"),
    path("witness/<slug:slug>/drawing.json", views.witness_file, name="witness_file"),
    path("witness/<slug:slug>/sheet.json", views.sheet, name="sheet_file"),
    path(f"{DESK}lottery/", views.lottery, name="lottery"),
    path(f"{DESK}lottery/panels/", views.panels, name="panels"),
    path(f"{DESK}lottery/witness/", views.add_witness, name="add_witness"),
    path(f"{DESK}close/", views.close, name="close"),
    path(f"{DESK}offers/", views.offers, name="offers"),
    path("steward/seats/ask/", views.ask_next, name="ask_next"),
]
