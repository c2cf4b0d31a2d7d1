"""Leads write statements that people judge in the draft; they are signed, translated and promised with the questions."""

import pytest

from alongside.core.questions import STATEMENTS, parts_of
from alongside.core.refusals import Refused
from alongside.ground.programs.queries import pack_of
from alongside.work.engagements import actions
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import progress
from alongside.work.listening.forms import StatementsForm
from tests.work import cast
from tests.work.engagements.test_drafting import as_

pytestmark = pytest.mark.django_db
PAGE = "/riverbend/en/drafts/library-computers/statements/"
TWO = "The hall should open on Sundays.\n\nStaff may look when something breaks.\n"


@pytest.fixture
def draft():
    return cast.draft()


def write(client, words):
    return client.post(PAGE, {"statements": words, "draft": progress.draft_hash(Engagement.objects.get())})


def made_of(engagement, typed):
    data = {"statements": typed, "draft": progress.draft_hash(engagement)}
    form = StatementsForm(data, engagement=engagement, pack=pack_of(engagement.program), lang="en")
    assert form.is_valid(), form.errors
    return form.made()


def test_a_lead_writes_one_a_line_and_signatures_before_are_void(draft):
    client = as_(draft.first_lead.person)
    before = progress.draft_hash(draft.engagement)
    reply = write(client, TWO)
    assert reply.status_code == 302, reply.content.decode()
    now = Engagement.objects.get()

    assert [(one["id"], one["words"]["en"]) for one in now.form[STATEMENTS]] == [
        ("s1", "The hall should open on Sundays."),
        ("s2", "Staff may look when something breaks."),
    ]
    assert progress.draft_hash(now) != before
    assert (
        "The hall should open on Sundays."
        in client.get(PAGE.replace("statements", "questions")).content.decode()
    )


def test_a_statement_that_stays_keeps_its_number_and_its_other_languages(draft):
    told = [
        {"id": "s1", "words": {"en": "One.", "es": "Uno."}},
        {"id": "s2", "words": {"en": "Two.", "es": "Dos."}},
    ]
    made = actions.save_statements(engagement=draft.engagement, statements=told)

    assert made_of(made, "Two.\nThree.") == [told[1], {"id": "s3", "words": {"en": "Three."}}]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("The same.\nThe  same.", "Two of these read alike."),
        ("\n".join(f"Statement {n}." for n in range(61)), "60 statements at most"),
        ("x" * 201, "longer than 200 letters"),
        ("Are you a citizen of the United States?", "asks about"),
    ],
)
def test_what_cannot_be_judged_or_must_not_be_asked_is_refused_at_the_field(draft, typed, said):
    client = as_(draft.first_lead.person)
    reply = write(client, typed)

    assert (reply.status_code, said in reply.content.decode()) == (200, True)


def test_a_promise_opens_only_once_every_statement_has_words_in_every_language(draft):
    actions.save_statements(engagement=draft.engagement, statements=[{"id": "s1", "words": {"en": "One."}}])
    now = Engagement.objects.get()
    with pytest.raises(Refused, match="Statement s1 has no words in"):
        actions.sign(engagement=now, actor=draft.first_lead.public_id, now=draft.now)


def test_changing_the_questions_leaves_the_statements(draft):
    told = [{"id": "s1", "words": {"en": "One.", "es": "Uno."}}]
    made = actions.save_statements(engagement=draft.engagement, statements=told)
    made = actions.save_questions(engagement=made, questions=made.form["questions"][:1])

    assert made.form[STATEMENTS] == told
    assert actions.save_statements(engagement=made, statements=[]).form.keys() == {"v", "questions"}


@pytest.mark.parametrize(
    "told",
    [
        [],
        [{"id": "q1", "words": {"en": "One."}}],
        [{"id": "s1", "words": {"en": "One."}, "more": 1}],
        [{"id": "s1", "words": {}}],
    ],
)
def test_a_verifier_refuses_a_form_whose_statements_are_none(told):
    form = {"v": 1, "questions": [{"id": "q2", "kind": "text", "words": {"en": "What?"}}]}
    assert parts_of(form, ["en"]) == [["What?"]]
    with pytest.raises(ValueError, match="."):
        parts_of({**form, STATEMENTS: told}, ["en"])
