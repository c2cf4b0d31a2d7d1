"""Promise 1: no engagement opens before its promise is frozen on the record, signed by a lead and by the unit."""

import json
import re
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection

from alongside.cohort.rules.actions import adopt_rules
from alongside.cohort.seats.actions import declare_own, leave_seat
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.acts import act_of_seat
from alongside.core.grammar.check import parse
from alongside.core.grammar.engagements import PROMISE_TEXTS
from alongside.core.grammar.log import check_log
from alongside.core.grammar.versions import KINDS
from alongside.core.refusals import Refused
from alongside.core.sealing.acts import act_statement
from alongside.core.sealing.voice import form_hash
from alongside.ground.gate.tokens import READ, give_token
from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import end_post, give_office
from alongside.ground.programs.models import Office
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, EntryRef, Text, append
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.acts import Nobody, signed_by
from alongside.ground.record.models import Citation, Log, LogEntry, PublicText
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import erase_text, place_hold
from alongside.site.demo import sealed
from alongside.work.engagements import actions
from alongside.work.engagements.models import Correction, Engagement, Signature
from alongside.work.engagements.queries.drafts import Gap, gaps, promise_data
from alongside.work.engagements.queries.progress import draft_hash, signers
from alongside.work.projects.actions import make_decision, move_decision
from tests.check.records import recipient
from tests.promises.attempts import (
    BASE,
    NOT_FOR_YOU,
    accepted,
    agree,
    appended_by_commands,
    as_,
    city,
    is_caught,
    size,
    taken_by_sql,
    today,
    translation,
    without_rule,
)
from tests.promises.test_leads_sign_with_their_own_keys import shown, signed
from tests.support.thread import QUESTIONS, Thread, enter_correction, posted_by_rows
from tests.work import cast

pytestmark = pytest.mark.django_db
REFUSALS = (Refused,)

FINISH = f"{BASE}/drafts/library-computers/finish/"
SIGN = f"{BASE}/signatures/library-computers/"
PUBLIC = f"{BASE}/engagements/library-computers/"
#: Every part of a promise; an engagement that lacks one of them does not open.
DATA = (
    "engagement",
    "community",
    "level",
    "languages",
    "readers",
    "retention",
    "closes",
    "report_back",
    "k",
    "cap",
    "recipient",
    "form",
    "unit",
    "office",
    "answer_by",
    "decided_on",
    "voices_kept_until",
    "backup_days",
)


def drafted(*, keys: bool = True) -> Thread:
    thread = Thread(now=today()).open_program().draft_engagement()
    return thread.make_keys() if keys else thread


def promise(thread, *, by=None, without="", **data):
    """Give the promise that the draft would become, without one of its parts or with another value in it."""
    rows = RowsLog.of(thread.program)
    (key,) = rows.about("key.made", "library-computers")
    day = {"decided_on": thread.decision.on.isoformat()}
    whole = day | promise_data(thread.engagement, pack_of(thread.program), thread.recipient) | data
    cites = {
        "key": [key.index],
        "tested": [one.index for one in rows.citing(key.index, "key.tested")],
        "decision": [thread.decision.entry],
    }
    return Draft(
        kind="engagement.promised",
        by=by if by is not None else [thread.first_lead.public_id, thread.manager.public_id],
        data={name: value for name, value in whole.items() if name != without},
        cites={role: cited for role, cited in cites.items() if role != without},
        texts={name: Text("en", f"{name}.") for name in (*PROMISE_TEXTS, "form") if name != without},
    )


def enter(thread, draft):
    """Append a promise, and at once its words in the other language."""
    said = {name: f"{name}, dicho." for name in draft.texts if name != "form"}
    spanish = translation(EntryRef(0), draft.by, "es", said)
    return append(program=thread.program, drafts=[draft, spanish], now=thread.now)


def test_the_whole_promise_opens_it(db):
    thread = drafted()
    assert set(promise(thread).data) == set(DATA)
    assert enter(thread, promise(thread))[0].kind == "engagement.promised"


def test_a_promise_that_lacks_any_of_its_parts_is_refused_by_the_record(db):
    thread = drafted()
    parts = [*DATA, *PROMISE_TEXTS, "key", "tested"]
    attempts = {part: lambda part=part: enter(thread, promise(thread, without=part)) for part in parts}
    assert accepted(attempts) == []


def test_a_promise_with_blank_words_or_contradicting_days_is_refused_by_the_record(db):
    thread = drafted()
    day = thread.now.date()
    blank = promise(thread)
    blank.texts["can_change"] = Text("en", " \n")
    unseen = promise(thread)
    unseen.texts["consent"] = Text("en", "\u2800\ufe0f")
    ahead = {name: (day + timedelta(days=n)).isoformat() for n, name in enumerate(("a", "b", "c", "d"), 1)}
    attempts = {
        "no words": lambda: enter(thread, blank),
        "words that nobody sees": lambda: enter(thread, unseen),
        "closes before it opens": lambda: enter(thread, promise(thread, closes="2026-01-01")),
        "people hear back before it closes": lambda: enter(thread, promise(thread, report_back=ahead["a"])),
        "answer before it closes": lambda: enter(thread, promise(thread, answer_by=ahead["a"])),
        "a day without a year": lambda: enter(thread, promise(thread, answer_by="11-24")),
        "someone else reads": lambda: enter(thread, promise(thread, readers="the-city")),
        "a key that nobody tested": lambda: enter(thread, promise(thread, recipient="age1" + "q" * 58)),
        "no language": lambda: enter(thread, promise(thread, languages=[])),
    }
    assert accepted(attempts) == []


