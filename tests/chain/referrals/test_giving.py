"""Two leads give an office what somebody ticked that they may; nobody else reads it, and the record says nothing of it."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alongside.chain.proposals.actions import drop, erase_old
from alongside.chain.proposals.models import Proposal
from alongside.chain.proposals.queries import as_sent
from alongside.chain.reader.actions import set_aside
from alongside.chain.referrals import actions, queries
from alongside.chain.referrals.models import Given, Referral
from alongside.chain.voices.actions import withdraw
from alongside.chain.voices.models import SetAside
from alongside.cohort.seats.actions import leave_seat, suspend_seat
from alongside.cohort.seats.models import Seat
from alongside.core.policy.linter import lint_question
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.core.sealing import receipt
from alongside.core.sealing.marks import is_received
from alongside.core.workflow.seconds import Proposed
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.models import LogEntry
from alongside.ground.texts import actions as record
from alongside.ground.ui.days import day_in_words
from alongside.site.demo import translations
from alongside.site.ticking import tick_program
from alongside.work.engagements.actions import refuse_if_incomplete
from alongside.work.engagements.asking import (
    MAY_PASS_ON,
    PASSED_ON,
    YES_PASS_ON,
    asks_in_our_words,
    in_our_words,
    with_ours,
)
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import asked_of
from tests.chain.referrals.cast import CLEAN, asked, gift, give, given, propose, speak
from tests.ground.news.test_letters import work
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import QUESTIONS, Thread
from tests.work.engagements.test_drafting import text_of
from tests.work.partners.cast import stranger

LIST = "/riverbend/en/given/"
OFFICE = Proposed.OFFICE
QUERIES = {"lead": 8, "staff": 8}


@pytest.fixture
def thread(db):
    return asked()


def told(thread, said):
    """Say whether a receipt finds that something of its voice was given."""
    raw = Client().get("/riverbend/record/given").content
    return is_received(raw, receipt.act_hash(receipt.act_secret(said.secret)))


def test_what_two_leads_confirm_is_hashed_alike_here_and_in_their_readers():
    # islands/reader/giving.test.ts has the same
    said = {
        "salt": "ab",
        "office": "streets/manager",
        "lang": "es",
        "words": "La rampa está rota.",
        "mark": "cd",
    }
    whole = hashlib.sha256(queries.content(said)).hexdigest()
    assert whole == "4b9521c32bb2971b34a1af8fffdc348333bbe329f60abce2cd18fa9014dbc15a"


def test_the_office_reads_what_two_leads_confirmed_and_replies_to_them(thread):
    row = given(thread)
    staff, lead = as_(thread.boss), as_(thread.second_lead.person)
    page = f"{LIST}{row.pk}/"

    assert CLEAN in text_of(staff.get(page))
    assert "a paper of the City" in text_of(staff.get(page))
    staff.post(page, {"words": "We mend it on Friday."})
    assert "We mend it on Friday." in text_of(lead.get(page))
    with pytest.raises(Refused, match="replied before"):
        actions.reply(referral=row, person=thread.boss, words="No.", lang="en", now=thread.now)


def test_nothing_of_it_is_on_the_record_or_on_a_page_for_everyone(thread):
    before = LogEntry.objects.count()
    row = given(thread)
    assert LogEntry.objects.count() == before
    assert not [one for one in LogEntry.objects.all() if CLEAN[:20].encode() in bytes(one.raw)]
    assert as_(None).get(f"{LIST}{row.pk}/").status_code in {302, 403}
    assert as_(None).get(LIST).status_code in {302, 403}


def test_another_bureau_and_the_steward_find_nothing(thread):
    row = given(thread)
    other = stranger(thread)
    assert as_(other).get(f"{LIST}{row.pk}/").status_code == 404
    assert CLEAN[:20] not in text_of(as_(other).get(LIST))
    assert as_(thread.steward).get(f"{LIST}{row.pk}/").status_code in {302, 403, 404}


def test_nobody_but_who_holds_an_office_of_the_bureau_replies(thread):
    row = given(thread)
    as_(thread.first_lead.person).post(f"{LIST}{row.pk}/", {"words": "Mended."})
    assert Referral.objects.get().reply == ""


def test_who_wrote_it_does_not_confirm_it(thread):
    said = gift(speak(thread))
    with pytest.raises(Refused, match="You wrote this"):
        give(thread, propose(thread, said), said, seat=thread.first_lead)
    assert not Referral.objects.exists()


def sent(thread, seat):
    """Give what waits, as the reader of a seat takes it."""
    (waits,) = as_sent(thread.program, OFFICE, thread.promise, seat, thread.today)
    return waits


@pytest.mark.parametrize("name", ["words", "office", "lang", "salt", "mark"])
def test_a_second_lead_confirms_exactly_what_the_first_wrote(thread, name):
    said = gift(speak(thread))
    other = {"mark": speak(thread).mark, "office": "streets-and-signals/manager"}.get(name, "fr")
    with pytest.raises(Refused, match="not the words"):
        give(thread, propose(thread, said), {**said, name: other})
    assert not Referral.objects.exists()


def test_a_seat_of_its_first_days_is_none_of_the_two_and_sets_no_voice_aside(thread):
    said = gift(speak(thread))
    thread.later(20)
    new = thread.seat("new"), thread.seat("newer")
    for seat in new:
        with pytest.raises(Refused, match="new"):
            propose(thread, said, seat=seat)
    with pytest.raises(Refused, match="new"):
        give(thread, propose(thread, said), said, seat=new[0])
    assert not Referral.objects.exists()
    for seat in new:
        set_aside(
            program=thread.program, promise=thread.promise, seat=seat, marks=[said["mark"]], now=thread.now
        )
    assert not SetAside.objects.exists()


def test_a_lead_who_is_suspended_since_is_none_of_the_two(thread):
    said = gift(speak(thread))
    waits = propose(thread, said)
    suspend_seat(seat=thread.first_lead, ground="Case 7", now=thread.now)

    with pytest.raises(Refused, match="The lead who wrote this is suspended"):
        give(thread, waits, said)

    assert not Referral.objects.exists()


def test_who_is_a_lead_no_more_gives_nothing_and_takes_out_only_their_own(thread):
    first, second, third = thread.leads
    said, other = gift(speak(thread)), gift(speak(thread))
    waits, theirs = propose(thread, said), propose(thread, other, second)
    for seat in (first, third):
        leave_seat(seat=seat, on=thread.today, reason="Moved.", now=thread.now)
    thread.later(1)
    first, third = (Seat.objects.get(pk=one.pk) for one in (first, third))
    with pytest.raises(Refused, match="Whoever wrote this is a lead no more"):
        give(thread, waits, said)
    about = {"program": thread.program, "promise": thread.promise, "now": thread.now}
    for attempt in (
        lambda: propose(thread, said, first),
        lambda: give(thread, theirs, other, third),
        lambda: drop(proposal=theirs.pk, what=OFFICE, seat=third, **about),
    ):
        with pytest.raises(Refused, match="Your place is over"):
            attempt()
    drop(proposal=waits.pk, what=OFFICE, seat=first, **about)
    assert (Referral.objects.count(), Proposal.objects.get()) == (0, theirs)


def test_one_lead_alone_takes_nothing_out_that_another_would_give(thread):
    said = gift(speak(thread))
    waits = propose(thread, said)
    about = {"program": thread.program, "promise": thread.promise, "proposal": waits.pk, "now": thread.now}
    with pytest.raises(Refused, match="Only the lead who wrote this takes it out"):
        drop(**about, what=OFFICE, seat=thread.third_lead)
    shown = [sent(thread, one)["may_drop"] for one in thread.leads]
    assert shown == [True, False, False]
    give(thread, waits, said)
    assert Referral.objects.count() == 1


def test_what_a_lead_wrote_who_is_one_no_more_any_lead_takes_out(thread):
    waits = propose(thread, gift(speak(thread)))
    leave_seat(seat=thread.first_lead, on=thread.today, reason="Moved.", now=thread.now)
    thread.later(1)
    about = {"program": thread.program, "promise": thread.promise, "proposal": waits.pk, "now": thread.now}
    drop(**about, what=OFFICE, seat=thread.third_lead)
    assert not Proposal.objects.exists()


def test_what_a_lead_wrote_who_has_left_is_told_before_they_go_and_begun_again_by_another(thread):
    first, second, third = thread.leads
    propose(thread, gift(speak(thread)))
    line, again = "Confirm what goes to an office", "Start again what goes to an office"
    assert "1 text of yours that would go to an office" in text_of(
        as_(first.person).get("/riverbend/en/seat/leave/")
    )
    assert "that would go to an office" not in text_of(as_(third.person).get("/riverbend/en/seat/leave/"))
    assert line in text_of(as_(second.person).get("/riverbend/en/seat/seconds/"))
    leave_seat(seat=first, on=thread.today, reason="Moved.", now=thread.now)
    week, seconds = (
        text_of(as_(second.person).get(f"/riverbend/en/{one}/")) for one in ("week", "seat/seconds")
    )
    assert (line in week, again in week, line in seconds) == (False, True, False)
    assert sent(thread, second)["has_left"]


def test_of_one_voice_something_is_given_once(thread):
    said = speak(thread)
    given(thread, said)
    with pytest.raises(Refused, match="given to an office before"):
        given(thread, said)


def test_where_people_were_not_asked_nothing_is_passed_on(db):
    thread = Thread().to_open_engagement()
    with pytest.raises(Refused, match="were not asked"):
        propose(thread, gift(speak(thread)))


def test_before_a_second_lead_confirms_the_server_holds_nothing_in_the_clear(thread):
    propose(thread, gift(speak(thread)))
    with connection.cursor() as cursor:
        whole = b""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            whole += repr(cursor.fetchall()).encode()
    assert b"Elm Street" not in whole


def test_the_receipt_says_that_it_was_given_and_no_other_receipt_does(thread):
    mine, other = speak(thread), speak(thread, "The door is heavy.")
    assert not told(thread, mine)
    given(thread, mine)
    assert (told(thread, mine), told(thread, other)) == (True, False)


def test_no_row_and_no_order_of_rows_ties_what_was_given_to_a_voice(thread):
    voices = [speak(thread, f"Ramp {number}") for number in range(12)]
    for said in voices:
        given(thread, said)
    named = {field.name for field in Referral._meta.get_fields()}
    assert not named & {"mark", "act_hash", "voice", "given"}
    assert {field.name for field in Given._meta.get_fields()} == {"id", "program", "act_hash"}

    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT act_hash FROM referrals_given ORDER BY {place}")
        lie = [act for (act,) in cursor.fetchall()]
    assert sorted(lie) == sorted(said.act for said in voices)
    assert lie != [said.act for said in voices]


def test_a_voice_that_its_person_took_back_is_not_given(thread):
    said = speak(thread)
    words = gift(said)
    waits = propose(thread, words)
    withdraw(program=thread.program, act=receipt.act_secret(said.secret), now=thread.now)
    with pytest.raises(Refused, match="withdrew it"):
        give(thread, waits, words)
    assert not Referral.objects.exists()


def test_a_second_lead_sees_it_on_the_desk_and_the_first_does_not(thread):
    propose(thread, gift(speak(thread)))
    line = "Confirm what goes to an office"
    assert line in text_of(as_(thread.second_lead.person).get("/riverbend/en/week/"))
    assert line not in text_of(as_(thread.first_lead.person).get("/riverbend/en/week/"))


def test_a_lead_without_the_key_is_not_sent_to_confirm_what_they_cannot_read(thread):
    propose(thread, gift(speak(thread)))
    newcomer = thread.seat("newcomer")

    seen = {
        seat: "Confirm what goes to an office" in text_of(as_(seat.person).get("/riverbend/en/week/"))
        for seat in (newcomer, thread.second_lead)
    }

    assert seen == {newcomer: False, thread.second_lead: True}


@pytest.mark.postgres
def test_two_gifts_at_once_wait_for_each_other_so_that_no_receipt_loses_its_line(thread):
    with CaptureQueriesContext(connection) as asked_of_it:
        given(thread)
    said = [one["sql"] for one in asked_of_it]
    held = next(place for place, sql in enumerate(said) if "record_log" in sql and "FOR UPDATE" in sql)
    assert held < next(place for place, sql in enumerate(said) if "referrals_given" in sql)


def test_the_office_sees_it_on_its_desk_with_its_day_and_another_bureau_does_not(thread):
    given(thread)
    line = "Say what you do about it"
    assert line in text_of(as_(thread.boss).get("/riverbend/en/unit/"))
    day = day_in_words(Referral.objects.get().answer_by)
    assert f"days left · {day}" in text_of(as_(thread.boss).get("/riverbend/en/unit/"))
    assert line in text_of(as_(thread.boss).get("/riverbend/en/unit/dates/"))
    assert line not in text_of(as_(stranger(thread)).get("/riverbend/en/unit/"))


def test_both_leads_hear_of_a_reply_and_of_a_day_that_passed(thread):
    row = given(thread)
    lead = as_(thread.first_lead.person)
    assert "did not reply" not in text_of(lead.get("/riverbend/en/week/"))
    Referral.objects.update(answer_by=thread.now.date() - timedelta(days=1))
    assert "did not reply" in text_of(lead.get("/riverbend/en/week/"))
    actions.reply(referral=row, person=thread.boss, words="Mended.", lang="en", now=thread.now)
    assert "replied to what you gave it" in text_of(lead.get("/riverbend/en/week/"))


@pytest.mark.parametrize("who", ["lead", "staff"])
def test_the_list_asks_as_much_for_three_as_for_one(thread, who):
    client = as_(thread.first_lead.person if who == "lead" else thread.boss)
    asked = []
    for more in (1, 2):
        for _each in range(more):
            given(thread)
        with CaptureQueriesContext(connection) as told:
            shown = client.get(LIST)
        asked.append(
            (len(told), shown.content.decode().count("No reply") + text_of(shown).count("Reply due by"))
        )
    assert asked == [(QUERIES[who], 1), (QUERIES[who], 3)]


def test_letters_say_only_that_something_waits(thread, mailoutbox):
    given(thread)
    tick_program(thread.program, thread.now)
    work()
    (letter,) = mailoutbox
    assert letter.to == [thread.boss.email]
    assert "ramp" not in (letter.subject + letter.body).lower()


def test_it_is_erased_after_the_reply_and_not_under_a_legal_hold(thread):
    row = given(thread)
    actions.reply(referral=row, person=thread.boss, words="Mended.", lang="en", now=thread.now)
    propose(thread, gift(speak(thread)))
    later = thread.now + timedelta(days=4000)
    held = record.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)
    erase_old(program=thread.program, today=later.date())
    actions.erase_old(program=thread.program, today=later.date())
    assert (Referral.objects.count(), Proposal.objects.count()) == (1, 1)
    record.lift_hold(program=thread.program, hold=held.index, by="steward", now=thread.now)
    erase_old(program=thread.program, today=later.date())
    actions.erase_old(program=thread.program, today=later.date())
    assert (Referral.objects.count(), Proposal.objects.count()) == (0, 0)


def test_what_a_lead_takes_out_under_a_legal_hold_is_kept_and_given_to_nobody(thread):
    said = gift(speak(thread))
    waits = propose(thread, said)
    about = {"program": thread.program, "promise": thread.promise, "proposal": waits.pk, "now": thread.now}
    record.place_hold(program=thread.program, ground="Case 7", by=thread.manager.public_id, now=thread.now)
    drop(**about, what=OFFICE, seat=thread.first_lead)
    assert Proposal.objects.exists()
    with pytest.raises(Refused):
        actions.give(**about, seat=thread.second_lead, said=said)
    assert not Referral.objects.exists()


def test_what_nobody_replied_to_is_not_erased(thread):
    given(thread)
    actions.erase_old(program=thread.program, today=(thread.now + timedelta(days=4000)).date())
    assert Referral.objects.count() == 1


def as_asked(lead, page: str) -> dict[str, str]:
    """Give what the page of the questions of a draft sends."""
    return {one.html_name: one.value() for one in lead.get(page).context["form"]}


def test_a_lead_lets_people_be_asked_by_one_press_and_the_question_says_whose_paper_it_is(db):
    thread = Thread().open_program().draft_engagement(questions=QUESTIONS[1:])
    lead = as_(thread.first_lead.person)
    at = reverse("engagements:questions", args=["riverbend", "en", thread.engagement.slug])
    lead.post(at, as_asked(lead, at) | {"pass": "1"})
    lead.post(at, as_asked(lead, at) | {"pass": "1"})
    thread.engagement.refresh_from_db()
    added = [one for one in thread.engagement.form["questions"] if one["id"] == "pass-on"]
    assert len(added) == 1
    assert "a paper of the City" in added[0]["words"]["en"]
    assert added == with_ours(thread.engagement.form["questions"], "pass-on", ["en"])[-1:]
    assert lead.get(f"{at}pass-on/").status_code == 404


def test_no_lead_writes_other_words_over_the_question_in_any_language(db):
    thread = Thread(now=this_hour()).open_program().draft_engagement(questions=QUESTIONS)
    lead, draft = as_(thread.first_lead.person), thread.engagement
    questions = reverse("engagements:questions", args=["riverbend", "en", draft.slug])
    lead.post(questions, as_asked(lead, questions) | {"pass": "1"})
    draft.refresh_from_db()
    at = reverse("engagements:words", args=["riverbend", "en", draft.slug, "es"])
    shown = lead.get(at).context["form"]
    assert "pass-on-words" not in shown.fields
    typed = {**shown.initial, "checked": "on", "pass-on-words": "¿Usa la biblioteca?"}
    typed |= {"pass-on-hint": "Sirve para contar.", "pass-on-option-yes": "Sí, la uso."}
    assert lead.post(at, typed).status_code == 302
    draft.refresh_from_db()
    thread.found_keys(3)
    thread.make_keys().open()
    form = asked_of(Engagement.objects.get(pk=draft.pk))
    assert form == in_our_words(form, ["en", "es"])
    assert "Ciudad" in form["questions"][-1]["words"]["es"]


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "one"},
        {"options": [{"id": "yes", "words": {"en": "No, keep it.", "es": "No."}}]},
        {"words": {"en": "Do you use the library?", "es": "¿Usa la biblioteca?"}},
    ],
)
def test_who_asks_it_otherwise_gets_no_signature_and_may_give_nothing(thread, other):
    draft = Engagement.objects.get(pk=thread.engagement.pk)
    assert asks_in_our_words(draft.form)
    draft.form["questions"][-1] |= other
    assert not asks_in_our_words(draft.form)
    with pytest.raises(Refused, match="damaged"):
        refuse_if_incomplete(draft)


@pytest.mark.parametrize("pack", ["neutral", "portland"])
@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_no_rule_of_a_program_forbids_the_words_of_the_question(pack, lang):
    rules = load_pack(shipped_pack(pack))
    for words in (MAY_PASS_ON, PASSED_ON, YES_PASS_ON):
        said = translations.of(str(words), lang)
        assert said
        assert lint_question(said, rules) == []


def test_people_read_whose_paper_it_is_before_they_tick(thread):
    shown = Client().get(f"/riverbend/en/engagements/{thread.engagement.slug}/")
    assert 'name="pass-on"' in shown.content.decode()
    assert "Choose all that fit." not in text_of(shown)
