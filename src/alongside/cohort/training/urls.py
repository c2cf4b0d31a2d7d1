"""Pages of training, below /<program>/<lang>/."""

from django.urls import path

from alongside.cohort.training.views import learning, papers, steward, teaching

app_name = "training"
urlpatterns = [
    path("training/", learning.tracks, name="tracks"),
    path("training/mine/", learning.mine, name="mine"),
    path("training/lessons/<int:lesson>/", learning.lesson, name="lesson"),
    path("training/materials/<int:material>/", learning.material, name="material_download"),
    path("training/proof/<slug:token>/", papers.proof, name="proof"),
    path("training/papers/<int:completion>/", papers.papers, name="papers"),
    path("training/papers/<int:completion>/certificate/", papers.certificate, name="certificate"),
    path("training/papers/<int:completion>/proof/", papers.switch, name="switch"),
    path("training/papers/<int:completion>/ask-letter/", papers.ask_letter, name="ask_letter"),
    path("training/papers/<int:completion>/letter/", papers.letter, name="letter"),
    path("training/papers/<int:completion>/issue/", papers.issue, name="issue"),
    path("training/papers/<int:completion>/credential.json", papers.credential, name="credential_download"),
    path("steward/training/", steward.tracks, name="steward"),
    path("steward/training/letters/<int:letter>/", steward.letter, name="write_letter"),
    path("steward/training/courses/<int:course>/", steward.course, name="course"),
    path("steward/training/courses/<int:course>/offer/", steward.offer, name="offer"),
    path("steward/training/courses/<int:course>/words/", steward.words, name="words"),
    path("steward/training/courses/<int:course>/lessons/new/", teaching.new_lesson, name="new_lesson"),
    path(
        "steward/training/courses/<int:course>/lessons/<int:lesson>/",
        teaching.edit_lesson,
        name="edit_lesson",
    ),
    path("steward/training/courses/<int:course>/materials/new/", teaching.new_material, name="new_material"),
    path("steward/training/courses/<int:course>/sessions/new/", teaching.new_session, name="new_session"),
    path(
        "steward/training/courses/<int:course>/sessions/<int:session>/",
        teaching.attendance,
        name="attendance",
    ),
    path("steward/training/<slug:track>/words/", steward.track_words, name="track_words"),
    path("steward/training/<slug:track>/new/", steward.new_course, name="new_course"),
]