def test_a_draft_with_words_that_nobody_sees_is_not_written(db):
    thread = drafted()
    draft = thread.engagement
    assert gaps(draft) == []
    draft.words, draft.form = deepcopy(draft.words), deepcopy(draft.form)
    draft.words["es"]["consent"] = "\u2800"
    draft.form["questions"][1]["words"]["es"] = "\u3164 "
    assert gaps(draft) == [Gap("es", "", ("consent",)), Gap("es", "q2", ("words",))]


def test_a_legal_hold_keeps_a_correction_that_was_taken_back_and_brings_it_nowhere(db):
    thread = Thread(now=today()).to_open_engagement()
    lead = thread.first_lead.public_id
    words = {"words": "Each lead reads alone.", "others": {"es": "Cada líder lee a solas."}, "lang": "en"}
    given = {"engagement": thread.engagement, "about": "reading", "day": None, "by": lead, "now": thread.now}
    one = actions.propose_correction(**given, **words)
    place_hold(program=thread.program, ground="Case 7", by=thread.manager.public_id, now=thread.now)
    actions.withdraw_correction(correction=one, by=lead)
    assert Correction.objects.get().words == words["words"]
    with pytest.raises(Refused, match="This correction does not count any more"):
        actions.sign_correction(correction=one, by=thread.manager.public_id, now=thread.now)


def test_what_a_manager_would_correct_ends_with_their_post(db):
    thread = Thread(now=today()).to_open_engagement()
    by = {"person": thread.boss, "by": thread.manager.public_id, "lang": "en", "day": None, "now": thread.now}
    words = {"words": "Nothing can change.", "others": {"es": "Nada puede cambiar."}}
    given = actions.propose_correction(engagement=thread.engagement, about="cannot_change", **by, **words)
    end_post(post=thread.boss.posts.get(), on=thread.today, today=thread.today)
    with pytest.raises(Refused, match="This correction does not count any more"):
        actions.sign_correction(correction=given, by=thread.first_lead.public_id, now=thread.now)
    assert not LogEntry.objects.filter(kind="engagement.corrected").exists()


@pytest.mark.parametrize("since", ["long before", "today"])
def test_a_lead_who_was_of_the_bureau_proposes_no_correction_that_its_office_could_never_sign(db, since):
    thread = Thread(now=today()).to_open_engagement()
    day = thread.first_lead.from_date - timedelta(days=200)
    post = posted_by_rows(thread.program, thread.first_lead.person, thread.manager.public_id, from_date=day)
    post.until_date = None if since == "today" else day + timedelta(days=1)
    post.save()
    words = {"words": "Each lead reads alone.", "others": {"es": "Cada líder lee a solas."}, "lang": "en"}
    given = {"engagement": thread.engagement, "about": "reading", "day": None, "now": thread.now}
    with pytest.raises(GrammarError, match="works or worked for the other side here"):
        actions.propose_correction(**given, **words, by=thread.first_lead.public_id)
    assert not Correction.objects.exists()
    made = actions.propose_correction(**given, **words, by=thread.second_lead.public_id)
    actions.sign_correction(correction=made, by=thread.manager.public_id, now=thread.now)
    assert LogEntry.objects.filter(kind="engagement.corrected").exists()


def test_no_promise_is_signed_by_leads_alone_who_could_read_nothing(db):
    thread = cast.draft()
    thread.found_keys(3)
    thread.make_keys()
    signer, *others = thread.leads[:3]
    for who in (signer.public_id, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=who, now=thread.now)
    thread.keyrings = {one.public_id: thread.keyrings[one.public_id] for one in others}
    sealed.make_engagement_key(story=thread, engagement=thread.engagement, seats=others, now=thread.now)
    given = {"engagement": thread.engagement, "now": thread.now}
    with pytest.raises(GrammarError, match="no lead who signs this holds its key"):
        actions.open_engagement(**given, by=signer.public_id)
    assert actions.open_engagement(**given, by=others[0].public_id).promise


def test_one_side_alone_opens_nothing(db):
    thread = drafted()
    lead, manager = thread.first_lead.public_id, thread.manager.public_id
    other = Office.objects.exclude(unit=thread.unit).filter(unit__program=thread.program).first().public_id
    signers = {
        "a lead": [lead],
        "the bureau": [manager],
        "another bureau": [lead, other],
        "steward": ["steward"],
    }
    attempts = {name: lambda by=by: enter(thread, promise(thread, by=by)) for name, by in signers.items()}
    assert accepted(attempts) == []


@pytest.mark.parametrize(
    ("signer", "opener", "says"),
    [
        ("lead", "lead", "bureau has not signed the draft as it stands"),
        ("nobody", "lead", "bureau has not signed the draft as it stands"),
        ("manager", "manager", "A lead has not signed the draft as it stands"),
    ],
)
def test_no_action_opens_what_one_side_signed(db, signer, opener, says):
    thread = drafted()
    actors = {"lead": thread.first_lead.public_id, "manager": thread.manager.public_id}
    if signer in actors:
        actions.sign(engagement=thread.engagement, actor=actors[signer], now=thread.now)
    with pytest.raises(Refused, match=says):
        actions.open_engagement(engagement=thread.engagement, by=actors[opener], now=thread.now)
    assert Engagement.objects.exclude(promise=None).count() == 0


def test_another_unit_cannot_sign_in_the_units_place(db):
    thread = drafted()
    other = Office.objects.exclude(unit=thread.unit).filter(unit__program=thread.program, signs=True).first()
    with pytest.raises(Refused, match="ask the bureau that it names"):
        actions.sign(engagement=thread.engagement, actor=other.public_id, now=thread.now)


