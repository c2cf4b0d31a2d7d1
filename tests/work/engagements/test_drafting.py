"""Leads plan an engagement from its room; both sides sign the same draft; then its promise is frozen."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.core.clocks import latest_kept, plus_months
from alongside.core.policy.linter import lint_question
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Post
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import LogEntry
from alongside.work.engagements import actions, asking, forms, steps
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts
from alongside.work.engagements.queries.progress import draft_hash
from tests.support.pages import CheckingClient
from tests.work import cast

BASE = "/riverbend/en/drafts/"
DRAFT = f"{BASE}library-computers/"
ROOM = "/riverbend/en/engagements/library-computers/room/"
SIGN = "/riverbend/en/signatures/library-computers/"
PUBLIC = "/riverbend/en/engagements/library-computers/"


@pytest.fixture
def thread(db):
    return cast.draft()


def as_(person) -> CheckingClient:
    client = CheckingClient()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def lead(thread) -> CheckingClient:
    return as_(thread.first_lead.person)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def now(thread) -> Engagement:
    return Engagement.objects.get(pk=thread.engagement.pk)


def typed(thread, **more) -> dict:
    """Give what a form sends: what was typed, and the draft it was opened on."""
    return {"draft": draft_hash(now(thread)), **more}


def asked_now(thread, **more) -> dict:
    """Give what the page of the questions sends: their first words as they stand."""
    asked = {f"{one['id']}-words": one["words"]["en"] for one in now(thread).form["questions"]}
    return typed(thread, **asked | more)


def question(thread, **more) -> dict:
    return typed(thread, **({"kind": "text", "words": "What should change?"} | more))


def test_a_lead_plans_an_engagement_and_opens_it(db):
    thread = cast.program()
    ana, boss = lead(thread), as_(thread.boss)
    first = {
        "lang": "en",
        "also": ["es"],
        "title": "Where should the new ramp go?",
        "partner": thread.manager.public_id,
        "point": "",
        "decision": "Where the ramp is built",
        "can_change": "The street\nThe side",
        "cannot_change": "That it is built this year.",
        "level": "iap2/involve",
    }
    begun = ana.post(f"{BASE}new/", first).url
    thread.engagement = Engagement.objects.get()
    here = f"{BASE}{thread.engagement.slug}/"
    assert begun == f"{here}questions/"
    room = f"/riverbend/en/engagements/{thread.engagement.slug}/room/"
    day = thread.now.date()
    dates = {
        "closes": day + timedelta(days=20),
        "answer_by": day + timedelta(days=60),
        "report_back": day + timedelta(days=70),
        "retention": "voices",
        "voices_kept_until": day + timedelta(days=400),
        "cap": 5000,
    }
    saved = ana.post(f"{here}dates/", typed(thread, **dates)).url
    assert saved == f"{room}?done=kept"  # not on to what else lacks: the words may be with another lead
    assert "Your draft is kept." in text_of(ana.get(saved))
    asked = {"n1-kind": "one", "n1-words": "Which side?", "n1-options": "North\nSouth\n", "n2-kind": "text"}
    assert ana.post(f"{here}questions/", typed(thread, **asked)).url == f"{here}words/es/"
    english = {f"text-{name}": f"{name} in English" for name in cast.WORDS["en"]}
    empty = text_of(ana.get(ana.post(f"{here}words/en/", typed(thread)).url))
    assert "Your draft is kept." in empty
    assert "fields are still empty in English." in empty
    assert "another lead can" not in empty  # the first words are whose draft it is
    week = text_of(ana.get("/riverbend/en/week/"))
    assert "Words are missing in: English, Spanish." in week
    assert "last day to speak is over" not in week
    assert ana.post(f"{here}words/en/", typed(thread, **english)).url == f"{here}words/es/?done=kept"
    spanish = {f"text-{name}": f"{name} en español" for name in cast.WORDS["en"]}
    spanish |= {"q1-words": "¿De qué lado?", "q1-option-a1": "Norte", "q1-option-a2": "Sur"}
    assert ana.post(f"{here}words/es/", typed(thread, **spanish)).url == f"{room}?done=kept"
    assert "Make its key" in text_of(ana.get(room))
    thread.make_keys()
    assert "Two leads opened a test voice." in text_of(ana.get(room))
    assert ana.post(f"{here}finish/", typed(thread, sign=1)).url == f"{room}?done=signed"
    assert "Freeze the promise" not in text_of(ana.get(room))
    Person.objects.filter(pk=thread.first_lead.person_id).update(known_as="Ana Vale")
    too_early = ana.post(f"{here}finish/", typed(thread, open=1))
    for page in (ana.get(room), too_early):  # a lead has one name on both
        assert "The draft as it stands is signed by Ana Vale (lead)." in text_of(page)
    made = LogEntry.objects.get(kind="key.made")
    assert made.subject == thread.engagement.slug
    assert "ramp" not in made.subject
    signing = f"/riverbend/en/signatures/{thread.engagement.slug}/"
    assert boss.post(signing, typed(thread)).url == f"{signing}?done=signed"
    opened = ana.post(f"{here}finish/", typed(thread, open=1))

    assert opened.url == f"/riverbend/en/engagements/{thread.engagement.slug}/?done=opened"
    page = text_of(CheckingClient().get(opened.url.replace("/en/", "/es/")))
    assert "¿De qué lado?" in page
    assert "can_change en español" in page


def test_without_an_office_nobody_is_promised_a_hand_in_the_decision(db):
    thread = cast.program()
    first = {
        "lang": "en",
        "title": "Where should the new ramp go?",
        "partner": "nobody",
        "point": "",
        "decision": "Where the ramp is built",
        "can_change": "The street",
        "cannot_change": "That it is built this year.",
    }
    refused = "Only an office can promise this. Choose an office, or a lower level."

    for level in ("iap2/collaborate", "iap2/empower", "ownership/collaborate"):
        assert refused in text_of(lead(thread).post(f"{BASE}new/", {**first, "level": level}))
    unsaid = lead(thread).post(f"{BASE}new/", {**first, "partner": "", "level": "iap2/involve"})
    assert "Choose the office that answers, or that none does." in text_of(unsaid)
    assert not Engagement.objects.exists()
    offered = text_of(lead(thread).get(f"{BASE}new/"))
    assert offered.count("(only with an office)") == 3

    lead(thread).post(f"{BASE}new/", {**first, "level": "iap2/involve"})
    shown = text_of(lead(thread).get(f"{BASE}{Engagement.objects.get().slug}/preview/"))
    assert "The City works with people" not in shown


def test_a_draft_without_an_office_is_signed_by_nobody_where_its_level_needs_one(db):
    thread = cast.draft(cast.program(), community=True)
    actions.save_draft(engagement=thread.engagement, changes={"level": "collaborate"})

    with pytest.raises(Refused, match="Only an office can promise this"):
        actions.sign(engagement=now(thread), actor=thread.first_lead.public_id, now=thread.now)


def test_where_nobody_can_sign_for_a_bureau_the_form_and_the_room_say_so_before(thread):
    alone = f"{pack_of(thread.program).office_title(thread.manager.public_id, 'en')} (nobody can sign for it today)"
    told = "Nobody can sign for Libraries and Halls Unit today."
    pages = (f"{DRAFT}decision/", ROOM)
    before = [text_of(lead(thread).get(page)) for page in pages]
    Post.objects.filter(person=thread.boss).update(until_date=thread.now.date())
    after = [text_of(lead(thread).get(page)) for page in pages]

    assert [alone in before[0], told in before[1]] == [False, False]
    assert [alone in after[0], told in after[1]] == [True, True]


def test_who_reads_a_step_that_is_not_theirs_is_not_told_that_it_is(thread):
    lead(thread).post(f"{DRAFT}finish/", typed(thread, sign=1))
    shown = {
        who: text_of(as_(person).get(ROOM))
        for who, person in (("lead", thread.first_lead.person), ("boss", thread.boss))
    }

    assert {who for who, text in shown.items() if "It binds your bureau" in text} == {"boss"}
    assert {
        who for who, text in shown.items() if "It binds the bureau when its manager signs too." in text
    } == {"lead"}


def test_a_draft_without_a_decision_warns_that_nobody_is_named_who_decides(thread):
    warns = "Choose the decision it is about."
    assert warns not in text_of(lead(thread).get(ROOM))
    Engagement.objects.filter(pk=thread.engagement.pk).update(decision=None)
    assert warns in text_of(lead(thread).get(ROOM))


def test_the_preview_begins_with_the_first_line_of_what_can_change_and_counts_the_others(thread):
    words = now(thread).words
    words["en"]["can_change"] = "The street\nThe side"
    Engagement.objects.filter(pk=thread.engagement.pk).update(words=words)
    assert "The street and one more" in text_of(lead(thread).get(f"{DRAFT}preview/"))


@pytest.mark.parametrize(
    "words",
    [
        "Where were you born?",
        "Are you a citizen?",
        "¿En qué país nació usted?",
        "Bạn sinh ra ở đâu?",
        "أين ولدت؟",
    ],
)
def test_a_forbidden_question_is_refused_at_the_question_with_topic_law_and_reason(thread, words):
    response = lead(thread).post(f"{DRAFT}questions/new/", question(thread, words=words))

    html = response.content.decode()
    assert response.status_code == 200
    assert "This asks about:" in html
    assert "The rule: The program&#x27;s charter, part" in html
    assert words in html
    assert 'href="#id_words"' in html
    assert len(now(thread).form["questions"]) == 4


@pytest.mark.parametrize("field", ["hint", "options"])
def test_a_forbidden_hint_or_answer_is_refused_too(thread, field):
    sent = question(thread, kind="one", words="Which?", options="A\nB")
    sent[field] = "Where were you born?\nB"

    assert "This asks about:" in lead(thread).post(f"{DRAFT}questions/new/", sent).content.decode()
    assert len(now(thread).form["questions"]) == 4


@pytest.mark.parametrize("options", ["Citizen\nNot a citizen", "Yes\nNo\ncitizen"])
def test_an_answer_that_is_forbidden_by_itself_is_refused_at_its_field(thread, options):
    sent = question(thread, kind="one", words="What are you?", options=options)

    html = lead(thread).post(f"{DRAFT}questions/new/", sent).content.decode()

    assert ("This asks about:" in html, 'href="#id_options"' in html) == (True, True)
    assert len(now(thread).form["questions"]) == 4


def test_the_same_answer_twice_is_one_answer_and_no_choice(thread):
    sent = question(thread, kind="one", words="Which side?", options="Left\nLeft")

    assert "Write 2 to 20 answers" in lead(thread).post(f"{DRAFT}questions/new/", sent).content.decode()
    assert len(now(thread).form["questions"]) == 4


def test_a_question_that_the_pack_forbids_since_it_was_written_is_told_and_not_lost(thread, monkeypatch):
    monkeypatch.setattr(actions, "lint_question", lambda _, pack: lint_question("Are you a citizen?", pack))

    html = lead(thread).post(f"{DRAFT}questions/new/", question(thread, words="Since when?")).content.decode()

    assert "take it out or ask otherwise" in html
    assert "Since when?" in html


@pytest.mark.parametrize(
    ("page", "field", "words"),
    [("decision/", "title", "Are you a citizen?"), ("words/es/", "text-title", "¿En qué país nació usted?")],
)
def test_a_title_that_is_forbidden_is_refused_like_a_question(thread, page, field, words):
    before = now(thread).words
    sent = lead(thread).get(f"{DRAFT}{page}").context["form"].initial

    html = lead(thread).post(f"{DRAFT}{page}", {**typed(thread), **sent, field: words}).content.decode()

    assert "This asks about:" in html
    assert now(thread).words == before


def test_a_forbidden_translation_is_refused(thread):
    sent = typed(thread, **{"q1-words": "¿En qué país nació usted?"})

    assert "This asks about:" in lead(thread).post(f"{DRAFT}words/es/", sent).content.decode()


def test_a_question_that_is_forbidden_only_with_its_hint_is_refused_too(thread):
    parts = {"words": "In which country", "hint": "were you born, and when did you come?"}

    html = lead(thread).post(f"{DRAFT}questions/new/", question(thread, **parts)).content.decode()

    assert ("This question asks about" in html, parts["hint"] in html) == (True, True)
    assert len(now(thread).form["questions"]) == 4


def test_no_action_takes_a_forbidden_question_by_another_door(thread):
    forbidden = {"v": 1, "questions": [{"id": "q1", "kind": "text", "words": {"en": "Are you a citizen?"}}]}

    with pytest.raises(Refused, match="This question asks about"):
        actions.save_draft(engagement=thread.engagement, changes={"form": forbidden})
    titled = {**thread.engagement.words, "en": {"title": "Are you a citizen?"}}
    with pytest.raises(Refused, match="This question asks about"):
        actions.save_draft(engagement=thread.engagement, changes={"words": titled})
    Engagement.objects.filter(pk=thread.engagement.pk).update(form=forbidden)
    with pytest.raises(Refused, match="This question asks about"):
        actions.sign(engagement=now(thread), actor=thread.first_lead.public_id, now=thread.now)


def test_what_was_typed_comes_back_with_the_problem(thread):
    sent = question(thread, kind="one", words="Which of these?", options="Only this one")

    html = lead(thread).post(f"{DRAFT}questions/new/", sent).content.decode()

    assert "Write 2 to 20 answers, one on each line." in html
    assert "Only this one" in html
    assert html.index("<title>Problem: ") > 0


def test_dates_out_of_order_are_refused_with_their_cure(thread):
    day = thread.now.date()
    dates = {
        "closes": day - timedelta(days=1),
        "answer_by": day - timedelta(days=2),
        "report_back": day - timedelta(days=3),
        "retention": "surveys",
        "cap": 5000,
    }

    text = text_of(lead(thread).post(f"{DRAFT}dates/", typed(thread, **dates)))

    assert "This day has passed; choose today or a later day." in text
    assert "The bureau answers after people spoke; choose a later day." in text
    assert "People hear back after they spoke; choose a later day." in text


@pytest.mark.parametrize(("retention", "years"), [("surveys", 2), ("projects", 10)])
def test_a_rule_that_says_for_how_many_years_gives_the_day_to_which_voices_are_kept(thread, retention, years):
    day = thread.now.date()
    dates = {
        "closes": day + timedelta(days=20),
        "answer_by": day + timedelta(days=60),
        "report_back": day + timedelta(days=70),
        "retention": retention,
        "cap": 5000,
    }

    assert lead(thread).post(f"{DRAFT}dates/", typed(thread, **dates)).status_code == 302

    counted = plus_months(dates["report_back"], 12 * years)
    assert now(thread).voices_kept_until == min(counted, latest_kept(day))


def test_a_question_with_two_answers_of_one_name_is_signed_by_nobody(thread):
    form = now(thread).form
    first = next(one for one in form["questions"] if one.get("options"))
    first["options"][1]["id"] = first["options"][0]["id"]
    actions.save_draft(engagement=thread.engagement, changes={"form": form})

    with pytest.raises(Refused, match="A question of this draft is damaged"):
        actions.refuse_if_incomplete(now(thread))


ALIKE = "Two of these read alike."


def test_two_answers_that_read_alike_are_refused_where_they_are_written(thread):
    client = lead(thread)
    first = question(thread, kind="one", words="Shall it close?", options="Yes\nyes.\nNo")
    ends = question(thread, kind="scale", words="How safe is it?", low="Safe", high="safe")
    spanish = {f"text-{name}": words for name, words in now(thread).words["es"].items()}
    for one in now(thread).form["questions"]:
        spanish |= {f"{one['id']}-{key}": part["es"] for key, part in asking.parts_of(one).items()}
    alike = spanish | {"q1-option-weekly": "no"}
    as_the_page = spanish | {"q1-option-no": "Prefiero no decirlo"}

    pages = [
        client.post(f"{DRAFT}questions/new/", first),
        client.post(f"{DRAFT}questions/new/", ends),
        client.post(f"{DRAFT}words/es/", typed(thread, **alike)),
        client.post(f"{DRAFT}words/es/", typed(thread, **as_the_page)),
    ]

    assert [(one.status_code, ALIKE in one.content.decode()) for one in pages] == [(200, True)] * 4
    assert client.post(f"{DRAFT}words/es/", typed(thread, **spanish)).status_code == 302


def test_a_draft_of_which_two_answers_read_alike_is_signed_by_nobody(thread):
    form = now(thread).form
    form["questions"][0]["options"][0]["words"]["es"] = "no"
    actions.save_draft(engagement=thread.engagement, changes={"form": form})

    with pytest.raises(Refused, match="Two answers of question q1, .* read alike in Spanish"):
        actions.refuse_if_incomplete(now(thread))


def test_people_are_asked_in_no_language_that_was_taken_out_of_the_draft(thread):
    actions.save_draft(engagement=now(thread), changes={"languages": ["en"]})
    draft = now(thread)

    asked = drafts.asked_of(draft)

    said = [part for one in asked["questions"] for part in asking.parts_of(one).values()]
    assert {lang for part in said for lang in part} == {"en"}
    shown = {lang for one in draft.form["questions"] for lang in one["words"]}
    assert shown == {"en", "es"}  # what was written is kept, should the language come back


def test_two_leads_do_not_overwrite_each_other(thread):
    opened_on = question(thread, words="Mine?")
    actions.save_draft(engagement=thread.engagement, changes={"cap": 77})

    response = lead(thread).post(f"{DRAFT}questions/new/", opened_on)

    assert "Someone changed this draft while this page was open." in text_of(response)
    assert "Mine?" in response.content.decode()
    assert len(now(thread).form["questions"]) == 4
    again = re.search(r'name="draft" value="([0-9a-f]{64})"', response.content.decode())[1]
    assert lead(thread).post(f"{DRAFT}questions/new/", {**opened_on, "draft": again}).status_code == 302
    assert len(now(thread).form["questions"]) == 5


def test_an_edit_makes_every_signature_void(thread):
    ana = lead(thread)
    ana.post(f"{DRAFT}finish/", typed(thread, sign=1))
    as_(thread.boss).post(SIGN, typed(thread))
    assert "signed the draft as it stands." in text_of(ana.get(ROOM))

    actions.save_draft(engagement=now(thread), changes={"cap": 88})

    text = text_of(ana.get(ROOM))
    assert "No lead has signed the draft as it stands." in text
    assert "has not signed the draft as it stands." in text


def test_a_signature_stands_for_what_was_read(thread):
    read = typed(thread)
    actions.save_draft(engagement=thread.engagement, changes={"cap": 99})

    refused = as_(thread.boss).post(SIGN, read)
    assert (refused.status_code, "Read it again, then sign." in text_of(refused)) == (200, True)
    assert now(thread).signatures.count() == 0


def test_whoever_signs_reads_before_it_all_words_in_every_language(thread):
    words = now(thread).words
    words["es"]["can_change"] = "El Ayuntamiento hará lo que ustedes decidan."
    Engagement.objects.filter(pk=thread.engagement.pk).update(words=words)
    for reader, page in ((thread.boss, SIGN), (thread.first_lead.person, ROOM)):
        shown = as_(reader).get(page).content.decode()
        assert words["es"]["can_change"] in shown
        assert now(thread).form["questions"][0]["words"]["es"] in html.unescape(shown)
        assert shown.index(words["es"]["can_change"]) < shown.rindex('class="button"')


def test_staff_can_read_and_only_who_signs_for_the_unit_can_sign(thread):
    staff = as_(thread.staff)

    assert "Only the one who signs for your bureau can sign." in text_of(staff.get(SIGN))
    staff.post(SIGN, typed(thread))
    assert now(thread).signatures.count() == 0
    as_(thread.boss).post(SIGN, typed(thread))
    assert [one.actor for one in now(thread).signatures.all()] == [thread.manager.public_id]


@pytest.mark.parametrize(
    "page", ["", "decision/", "dates/", "questions/", "questions/new/", "words/", "keys/", "finish/"]
)
def test_only_leads_write_a_draft(thread, page):
    shown = lead(thread).get(f"{DRAFT}{page}")
    assert shown.status_code == 200 or shown.url == ROOM
    for who in (thread.staff, thread.boss, thread.steward):
        assert as_(who).get(f"{DRAFT}{page}").status_code == 403
    assert CheckingClient().get(f"{DRAFT}{page}").status_code in {302, 403}


def test_a_draft_of_a_community_engagement_is_for_leads_alone(db):
    thread = cast.draft(cast.program(), community=True)

    assert lead(thread).get(f"{DRAFT}preview/").status_code == 200
    assert as_(thread.boss).get(SIGN).status_code == 404
    assert as_(thread.staff).get(f"{DRAFT}preview/").status_code == 404
    with pytest.raises(Refused, match="This promise is not your bureau's"):
        actions.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)


def test_the_preview_is_the_page_that_residents_will_see(thread):
    shown = text_of(lead(thread).get(f"{DRAFT}preview/"))

    for words in (
        "How long records are kept",
        "1. Do you use computers",
        "Send so only leads can read it",
        "This is a preview.",
    ):
        assert words in shown
    assert "<seal-voice" not in lead(thread).get(f"{DRAFT}preview/").content.decode()


@pytest.mark.parametrize(
    "page", ["decision/", "dates/", "questions/", "questions/new/", "words/en/", "finish/"]
)
def test_no_form_edits_a_promise_that_is_frozen(thread, page):
    thread.make_keys().open()
    before = thread.entries()

    response = lead(thread).post(f"{DRAFT}{page}", typed(thread, title="Other words", words="Other?", cap=50))

    assert response.status_code == 409
    assert thread.entries() == before
    assert now(thread).words == cast.WORDS
    with pytest.raises(Refused, match="This engagement is open and its promise is frozen"):
        actions.save_draft(engagement=now(thread), changes={"words": {}})


def test_a_draft_leads_to_its_room_before_it_is_open_and_after(thread):
    assert lead(thread).get(DRAFT).url == ROOM
    thread.make_keys().open()

    assert lead(thread).get(DRAFT).url == ROOM
    assert f'href="{PUBLIC}"' in lead(thread).get(ROOM).content.decode()


def test_moving_and_taking_out_questions(thread):
    ana = lead(thread)
    ana.post(f"{DRAFT}questions/", asked_now(thread, move="q3"))
    ana.post(f"{DRAFT}questions/", asked_now(thread, drop="q1"))

    assert [one["id"] for one in now(thread).form["questions"]] == ["q3", "q2", "q4"]


@pytest.mark.parametrize(
    ("pressed", "there"),
    [
        ({}, ROOM),
        ({"move": "q3"}, f"{DRAFT}questions/"),
        ({"drop": "q1"}, f"{DRAFT}questions/"),
        ({"pass": "1"}, f"{DRAFT}questions/"),
        ({"change": "q1"}, f"{DRAFT}questions/q1/"),
        ({"more": "1"}, f"{DRAFT}questions/new/"),
    ],
)
def test_every_button_of_the_questions_saves_what_was_typed_first(thread, pressed, there):
    sent = asked_now(thread, **pressed, **{"q2-words": "What should change?"})

    went = lead(thread).post(f"{DRAFT}questions/", sent)

    said = {one["id"]: one["words"] for one in now(thread).form["questions"]}
    assert (went.url, said["q2"]) == (there, {"en": "What should change?"})


def test_a_question_that_is_taken_out_need_not_be_written_well(thread):
    ana = lead(thread)
    refused = ana.post(f"{DRAFT}questions/", asked_now(thread, **{"q1-words": "Where were you born?"}))
    assert "This asks about:" in refused.content.decode()
    for words in ("", "Where were you born?"):
        assert (
            ana.post(f"{DRAFT}questions/", asked_now(thread, drop="q2", **{"q1-words": words})).status_code
            == 200
        )
    gone = ana.post(f"{DRAFT}questions/", asked_now(thread, drop="q1", **{"q1-words": ""}))

    assert gone.status_code == 302
    assert "q1" not in {one["id"] for one in now(thread).form["questions"]}


def test_words_that_are_left_to_another_lead_are_asked_of_any_and_the_lead_goes_on_with_the_key(thread):
    ana, ben = lead(thread), as_(thread.second_lead.person)
    turn_the_promise_round(thread, ana)
    page = text_of(ana.get(f"{DRAFT}words/es/"))
    assert "Leave it for another lead" in page
    went = ana.post(f"{DRAFT}questions/", asked_now(thread, **{"q2-words": "What should change?"})).url
    went_on = ana.post(f"{DRAFT}words/en/", typed(thread, **english_now(thread))).url.partition("?")[0]

    nexts = text_of(ana.get(ROOM)).partition(" Next ")[2].partition(" The draft ")[0]
    weeks = [text_of(one.get("/riverbend/en/week/")) for one in (ana, ben)]
    assert (went, went_on) == (ROOM, f"{DRAFT}words/es/")
    assert "Write the Spanish words Any lead who writes Spanish · Then it can be signed." in nexts
    assert "Make its key You · " in nexts
    assert [("Write the Spanish words: " in one, "Finish the draft: " in one) for one in weeks] == [
        (True, False),
        (True, False),
    ]


def test_a_language_is_dropped_where_its_words_are_asked_for(thread):
    ana = lead(thread)
    assert "Do not offer Español" in text_of(ana.get(f"{DRAFT}words/es/"))
    assert "Do not offer" not in text_of(ana.get(f"{DRAFT}words/en/"))

    ana.post(f"{DRAFT}words/en/", typed(thread, **english_now(thread), drop="1"))
    assert now(thread).languages == ["en", "es"]
    assert ana.post(f"{DRAFT}words/es/", typed(thread, drop="1")).url == ROOM
    assert now(thread).languages == ["en"]


def test_a_lead_who_signs_before_the_key_is_made_comes_to_the_reader_to_make_it(thread):
    ana, ben = lead(thread), as_(thread.second_lead.person)
    reader = "/riverbend/en/reader/library-computers/"
    assert (
        ben.post(f"{DRAFT}finish/", typed(thread, sign=1)).url == f"{ROOM}?done=signed"
    )  # it is Ana's to make
    assert ana.post(f"{DRAFT}finish/", typed(thread, sign=1)).url == f"{reader}?done=signed"
    thread.make_keys()
    assert ana.post(f"{DRAFT}finish/", typed(thread, sign=1)).url == f"{ROOM}?done=signed"


def test_a_changed_question_keeps_the_words_of_other_languages_that_still_fit(thread):
    sent = question(thread, kind="one", words="Do you use them?", options="Yes, sometimes\nNever")

    lead(thread).post(f"{DRAFT}questions/q1/", sent)

    kept = now(thread).form["questions"][0]
    assert kept["words"] == {"en": "Do you use them?"}
    assert kept["options"] == [cast.QUESTIONS[0]["options"][1], {"id": "a1", "words": {"en": "Never"}}]


@pytest.mark.parametrize("field", ["q1-words", "text-cannot_change"])
def test_words_beside_first_words_that_changed_are_missing_until_somebody_saves_them_anew(thread, field):
    ana = lead(thread)
    spanish = asking.parts_by_field(now(thread).words, now(thread).form)[field]["es"]
    turn_the_question_round(thread, ana) if field == "q1-words" else turn_the_promise_round(thread, ana)

    lacking = [(one.lang, one.question or one.names[0]) for one in drafts.gaps(now(thread))]
    with pytest.raises(Refused, match=r"has no words in Spanish; write it or drop the language"):
        actions.sign(engagement=now(thread), actor=thread.first_lead.public_id, now=thread.now)
    page = " ".join(ana.get(f"{DRAFT}words/es/").content.decode().split())
    write_spanish(thread, ana)

    assert lacking == [("es", field.removeprefix("text-").removesuffix("-words"))]
    assert page.count("The first words changed since this was written.") == 1
    assert html.escape(spanish) in page
    assert drafts.gaps(now(thread)) == []
    assert asking.parts_by_field(now(thread).words, now(thread).form)[field]["es"] == spanish


def write_spanish(thread, client, **more):
    """Send the page of Spanish words as it stands."""
    sent = forms.initial_words(now(thread), "es", {}) | more
    client.post(
        f"{DRAFT}words/es/", typed(thread, **{name: said for name, said in sent.items() if said is not False})
    )


def check_spanish(thread, client):
    """Send it ticked by somebody who speaks it."""
    write_spanish(thread, client, checked="on")


def turn_the_question_round(thread, client):
    options = "\n".join(one["words"]["en"] for one in now(thread).form["questions"][0]["options"])
    sent = question(thread, kind="one", words="Do you never use them?", options=options)
    client.post(f"{DRAFT}questions/q1/", sent)


def english_now(thread):
    """Give the first words of the promise as their page holds them."""
    return {f"text-{name}": words for name, words in now(thread).words["en"].items()}


def turn_the_promise_round(thread, client):
    client.post(
        f"{DRAFT}words/en/", typed(thread, **english_now(thread) | {"text-cannot_change": "That it ends."})
    )


def add_a_question(thread, client):
    client.post(f"{DRAFT}questions/new/", question(thread, words="What else?"))


@pytest.mark.parametrize("change", [turn_the_question_round, turn_the_promise_round, add_a_question])
def test_a_persons_check_of_a_language_ends_where_the_first_words_change(thread, change):
    ana, ben = lead(thread), as_(thread.second_lead.person)
    check_spanish(thread, ana)
    before = drafts.is_checked(now(thread), "es")
    change(thread, ben)

    page = ana.get(f"{DRAFT}words/es/").content.decode()

    assert (before, drafts.is_checked(now(thread), "es")) == (True, False)
    assert "The first words changed since a person checked these." in page
    assert 'name="checked" checked' not in " ".join(page.split())
    check_spanish(thread, ana)
    assert drafts.is_checked(now(thread), "es")


def test_a_check_of_a_language_outlives_an_order_and_a_day(thread):
    ana = lead(thread)
    check_spanish(thread, ana)

    ana.post(f"{DRAFT}questions/", asked_now(thread, move=now(thread).form["questions"][1]["id"]))
    actions.save_draft(engagement=now(thread), changes={"closes": thread.now.date() + timedelta(days=9)})

    assert drafts.is_checked(now(thread), "es")


@pytest.mark.parametrize(("changes", "told"), [(False, (True, "person")), (True, (False, "machine"))])
def test_the_record_says_who_read_a_language_beside_the_words_that_are_frozen(thread, changes, told):
    check_spanish(thread, lead(thread))
    if changes:
        turn_the_promise_round(thread, lead(thread))
        write_spanish(thread, lead(thread))
    thread.engagement.refresh_from_db()
    thread.make_keys().open()

    said = [one["data"] for one in map(json.loads, thread.entries()) if one["kind"] == "text.translated"]

    assert (said[-1]["reviewed"], said[-1]["made_by"]) == told


def test_a_question_that_nobody_wrote_is_no_problem_beside_one_that_is_refused(thread):
    actions.save_questions(engagement=thread.engagement, questions=[])
    sent = typed(thread, **{"n1-kind": "text", "n1-words": "Are you a citizen?", "n2-kind": "text"})

    html = lead(thread).post(f"{DRAFT}questions/", sent).content.decode()

    assert "This asks about:" in html
    assert "Fill in" not in html
    assert '<details class="folded" open>' not in html
    assert lead(thread).post(f"{DRAFT}questions/", typed(thread)).status_code == 200  # at least one
    assert now(thread).form["questions"] == []


def test_a_hard_question_says_its_grade(thread):
    words = "Considering administrative consolidation possibilities, which organizational alternatives are preferable?"
    lead(thread).post(f"{DRAFT}questions/new/", question(thread, words=words))

    assert "This reads like school grade" in text_of(lead(thread).get(f"{DRAFT}questions/"))


def test_a_question_that_asks_two_things_or_leads_says_so_in_each_of_its_languages(thread):
    asked = {
        "id": "q1",
        "kind": "text",
        "words": {"en": "What do you see, and who is missing?", "es": "¿No cree que falta alguien?"},
    }
    actions.save_questions(engagement=thread.engagement, questions=[asked])

    page = text_of(lead(thread).get(f"{DRAFT}questions/"))

    assert page.count("This may ask two things at once.") == 1
    assert page.count("Español: This may put an answer into people’s mouths.") == 1


@pytest.mark.parametrize(
    ("who", "path", "expected"),
    [("lead", BASE, (9, 9)), ("boss", "/riverbend/en/signatures/", (8, 8))],
)
def test_the_list_of_three_takes_as_many_queries_as_the_list_of_one(thread, who, path, expected):
    client = lead(thread) if who == "lead" else as_(thread.boss)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    queries()
    one = queries()
    cast.draft(thread, "halls")
    cast.draft(thread, "signs")

    assert (one, queries()) == expected
    assert text_of(client.get(path)).count("What should library computers remember") == 3


def test_where_the_rule_leaves_it_open_the_promise_names_the_day_to_which_voices_are_kept(thread):
    day = thread.now.date()
    dates = {"closes": day, "answer_by": day, "report_back": day, "retention": "voices", "cap": 5000}

    text = text_of(lead(thread).post(f"{DRAFT}dates/", typed(thread, **dates)))
    thread.make_keys().open()

    assert "Choose the day to which voices are kept." in text
    assert "Then the leads make it unreadable for everyone." in text_of(CheckingClient().get(PUBLIC))


def test_a_draft_in_another_language_than_the_page_says_so_beside_its_title(thread):
    found = now(thread)
    title = found.words["en"]["title"]
    assert steps.called(found, "en") == title
    del found.words["es"]
    assert steps.called(found, "es") == f"{title} (in English)"


def test_who_changes_the_words_of_a_language_wrote_them_and_who_saves_them_unread_did_not_read_them(thread):
    ana, ben = lead(thread), as_(thread.second_lead.person)
    write_spanish(thread, ana, **{"text-title": "¿Qué deben guardar?"})
    write_spanish(thread, ben)
    first = now(thread).plan["words"]["es"]
    write_spanish(thread, ben, **{"text-title": "¿Qué deben recordar?"})
    later = now(thread).plan["words"]["es"]

    seats = (thread.first_lead.public_id, thread.second_lead.public_id)
    assert (first["written"][0], later["written"][0]) == seats
    assert ("read" in first, "read" in later) == (False, False)


def test_the_room_says_who_wrote_a_language_and_which_second_person_read_it(thread):
    ana, ben = lead(thread), as_(thread.second_lead.person)
    write_spanish(thread, ana, **{"text-title": "¿Qué deben guardar?"})
    told = [" ".join(text_of(ana.get(ROOM)).split())]
    check_spanish(thread, ana)
    told.append(" ".join(text_of(ana.get(ROOM)).split()))
    write_spanish(thread, ana, **{"text-title": "¿Qué deben recordar?"})
    check_spanish(thread, ben)
    told.append(" ".join(text_of(ben.get(ROOM)).split()))
    turn_the_question_round(thread, ben)
    told.append(" ".join(text_of(ben.get(ROOM)).split()))

    assert "read by nobody yet." in told[0]
    assert "Ask a second person to read it." in told[1]
    assert re.search(r"Spanish: written by .+ on \w+ \d+, \d+ ?, read by .+ on \w+", told[2])
    assert ("read by nobody yet." in told[2], "read by nobody yet." in told[3]) == (False, True)
