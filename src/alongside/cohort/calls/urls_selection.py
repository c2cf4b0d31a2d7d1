"""Pages of reviewing and selection, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.calls.models.inviting import HELPS, READER
from alongside.cohort.calls.views import (
    balancing,
    choosing,
    drawing,
    hearing,
    helping,
    readers,
    review_desk,
    selecting,
)

DESK = "steward/selection/<slug:slug>/"
urlpatterns = [
    path("calls/<slug:slug>/selection/", drawing.selection, name="selection"),
    path("calls/<slug:slug>/selection/drawing.json", drawing.drawing, name="drawing"),
    path("readings/", readers.readings, name="readings"),
    path("readings/<uuid:pk>/", readers.reading, name="reading"),
    path("readings/<uuid:pk>/conflict/", readers.recuse, name="recuse"),
    path("panel/<slug:slug>/", readers.panel, name="panel"),
    path("panel/<slug:slug>/<slug:reference>/", hearing.panel_one, name="panel_one"),
    path("recordings/<slug:slug>/", hearing.recordings, name="recordings"),
    path("recordings/<slug:slug>/<int:pk>/", hearing.write_down, name="write_down"),
    path("recordings/<slug:slug>/<int:pk>/sound/", hearing.sound, name="sound"),
    path("my-desk/", helping.desk, name="desk"),
    path(f"{DESK}helpers/", helping.helpers, name="helpers"),
    path(f"{DESK}helpers/<int:pk>/code/", choosing.code, {"roles": HELPS}, name="helper_code"),
    path(f"{DESK}helpers/<int:pk>/end/", helping.end_helper, name="end_helper"),
    path("witness/<slug:slug>/", drawing.witness, name="witness"),
    path("witness/<slug:slug>/drawing.json", drawing.witness_file, name="witness_file"),
    path("witness/<slug:slug>/sheet.json", balancing.sheet, name="sheet_file"),
    path(f"{DESK}lottery/panels/", balancing.panels, name="panels"),
    path(DESK, review_desk.review, name="review"),
    path(f"{DESK}readers/", review_desk.add_reader, name="add_reader"),
    path(f"{DESK}readers/<int:pk>/code/", choosing.code, {"roles": (READER,)}, name="reader_code"),
    path(f"{DESK}spread/", review_desk.spread, name="spread"),
    path(f"{DESK}assign/", review_desk.assign, name="assign"),
    path(f"{DESK}names/", review_desk.names, name="names"),
    path(f"{DESK}names/<str:reference>/code/", review_desk.new_code, name="new_code"),
    path(f"{DESK}shortlist/", selecting.shortlist, name="shortlist"),
    path(f"{DESK}shortlist/<slug:reference>/", selecting.decide, name="decide"),
    path(f"{DESK}lottery/", drawing.lottery, name="lottery"),
    path(f"{DESK}lottery/witness/", drawing.add_witness, name="add_witness"),
    path(f"{DESK}close/", selecting.close, name="close"),
    path(f"{DESK}offers/", selecting.offers, name="offers"),
]