def test_a_signature_that_came_into_the_database_by_other_hands_opens_nothing(db):
    thread = drafted()
    signed = actions.sign(engagement=thread.engagement, actor=thread.first_lead.public_id, now=thread.now)
    post = thread.boss.posts.get(office=thread.manager)
    forged = {"engagement": thread.engagement, "actor": thread.manager.public_id, "draft": signed.draft}
    forged["post"] = post
    for mark in ("", signed.mark):
        row = Signature.objects.create(**forged, mark=mark, signed_at=thread.now)
        with pytest.raises(Refused, match="bureau has not signed"):
            actions.open_engagement(
                engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now
            )
        assert signers(thread.engagement, thread.today) == [thread.first_lead.public_id]
        row.delete()
    Signature.objects.create(**forged, signed_at=thread.now)
    actions.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    assert actions.open_engagement(
        engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now
    ).promise


def test_a_bureau_is_bound_by_whoever_holds_the_office_and_can_take_its_signature_back(db):
    thread = drafted()
    lead, manager = thread.first_lead.public_id, thread.manager.public_id
    boss = as_(thread.boss)
    for actor in (lead, manager):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    assert "Withdraw our signature" in boss.get(SIGN).content.decode()
    boss.post(SIGN, {"take_back": "1"})
    assert signers(thread.engagement, thread.today) == [lead]
    assert "Sign for the bureau" in boss.get(SIGN).content.decode()

    actions.sign(engagement=thread.engagement, actor=manager, now=thread.now)
    end_post(post=thread.boss.posts.get(), on=thread.today, today=thread.today)
    assert signers(thread.engagement, thread.today) == [lead]
    with pytest.raises(Refused, match="bureau has not signed"):
        actions.open_engagement(engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now)
    next_one = make_person(email="next@example.org")
    posted_by_rows(thread.program, next_one, manager, thread.today)
    actions.sign(engagement=thread.engagement, actor=manager, person=next_one, now=thread.now)
    actions.open_engagement(engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now)
    with pytest.raises(Refused):
        actions.take_back(engagement=Engagement.objects.get(), actor=manager)


def test_a_correction_that_was_changed_in_the_database_is_signed_by_nobody(db):
    thread = opened()
    lead, manager = thread.first_lead.public_id, thread.manager.public_id
    said = {"about": "reading", "words": "Two leads read it together.", "lang": "en", "day": None}
    given = {**said, "engagement": thread.engagement, "others": {"es": "Dos."}, "now": thread.now}
    changes = [
        {"words": "The City reads it, too."},
        {"others": {"es": "La ciudad también."}},
        {"checked": True},
        {"day": thread.now.date(), "about": "closes"},
        {"by": thread.second_lead.public_id},
    ]
    before = size()
    for change in changes:
        correction = actions.propose_correction(**given, by=lead)
        Correction.objects.filter(pk=correction.pk).update(**change)
        correction.refresh_from_db()
        with pytest.raises(Refused, match="does not count any more"):
            actions.sign_correction(correction=correction, by=manager, now=thread.now)
        actions.withdraw_correction(correction=correction, by=lead)
    assert size() == before
    kept = actions.propose_correction(**given, by=lead)
    actions.sign_correction(correction=Correction.objects.get(pk=kept.pk), by=manager, now=thread.now)
    assert size() == before + 2


