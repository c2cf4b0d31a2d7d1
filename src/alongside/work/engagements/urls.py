"""Pages of engagements, below /<program>/<lang>/."""

from django.urls import path

from alongside.work.engagements.views import corrections, drafts, public

app_name = "engagements"
DRAFT = "drafts/<slug:slug>/"
OPEN = "engagements/<slug:slug>/"
urlpatterns = [
    path("engagements/", public.open_list, name="open"),
    path(OPEN, public.engagement, name="engagement"),
    path(f"{OPEN}questions.xlsx", public.xlsform, name="xlsform"),
    path(f"{OPEN}paper/", public.paper, name="paper"),
    path(f"{OPEN}paper/stubs/", public.stubs, name="stubs"),
    path(f"{OPEN}in-person/", public.in_person, name="in_person"),
    path(f"{OPEN}in-person/kit.html", public.kit, name="kit"),
    path(f"{OPEN}in-person/worker.js", public.worker, name="worker"),
    path(f"{OPEN}correct/", corrections.correct, name="correct"),
    path(f"{OPEN}correct/<int:pk>/", corrections.sign_correction, name="sign_correction"),
    path(f"{OPEN}pause/", corrections.pause, name="pause"),
    path("drafts/", drafts.mine, name="mine"),
    path("drafts/new/", drafts.new, name="new"),
    path(DRAFT, drafts.draft, name="draft"),
    path(f"{DRAFT}throw-away/", drafts.throw_away, name="throw_away"),
    path(f"{DRAFT}decision/", drafts.decision, name="decision"),
    path(f"{DRAFT}before/", drafts.before, name="before"),
    path(f"{DRAFT}dates/", drafts.dates, name="dates"),
    path(f"{DRAFT}questions/", drafts.questions, name="questions"),
    path(f"{DRAFT}questions.xlsx", drafts.draft_xlsform, name="draft_xlsform"),
    path(f"{DRAFT}questions/file/", drafts.from_file, name="from_file"),
    path(f"{DRAFT}questions/new/", drafts.question, name="new_question"),
    path(f"{DRAFT}questions/<slug:question>/", drafts.question, name="question"),
    path(f"{DRAFT}words/", drafts.words, name="first_words"),
    path(f"{DRAFT}words/<slug:code>/", drafts.words, name="words"),
    path(f"{DRAFT}keys/", drafts.draft, name="keys"),
    path(f"{DRAFT}finish/", drafts.finish, name="finish"),
    path(f"{DRAFT}preview/", drafts.show_preview, name="preview"),
    path("signatures/", drafts.waiting, name="waiting"),
    path("signatures/<slug:slug>/", drafts.sign, name="sign"),
]
