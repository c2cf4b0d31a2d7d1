"""Pages of engagements, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.engagements import views
from alongside.work.engagements import views as engagements_views

app_name = "engagements"
DRAFT = "drafts/<slug:slug>/"
OPEN = "engagements/<slug:slug>/"
urlpatterns = [
    path("engagements/", engagements_views.open_list, name="open"),
    path(OPEN, engagements_views.engagement, name="engagement"),
    path(f"{OPEN}paper/", engagements_views.paper, name="paper"),
    path(f"{OPEN}correct/", engagements_views.correct, name="correct"),
    path(f"{OPEN}correct/<int:pk>/", engagements_views.sign_correction, name="sign_correction"),
    path(f"{OPEN}pause/", engagements_views.pause, name="pause"),
    path("drafts/", engagements_views.mine, name="mine"),
    path("drafts/new/", engagements_views.new, name="new"),
    path(DRAFT, engagements_views.draft, name="draft"),
    path(f"{DRAFT}throw-away/", engagements_views.throw_away, name="throw_away"),
    path(f"{DRAFT}decision/", engagements_views.decision, name="decision"),
    path(f"{DRAFT}before/", views.before, name="before"),
    path(f"{DRAFT}dates/", engagements_views.dates, name="dates"),
    path(f"{DRAFT}questions/", engagements_views.questions, name="questions"),
    path(f"{DRAFT}questions/new/", engagements_views.question, name="new_question"),
    path(f"{DRAFT}questions/<slug:question>/", engagements_views.question, name="question"),
    path(f"{DRAFT}words/", engagements_views.words, name="first_words"),
    path(f"{DRAFT}words/<slug:code>/", engagements_views.words, name="words"),
    path(f"{DRAFT}keys/", engagements_views.keys, name="keys"),
    path(f"{DRAFT}finish/", engagements_views.finish, name="finish"),
    path(f"{DRAFT}preview/", engagements_views.show_preview, name="preview"),
    path("signatures/", engagements_views.waiting, name="waiting"),
    path("signatures/<slug:slug>/", engagements_views.sign, name="sign"),
]