@pytest.mark.parametrize("change", ["closes", "cap", "retention", "words", "form"])
def test_a_draft_that_was_changed_after_it_was_signed_does_not_open(db, change):
    thread = drafted()
    for actor in (thread.first_lead.public_id, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    old = thread.engagement
    anew = {"en": {"can_change": "Nothing"}, "es": {"can_change": "Nada"}}
    new = {
        "closes": old.closes + timedelta(days=1),
        "cap": 9,
        "retention": "other",
        "words": {lang: said | anew[lang] for lang, said in old.words.items()},
        "form": old.form | {"questions": old.form["questions"][:1]},
    }
    actions.save_draft(engagement=old, changes={change: new[change]})
    with pytest.raises(Refused, match="bureau has not signed the draft as it stands"):
        actions.open_engagement(engagement=old, by=thread.first_lead.public_id, now=thread.now)


def test_it_does_not_open_before_two_leads_opened_a_test_voice(db):
    thread = drafted(keys=False)
    for actor in (thread.first_lead.public_id, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    with pytest.raises(Refused, match="Two leads must open a test voice first"):
        actions.open_engagement(engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now)
    thread.make_keys()
    once = promise(thread)
    once.cites["tested"] = once.cites["tested"][:1] * 2
    twice = promise(thread)
    twice.cites["tested"] = twice.cites["tested"][:1]
    lead, made = thread.first_lead.public_id, once.cites["key"][0]
    wrapped = sorted([lead, thread.second_lead.public_id])
    data = {"engagement": "street-lights", "recipient": recipient("street-lights"), "wrapped_to": wrapped}
    other = thread.enter("key.made", [lead], data)
    theirs = thread.enter("key.tested", [thread.second_lead.public_id], cites={"key": [other.index]})
    alone = promise(thread)
    alone.cites["tested"] = [alone.cites["tested"][0], theirs.index]
    attempts = {
        "one test": lambda: enter(thread, twice),
        "one test twice": lambda: enter(thread, once),
        "a second test of one lead": lambda: thread.enter("key.tested", [lead], cites={"key": [made]}),
        "a test of this key and one of another": lambda: enter(thread, alone),
    }
    assert accepted(attempts) == []


def test_a_language_without_words_keeps_it_shut(db):
    thread = drafted()
    actions.save_draft(engagement=thread.engagement, changes={"languages": ["en", "es", "vi"]})
    with pytest.raises(Refused, match="no words in Vietnamese"):
        actions.sign(engagement=thread.engagement, actor=thread.first_lead.public_id, now=thread.now)


def test_no_form_opens_it_for_one_side(db):
    thread = drafted()
    before = size()
    sent = {"draft": draft_hash(thread.engagement)}
    lead, staff, steward = as_(thread.first_lead.person), as_(thread.staff), as_(thread.steward)
    assert lead.post(FINISH, sent | {"sign": "1"}).status_code == 302
    assert lead.post(SIGN, sent | {"sign": "1"}).status_code in NOT_FOR_YOU
    assert lead.post(FINISH, sent | {"open": "1"}).status_code == 200
    staff.post(SIGN, sent | {"sign": "1"})  # works for the unit, signs for nobody
    assert steward.post(SIGN, sent | {"sign": "1"}).status_code in NOT_FOR_YOU
    assert lead.post(FINISH, sent | {"open": "1"}).status_code == 200
    assert (size(), Engagement.objects.exclude(promise=None).count()) == (before, 0)


def test_no_city_role_opens_it(db):
    thread = drafted()
    for actor in (thread.first_lead.public_id, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    sent = {"draft": draft_hash(thread.engagement), "open": "1"}
    answers = {who: as_(person).post(FINISH, sent).status_code for who, person in city(thread).items()}
    assert answers == {"staff": 403, "manager": 403, "steward": 403}
    assert Engagement.objects.exclude(promise=None).count() == 0


def test_before_it_opens_nobody_can_read_the_draft_or_speak(db):
    thread = drafted()
    somebody = as_(None)
    assert somebody.get(PUBLIC).status_code == 404
    assert somebody.post(
        f"{PUBLIC}voices/", "{}", "application/json", headers={"Origin": "http://testserver"}
    ).status_code in {404, 422}
    assert thread.engagement.slug not in somebody.get(f"{BASE}/engagements/").content.decode()


def opened() -> Thread:
    return drafted().open()


def test_after_the_opening_no_action_changes_the_promise(db):
    thread = opened()
    engagement, lead = thread.engagement, thread.first_lead.public_id
    attempts = {
        "save": lambda: actions.save_draft(engagement=engagement, changes={"cap": 1}),
        "ask otherwise": lambda: actions.save_questions(engagement=engagement, questions=[]),
        "sign": lambda: actions.sign(engagement=engagement, actor=lead, now=thread.now),
        "open again": lambda: actions.open_engagement(
            engagement=engagement, by=thread.first_lead.public_id, now=thread.now
        ),
        "promise again": lambda: enter(thread, promise(thread)),
    }
    assert accepted(attempts, *REFUSALS) == []


def test_after_the_opening_no_form_changes_the_promise(db):
    thread = opened()
    before, line = size(), bytes(LogEntry.objects.get(index=thread.promise).raw)
    people = {"lead": thread.first_lead.person, **city(thread)}
    pages = (
        "",
        "decision/",
        "dates/",
        "questions/",
        "questions/new/",
        "questions/q1/",
        "words/",
        "words/es/",
        "finish/",
    )
    answers = {
        (who, page): as_(person)
        .post(f"{BASE}/drafts/library-computers/{page}", {"cap": "1", "open": "1"})
        .status_code
        for who, person in people.items()
        for page in pages
    }
    moved = {("lead", page): 302 for page in pages}  # a draft that is open leads a lead to its page
    assert {where: status for where, status in answers.items() if status not in {403, 404, 405}} == moved
    assert (size(), bytes(LogEntry.objects.get(index=thread.promise).raw)) == (before, line)


def test_one_side_alone_corrects_nothing_on_the_record(db):
    thread = opened()
    lead, manager = thread.first_lead.public_id, thread.manager.public_id
    other = Office.objects.exclude(unit=thread.unit).filter(unit__program=thread.program).first().public_id

    def correct(by, about="answer_by", **days):
        return lambda: enter_correction(
            engagement=thread.engagement,
            about=about,
            words="Later.",
            lang="en",
            others={"es": "Más tarde."},
            by=by,
            now=thread.now,
            **days,
        )

    later = thread.now.date() + timedelta(days=900)
    attempts = {
        "the bureau": correct([manager], answer_by=later),
        "a lead": correct([lead], answer_by=later),
        "another bureau": correct([lead, other], answer_by=later),
        "another day in passing": correct([lead, manager], about="title", answer_by=later),
    }
    assert accepted(attempts) == []


def test_a_lead_does_not_unsay_their_job_for_a_day_to_sign_a_correction_with_that_bureau(db):
    thread = opened()
    page = f"{BASE}/engagements/library-computers/correct/"
    typed = {"about": "title", "words": "Also at night.", "words-es": "También de noche."}
    for unit in (thread.unit.slug, "nobody"):
        said = as_(thread.first_lead.person).post(f"{BASE}/seat/job/", {"works_for": unit})
        assert said.status_code == 302
    as_(thread.first_lead.person).post(page, typed)
    before = size()
    reply = as_(thread.boss).post(f"{page}{Correction.objects.get().pk}/")
    assert "since this was begun and cannot sign with it for the community" in reply.content.decode()
    assert size() == before
    as_(thread.second_lead.person).post(page, typed)
    as_(thread.boss).post(f"{page}{Correction.objects.latest('pk').pk}/")
    assert size() > before


def test_a_lead_does_not_unsay_their_job_in_a_new_place_either_to_sign_a_correction_with_that_bureau(db):
    thread = Thread(now=today() - timedelta(days=60)).open_program()
    lead = thread.second_lead
    declare_own(seat=lead, works_for=thread.unit.slug, paid_by="outside", now=thread.now)
    thread.draft_engagement().make_keys().open()
    leave_seat(seat=lead, on=thread.now.date(), reason="", now=thread.now)
    first = thread.later(1).now.date()
    again = thread.seat(lead.person, thread.seat_cohort("second", first, first + timedelta(days=400)))
    declare_own(seat=again, works_for="nobody", paid_by="outside", now=thread.later(31).now)
    said = {"about": "title", "words": "Also at night.", "lang": "en", "others": {"es": "También de noche."}}

    def correct(seat):
        by = [seat.public_id, thread.manager.public_id]
        return enter_correction(engagement=thread.engagement, by=by, now=thread.now, **said)

    with pytest.raises(GrammarError, match="works or worked for the other side"):
        correct(again)
    assert correct(thread.first_lead)


def test_a_correction_stands_beside_what_was_promised(db):
    thread = opened()
    later = thread.engagement.closes + timedelta(days=7)
    enter_correction(
        engagement=thread.engagement,
        about="closes",
        words="One more week.",
        lang="en",
        others={"es": "Una semana más."},
        by=[thread.first_lead.public_id, thread.manager.public_id],
        now=thread.now,
        closes=later,
    )
    frozen = parse(thread.promise, bytes(LogEntry.objects.get(index=thread.promise).raw))
    page = as_(None).get(PUBLIC).content.decode()
    assert frozen.data["closes"] == thread.engagement.closes.isoformat()
    assert "One more week." in page
    assert "Una semana más." in as_(None).get(PUBLIC.replace("/en/", "/es/")).content.decode()


#: What a pack calls what a promise names, and what a steward would rather have it say.
REWORDED = {
    'en = "Involve"': 'en = "Only inform"',
    'es = "Involucrar"': 'es = "Solo informar"',
    "The City works with people, so that": "The City tells people. That",
    'period = {en = "Until the day that the promise names", es = "Hasta el día que dice la promesa"': 'period = {en = "For ever", es = "Para siempre"',
    'rule_words = {en = "The promise itself", es = "La promesa misma"': 'rule_words = {en = "Whatever we like", es = "Lo que queramos"',
    '"Libraries and Halls Unit"': '"Somebody or Other"',
    'title = {en = "Manager", es = "Gerencia"': 'title = {en = "Intern", es = "Becaria"',
}


def test_a_steward_rewords_no_promise_by_another_pack(db, tmp_path):
    thread = Thread(now=today()).to_open_engagement()
    sign_head(program=thread.program, now=thread.now)
    project, about = thread.project.slug, thread.decision.slug
    shown = [
        f"/riverbend/{lang}/{page}"
        for lang in ("en", "es")
        for page in (
            "engagements/library-computers/",
            "engagements/library-computers/paper/",
            f"projects/{project}/decisions/{about}/",
            f"record/{thread.promise}/",
            f"projects/{project}/statement/{size()}/",
        )
    ]
    before = {page: main_of(page) for page in shown}
    assert "Involve" in before[shown[0]] and "Libraries and Halls Unit" in before[shown[0]]
    text = shipped_pack("neutral")
    for old, new in REWORDED.items():
        assert old in text, old
        text = text.replace(old, new)
    file = tmp_path / "pack.toml"
    file.write_text(text)
    call_command("program", "adopt", "riverbend", file)
    assert pack_of(thread.program).framework("iap2").levels[2].name.say("en") == "Involve"
    agree(thread.first_lead)
    agree(thread.second_lead)
    assert pack_of(thread.program).framework("iap2").levels[2].name.say("en") == "Only inform"
    assert {page: main_of(page) for page in shown} == before


#: The pack without the level that is promised: it is there, and not shown.
HIDDEN = shipped_pack("neutral").replace('id = "involve"', 'id = "involve"\nverified = false', 1)


def test_a_promise_of_which_the_rules_have_no_level_is_neither_signed_nor_opened(db):
    thread = Thread(now=today()).open_program().draft_engagement().make_keys()
    for actor in (thread.first_lead.public_id, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    adopt_rules(program=thread.program, text=HIDDEN, now=thread.now)
    agree(thread.first_lead)
    agree(thread.second_lead)
    before = size()
    for act in (
        lambda: actions.open_engagement(
            engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now
        ),
        lambda: actions.sign(
            engagement=thread.engagement, actor=thread.second_lead.public_id, now=thread.now
        ),
    ):
        with pytest.raises(Refused, match="The rules do not have the level of this draft"):
            act()
    assert size() == before


def test_a_promise_that_names_no_level_of_the_rules_says_so_on_its_page(db, monkeypatch):
    thread = Thread(now=today()).open_program().draft_engagement()
    Engagement.objects.update(level="nothing")
    thread.engagement.refresh_from_db()
    monkeypatch.setattr(actions, "refuse_if_incomplete", lambda _engagement: None)
    thread.make_keys().open()
    assert "This promise names a level that the rules did not have." in main_of(PUBLIC)


def main_of(page: str) -> str:
    """Give the words of a page that everyone sees, as text; not how far the record has come since."""
    response = as_(None).get(page)
    assert response.status_code == 200, page
    main = re.search(r"<main\b.*</main>", response.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split()) if main else ""


def test_no_command_opens_or_changes_a_promise():
    assert appended_by_commands() & {"engagement.promised", "engagement.corrected"} == set()


def test_no_sql_changes_the_promise(both_databases):
    thread = opened()
    where = f'WHERE "index" = {thread.promise}'
    assert (
        taken_by_sql(
            [
                f"UPDATE record_logentry SET kind = 'engagement.closed' {where}",
                f"UPDATE record_logentry SET date = '2027-01-01' {where}",
                f"DELETE FROM record_logentry {where}",
                "UPDATE record_publictext SET words = 'The City decides alone'",
                "DELETE FROM record_publictext",
            ]
        )
        == []
    )


def test_no_sql_changes_or_deletes_an_open_engagement_and_a_draft_stays_free(both_databases):
    thread = drafted()
    change = "UPDATE engagements_engagement SET form = '{}'"
    assert taken_by_sql([change]) == [change]
    save_questions(thread, "Should it stay?")
    thread.engagement.refresh_from_db()
    thread.open()
    other = "UPDATE engagements_engagement SET promise = NULL, opened_on = NULL"
    assert taken_by_sql([change, other, "DELETE FROM engagements_engagement", *over(thread)]) == []
    log = Log.objects.get(program=thread.program)
    forged = {"log": log, "citing": 5, "kind": "text.erased", "role": "about", "cited": thread.promise}
    Citation.objects.create(**forged)  # as if entry 5 said that its words were taken down
    assert taken_by_sql(["UPDATE engagements_engagement SET words = '{}'"]) == []


def over(thread) -> list[str]:
    """Put another engagement in the place of one, as SQLite lets one do."""
    if connection.vendor != "sqlite":
        return []
    row = Engagement.objects.filter(pk=thread.engagement.pk).values().get()
    columns = ", ".join(f'"{name}"' for name in row)
    other = columns.replace('"id"', "1000 + id")
    into = f"INSERT OR REPLACE INTO engagements_engagement ({columns})"
    draft = Engagement.objects.create(
        **row | {"id": 999, "slug": "other", "promise": None, "opened_on": None}
    )
    moved = f"UPDATE OR REPLACE engagements_engagement SET %s WHERE id = {draft.pk}"
    return [
        *(f"{into} SELECT {one} FROM engagements_engagement" for one in (columns, other)),
        *(moved % one for one in (f"id = {row['id']}", f"slug = '{row['slug']}'")),
    ]


def save_questions(thread, words: str) -> None:
    """Save other questions, as in another tab: the row changes, not what this test has in hand."""
    asked = [{"id": "q1", "kind": "text", "words": {"en": words, "es": words}}]
    actions.save_questions(engagement=Engagement.objects.get(pk=thread.engagement.pk), questions=asked)


def test_questions_that_another_tab_saves_while_a_lead_opens_are_never_beside_the_frozen_ones(db):
    thread = drafted()
    for actor in (thread.first_lead.public_id, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    save_questions(thread, "Should it go?")
    with pytest.raises(Refused, match="The bureau has not signed the draft as it stands"):
        actions.open_engagement(engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now)
    assert (
        Engagement.objects.exclude(promise=None).count(),
        LogEntry.objects.filter(kind="engagement.promised").count(),
    ) == (0, 0)


def test_a_draft_that_was_thrown_away_in_another_tab_is_not_saved(db):
    thread = drafted()
    writer = thread.first_lead.person_id
    kept = Engagement.objects.get(pk=thread.engagement.pk)
    actions.throw_away(engagement=kept, by=writer, today=thread.now.date())
    with pytest.raises(Refused, match=r"This draft was thrown away\."):
        actions.save_draft(engagement=thread.engagement, changes={"cap": 9})


def without_triggers() -> None:
    """Take away what holds open engagements, as whoever has the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS engagements_engagement_no_update")


def test_a_draft_that_is_changed_by_sql_changes_nothing_that_people_see(db):
    opened()
    before = as_(None).get(PUBLIC).content
    without_triggers()
    Engagement.objects.update(words={"en": {"title": "Other"}}, cap=1, closes="2027-01-01", partner=None)
    assert as_(None).get(PUBLIC).content == before


def test_leads_read_beside_the_questions_that_people_were_asked(db):
    thread = opened()
    promised = parse(thread.promise, bytes(LogEntry.objects.get(index=thread.promise).raw)).data["form"]
    without_triggers()
    Engagement.objects.update(form={"v": 1, "questions": [QUESTIONS[1]]})
    assert form_hash(read_by_a_lead(thread)["form"]) == promised


def test_leads_still_read_beside_the_questions_where_their_words_were_taken_down(db):
    thread = opened()
    promised = parse(thread.promise, bytes(LogEntry.objects.get(index=thread.promise).raw)).data["form"]
    sha256 = PublicText.objects.get(entry=thread.promise, name="form").sha256
    by = ["steward", thread.first_lead.public_id, thread.manager.public_id]
    given = {"program": thread.program, "entry": thread.promise, "sha256": sha256, "ground": "ORS 192"}
    erase_text(**given, by=by, now=thread.now)
    assert "Do you use the library?" not in as_(None).get(PUBLIC).content.decode()
    assert form_hash(read_by_a_lead(thread)["form"]) == promised


def read_by_a_lead(thread) -> dict:
    """Give what a lead's reader fetches to show voices."""
    token = give_token(program="riverbend", seat=thread.first_lead.public_id, use=READ)
    path = f"{BASE}/reader/api/engagements/library-computers/read"
    return as_(None).get(path, headers={"Authorization": f"Bearer {token}"}).json()


def moved(thread, days: int):
    """Let the unit move the decision by some days."""
    on = max(thread.decision.on, thread.now.date()) + timedelta(days=days)
    words = {"en": {"reason": "The council meets later."}}
    move_decision(point=thread.decision, on=on, by=thread.manager.public_id, words=words, now=thread.now)
    thread.engagement.refresh_from_db()
    return on


def test_a_promise_freezes_the_day_of_its_decision_as_it_was_moved(db):
    thread = drafted()
    before = thread.decision.on.isoformat()
    on = moved(thread, 14)
    attempts = {
        "the old day": lambda: enter(thread, promise(thread, decided_on=before)),
        "no day": lambda: enter(thread, promise(thread, without="decided_on")),
        "a day without a decision": lambda: enter(thread, promise(thread, without="decision")),
    }
    assert accepted(attempts) == []
    assert enter(thread, promise(thread))[0].data["decided_on"] == on.isoformat()


def test_nobody_is_asked_about_a_decision_that_was_made(db):
    thread = drafted()
    words = {"en": {"outcome": "The halls close at five."}}
    on = thread.now.date()
    make_decision(point=thread.decision, on=on, by=thread.manager.public_id, words=words, now=thread.now)
    thread.engagement.refresh_from_db()
    with pytest.raises(GrammarError, match="this was decided on .*; ask about what can still change"):
        enter(thread, promise(thread))
    draft = promise(thread, without="decided_on")
    assert enter(thread, replace(draft, cites={role: draft.cites[role] for role in ("key", "tested")}))


def test_a_decision_that_moves_voids_the_signatures_on_its_old_day(db):
    thread = drafted()
    for actor in (thread.first_lead.public_id, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    on = moved(thread, 14)

    day = f"{on:%B} {on.day}, {on.year}"
    preview = as_(thread.first_lead.person).get(f"{BASE}/drafts/library-computers/preview/").content.decode()
    assert f">{day}</time>" in preview
    with pytest.raises(Refused, match="The bureau has not signed the draft as it stands"):
        actions.open_engagement(engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now)


def test_whoever_signs_a_promise_whose_decision_moved_reads_from_which_day_to_which_and_what_is_signed(db):
    thread = drafted()
    room = f"{BASE}/engagements/library-computers/room/"
    for page, person in ((SIGN, thread.boss), (room, thread.first_lead.person)):
        assert "The decision moved" not in as_(person).get(page).text
    actions.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    before, on = thread.decision.on, moved(thread, 14)
    old, new = (f"{one:%B} {one.day}, {one.year}" for one in (before, on))
    for page, person in ((SIGN, thread.boss), (room, thread.first_lead.person)):
        shown = " ".join(re.sub(r"<[^>]+>", "", as_(person).get(page).text).split())
        assert f"The decision moved from {old} to {new}." in shown, page
        assert f"What you sign says {new}, also where a text was written before." in shown, page
    since = " ".join(re.sub(r"<[^>]+>", " ", as_(thread.boss).get(room).text).split())
    changed = since.partition("What changed since your bureau signed")[2]
    assert [one in changed[:400] for one in ("Day of the decision", old, new)] == [True] * 3
    again = moved(thread, 3)
    html = as_(thread.boss).get(SIGN).text
    shown = " ".join(re.sub(r"<[^>]+>", "", html).split())
    newest = f"The decision moved from {new} to {again:%B} {again.day}, {again.year}."
    assert re.findall(r"The decision moved from .*?\d{4} to .*?\d{4}\.", shown) == [newest]
    day = html.partition("Day of the decision</dt>")[2].partition("</dd>")[0]
    assert "The decision moved from" in day
    actions.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    assert "The decision moved" not in as_(thread.boss).get(SIGN).text


def test_whoever_signs_a_correction_reads_that_the_decision_moved_since_it_was_written(db):
    thread = drafted().open()
    lead, words = thread.first_lead.public_id, {"words": "Also on Sundays.", "lang": "en"}
    given = {"engagement": thread.engagement, "about": "can_change", "day": None, "now": thread.now}
    given["others"] = {"es": "También los domingos."}
    one = actions.propose_correction(**given, **words, by=lead)
    page = f"{BASE}/engagements/library-computers/correct/{one.pk}/"
    assert "The decision moved" not in as_(thread.boss).get(page).text
    before, on = thread.decision.on, moved(thread, 14)
    old, new = (f"{each:%B} {each.day}, {each.year}" for each in (before, on))
    shown = " ".join(re.sub(r"<[^>]+>", "", as_(thread.boss).get(page).text).split())
    assert f"The decision moved from {old} to {new}." in shown
    assert "The promise keeps the day that was signed, and its page says that it moved." in shown


def test_a_decision_that_moves_after_the_promise_is_told_beside_the_frozen_day(db):
    thread = drafted().open()
    before, on = thread.decision.on, moved(thread, 14)

    page = as_(None).get(PUBLIC).content.decode()
    first, now = (f'datetime="{one}">{one:%B} {one.day}, {one.year}</time>' for one in (before, on))
    assert page.partition("Moved since to")[0].count(first) == 1
    assert now in page.partition("Moved since to")[2].partition("</dd>")[0]


NOT_NAMED = "This promise names no office that decides, and no day."


def test_a_promise_of_the_city_without_a_decision_says_that_who_decides_is_not_named(db):
    thread = drafted()
    assert NOT_NAMED not in as_(thread.staff).get(SIGN).text
    actions.save_draft(engagement=thread.engagement, changes={"decision": None})
    assert f"<dd>{NOT_NAMED}</dd>" in as_(thread.staff).get(SIGN).text
    thread.open()
    sign_head(program=thread.program, now=thread.now)
    assert f"<strong>{NOT_NAMED}</strong>" in as_(None).get(PUBLIC).text


def test_staff_who_do_not_sign_for_the_unit_sign_nothing(db):
    thread = drafted()
    person = make_person(email="other.unit@riverbend.example")
    other = Office.objects.exclude(unit=thread.unit).filter(unit__program=thread.program, signs=True).first()
    give_office(person=person, program=thread.program, office=other.public_id, from_date=thread.now.date())
    sent = {"draft": draft_hash(thread.engagement), "sign": "1"}
    as_(thread.staff).post(SIGN, sent)
    assert as_(person).post(SIGN, sent).status_code == 404
    assert thread.engagement.signatures.count() == 0


def test_a_community_engagement_says_that_the_city_has_promised_nothing(db):
    thread = Thread(now=today()).open_program().draft_engagement(community=True).make_keys().open()
    data = parse(thread.promise, bytes(LogEntry.objects.get(index=thread.promise).raw)).data
    said = " has promised nothing"
    assert (data["community"], sorted({"unit", "office", "answer_by"} & set(data))) == (True, [])
    assert said in as_(None).get(PUBLIC).content.decode()
    assert said in as_(None).get(f"{BASE}/engagements/").content.decode()


def test_a_community_engagement_cannot_speak_for_the_city(db):
    thread = Thread(now=today()).open_program().draft_engagement(community=True).make_keys()
    lead, manager = thread.first_lead.public_id, thread.manager.public_id
    day = (thread.now.date() + timedelta(days=80)).isoformat()
    attempts = {
        "with an office": lambda: enter(thread, promise(thread, by=[lead], office=manager)),
        "with a day for the city": lambda: enter(thread, promise(thread, by=[lead], answer_by=day)),
        "signed by an office": lambda: enter(thread, promise(thread, by=[lead, manager])),
    }
    assert accepted(attempts) == []


def test_a_promise_names_one_lead_who_can_open_what_people_say(db):
    thread = drafted()
    first, second, third = (one.public_id for one in thread.leads[:3])
    manager = thread.manager.public_id
    attempts = {
        "two leads": lambda: enter(thread, promise(thread, by=[first, second, manager])),
        "one beside a lead without the key": lambda: enter(
            thread, promise(thread, by=[first, third, manager])
        ),
    }
    assert accepted(attempts) == []
    assert enter(thread, promise(thread, by=[second, manager]))


def test_the_lead_who_opens_it_signs_its_promise_with_her_own_key_and_nobody_forges_it(db):
    thread = drafted()
    first, second = thread.first_lead.public_id, thread.second_lead.public_id
    for actor in (first, thread.manager.public_id):
        actions.sign(engagement=thread.engagement, actor=actor, now=thread.now)
    before = size()

    def press(**more):
        form = urlencode({"draft": draft_hash(thread.engagement), "open": "1"} | more)
        with signed_by(Nobody()):
            lead = as_(thread.second_lead.person)
            return lead.post(FINISH, form, content_type="application/x-www-form-urlencoded")

    fields, told = shown(press())
    assert size() == before
    drafts = json.loads(told["act"])["drafts"]
    assert [one["kind"] for one in drafts] == ["engagement.promised", "text.translated"]
    assert [one["by"] for one in drafts] == [[second, thread.manager.public_id]] * 2

    press(**fields | {"signed": signed(thread, told, seat=second, ring=first)})
    assert size() == before

    assert press(**fields | {"signed": signed(thread, told, seat=second)}).status_code == 302
    entries = [json.loads(one) for one in thread.entries()]
    assert (entries[-2]["kind"], list(entries[-2]["act"]["sigs"])) == ("engagement.promised", [second])

    def judged(spoil=lambda _promise, _words: None):
        told = deepcopy(entries)
        spoil(*told[-2:])
        return check_log([canonical(one) for one in told], origin=thread.program.origin)

    judged()
    spoils = {
        f"lacks the signature of {second}": lambda promise, words: (promise.pop("act"), words.pop("act")),
        "does not stand under this act": lambda promise, _words: promise["data"].update(cap=9),
        "another entry of the act before it": lambda _promise, words: words.pop("act"),
    }
    for says, spoil in spoils.items():
        with pytest.raises(GrammarError, match=says):
            judged(spoil)

    def alone(promise, words):
        """Let her sign the promise without its words in Spanish, which somebody else then says in her name."""
        words.pop("act")
        part, first = {**promise.pop("act"), "of": 1}, len(entries) - 2
        drawn = {"origin": thread.program.origin, "nonce": part["nonce"]}
        act = act_of_seat([promise], first, second, KINDS, **drawn)
        head = {name: part["sigs"][second][name] for name in ("day", "size", "root")}
        statement = act_statement(origin=thread.program.origin, seat=second, act=act, **head)
        part["sigs"] = {second: head | {"sig": thread.keyrings[second].sign(statement)}}
        promise["act"] = part

    with pytest.raises(GrammarError, match="frozen with it in every language"):
        judged(alone)


@pytest.mark.parametrize(
    ("kind", "rule", "test", "says"),
    [
        (
            "engagement.promised",
            "one_lead_opens_it",
            test_a_promise_names_one_lead_who_can_open_what_people_say,
            "two leads",
        ),
        ("engagement.promised", "is_signed_by_both", test_one_side_alone_opens_nothing, "the bureau"),
        (
            "engagement.promised",
            "names_the_tested_key",
            test_it_does_not_open_before_two_leads_opened_a_test_voice,
            "a test of this key and one of another",
        ),
        (
            "engagement.promised",
            "names_the_day_of_its_decision",
            test_a_promise_freezes_the_day_of_its_decision_as_it_was_moved,
            "the old day",
        ),
        (
            "engagement.promised",
            "is_first",
            test_after_the_opening_no_action_changes_the_promise,
            "promise again",
        ),
        (
            "engagement.corrected",
            "both_sides_correct",
            test_one_side_alone_corrects_nothing_on_the_record,
            "another day in passing",
        ),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, rule, test, says):
    without_rule(monkeypatch, kind, rule)
    is_caught(says, test, None)


def test_whoever_rises_to_manager_and_keeps_the_post_of_before_signs_as_the_manager(db):
    thread = Thread(now=today()).open_program().draft_engagement().make_keys()
    day = thread.now.date()
    end_post(post=thread.boss.posts.get(), on=day, today=day)
    give_office(person=thread.staff, program=thread.program, office=thread.manager.public_id, from_date=day)
    read = {"draft": draft_hash(thread.engagement)}

    assert as_(thread.staff).post(SIGN, {**read, "press": "sign"}).status_code == 302

    assert [one.actor for one in Signature.objects.all()] == [thread.manager.public_id]
    actions.sign(engagement=thread.engagement, actor=thread.first_lead.public_id, now=thread.now)
    actions.open_engagement(engagement=thread.engagement, by=thread.first_lead.public_id, now=thread.now)
    assert LogEntry.objects.filter(kind="engagement.promised").count() == 1
