"""Pages of engagements, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.engagements import views

app_name = "engagements"
DRAFT = "drafts/<slug:slug>/"
OPEN = "engagements/<slug:slug>/"
urlpatterns = [
    path("engagements/", views.open_list, name="open"),
    path(OPEN, views.engagement, name="engagement"),
    path(f"{OPEN}questions.xlsx", views.xlsform, name="xlsform"),
    path(f"{OPEN}paper/", views.paper, name="paper"),
    path(f"{OPEN}paper/stubs/", views.stubs, name="stubs"),
    path(f"{OPEN}in-person/", views.in_person, name="in_person"),
    path(f"{OPEN}in-person/kit.html", views.kit, name="kit"),
    path(f"{OPEN}in-person/worker.js", views.worker, name="worker"),
    path(f"{OPEN}correct/", views.correct, name="correct"),
    path(f"{OPEN}correct/<int:pk>/", views.sign_correction, name="sign_correction"),
    path(f"{OPEN}pause/", views.pause, name="pause"),
    path("drafts/", views.mine, name="mine"),
    path("drafts/new/", views.new, name="new"),
    path(DRAFT, views.draft, name="draft"),
    path(f"{DRAFT}throw-away/", views.throw_away, name="throw_away"),
    path(f"{DRAFT}decision/", views.decision, name="decision"),
    path(f"{DRAFT}before/", views.before, name="before"),
    path(f"{DRAFT}dates/", views.dates, name="dates"),
    path(f"{DRAFT}questions/", views.questions, name="questions"),
    path(f"{DRAFT}questions.xlsx", views.draft_xlsform, name="draft_xlsform"),
    path(f"{DRAFT}questions/file/", views.from_file, name="from_file"),
    path(f"{DRAFT}questions/new/", views.question, name="new_question"),
    path(f"{DRAFT}questions/<slug:question>/", views.question, name="question"),
    path(f"{DRAFT}words/", views.words, name="first_words"),
    path(f"{DRAFT}words/<slug:code>/", views.words, name="words"),
    path(f"{DRAFT}keys/", views.draft, name="keys"),
    path(f"{DRAFT}finish/", views.finish, name="finish"),
    path(f"{DRAFT}preview/", views.show_preview, name="preview"),
    path("signatures/", views.waiting, name="waiting"),
    path("signatures/<slug:slug>/", views.sign, name="sign"),
]
