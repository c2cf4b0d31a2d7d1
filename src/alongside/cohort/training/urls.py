"""Pages of training, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.training import views
from alongside.cohort.training import views as training_views

app_name = "training"
urlpatterns = [
    path("training/", views.tracks, name="tracks"),
    path("training/mine/", views.mine, name="mine"),
    path("training/lessons/<int:lesson>/", views.lesson, name="lesson"),
    path("training/materials/<int:material>/", views.material, name="material_download"),
    path("training/proof/<slug:token>/", training_views.proof, name="proof"),
    path("training/papers/<int:completion>/", training_views.papers, name="papers"),
    path("training/papers/<int:completion>/certificate/", training_views.certificate, name="certificate"),
    path("training/papers/<int:completion>/proof/", training_views.switch, name="switch"),
    path("training/papers/<int:completion>/ask-letter/", training_views.ask_letter, name="ask_letter"),
    path("training/papers/<int:completion>/letter/", training_views.letter, name="letter"),
    path("training/papers/<int:completion>/issue/", training_views.issue, name="issue"),
    path(
        "training/papers/<int:completion>/credential.json",
        training_views.credential,
        name="credential_download",
    ),
    path("steward/training/", training_views.steward, name="steward"),
    path("steward/training/letters/<int:letter>/", training_views.write_letter, name="write_letter"),
    path("steward/training/courses/<int:course>/", training_views.course, name="course"),
    path("steward/training/courses/<int:course>/offer/", training_views.offer, name="offer"),
    path("steward/training/courses/<int:course>/words/", training_views.words, name="words"),
    path("steward/training/courses/<int:course>/lessons/new/", training_views.new_lesson, name="new_lesson"),
    path(
        "steward/training/courses/<int:course>/lessons/<int:lesson>/",
        training_views.edit_lesson,
        name="edit_lesson",
    ),
    path(
        "steward/training/courses/<int:course>/materials/new/",
        training_views.new_material,
        name="new_material",
    ),
    path(
        "steward/training/courses/<int:course>/sessions/new/", training_views.new_session, name="new_session"
    ),
    path(
        "steward/training/courses/<int:course>/sessions/<int:session>/",
        training_views.attendance,
        name="attendance",
    ),
    path("steward/training/<slug:track>/words/", training_views.track_words, name="track_words"),
    path("steward/training/<slug:track>/new/", training_views.new_course, name="new_course"),
]
