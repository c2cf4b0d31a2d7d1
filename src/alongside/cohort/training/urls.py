"""Pages of training, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.training import views

app_name = "training"
urlpatterns = [
    path("training/", views.tracks, name="tracks"),
    path("training/mine/", views.mine, name="mine"),
    path("training/lessons/<int:lesson>/", views.lesson, name="lesson"),
    path("training/materials/<int:material>/", views.material, name="material_download"),
    path("training/proof/<slug:token>/", views.proof, name="proof"),
    path("training/papers/<int:completion>/", views.papers, name="papers"),
    path("training/papers/<int:completion>/certificate/", views.certificate, name="certificate"),
    path("training/papers/<int:completion>/proof/", views.switch, name="switch"),
    path("training/papers/<int:completion>/ask-letter/", views.ask_letter, name="ask_letter"),
    path("training/papers/<int:completion>/letter/", views.letter, name="letter"),
    path("training/papers/<int:completion>/issue/", views.issue, name="issue"),
    path(
        "training/papers/<int:completion>/credential.json",
        views.credential,
        name="credential_download",
    ),
    path("steward/training/", views.steward, name="steward"),
    path("steward/training/letters/<int:letter>/", views.write_letter, name="write_letter"),
    path("steward/training/courses/<int:course>/", views.course, name="course"),
    path("steward/training/courses/<int:course>/offer/", views.offer, name="offer"),
    path("steward/training/courses/<int:course>/words/", views.words, name="words"),
    path("steward/training/courses/<int:course>/lessons/new/", views.new_lesson, name="new_lesson"),
    path(
        "steward/training/courses/<int:course>/lessons/<int:lesson>/",
        views.edit_lesson,
        name="edit_lesson",
    ),
    path(
        "steward/training/courses/<int:course>/materials/new/",
        views.new_material,
        name="new_material",
    ),
    path("steward/training/courses/<int:course>/sessions/new/", views.new_session, name="new_session"),
    path(
        "steward/training/courses/<int:course>/sessions/<int:session>/",
        views.attendance,
        name="attendance",
    ),
    path("steward/training/<slug:track>/words/", views.track_words, name="track_words"),
    path("steward/training/<slug:track>/new/", views.new_course, name="new_course"),
]
