"""Pages of engagements, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.engagements.views import before, drafting, keeping, public, signing, writing

app_name = "engagements"
DRAFT = "drafts/<slug:slug>/"
OPEN = "engagements/<slug:slug>/"
urlpatterns = [
    path("engagements/", public.open_list, name="open"),
    path(OPEN, public.engagement, name="engagement"),
    path(f"{OPEN}paper/", public.paper, name="paper"),
    path(f"{OPEN}correct/", keeping.correct, name="correct"),
    path(f"{OPEN}correct/<int:pk>/", keeping.sign_correction, name="sign_correction"),
    path(f"{OPEN}pause/", keeping.pause, name="pause"),
    path("drafts/", drafting.mine, name="mine"),
    path("drafts/new/", drafting.new, name="new"),
    path(DRAFT, drafting.draft, name="draft"),
    path(f"{DRAFT}throw-away/", drafting.throw_away, name="throw_away"),
    path(f"{DRAFT}decision/", drafting.decision, name="decision"),
    path(f"{DRAFT}before/", before.before, name="before"),
    path(f"{DRAFT}dates/", drafting.dates, name="dates"),
    path(f"{DRAFT}questions/", writing.questions, name="questions"),
    path(f"{DRAFT}questions/new/", writing.question, name="new_question"),
    path(f"{DRAFT}questions/<slug:question>/", writing.question, name="question"),
    path(f"{DRAFT}words/", writing.words, name="first_words"),
    path(f"{DRAFT}words/<slug:code>/", writing.words, name="words"),
    path(f"{DRAFT}keys/", writing.keys, name="keys"),
    path(f"{DRAFT}finish/", signing.finish, name="finish"),
    path(f"{DRAFT}preview/", signing.preview, name="preview"),
    path("signatures/", signing.waiting, name="waiting"),
    path("signatures/<slug:slug>/", signing.sign, name="sign"),
]
