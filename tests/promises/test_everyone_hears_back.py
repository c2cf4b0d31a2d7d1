"""Promise 7: an engagement cannot close without a report-back in every language it was held in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from alongside.chain.reports import actions
from alongside.cohort.seats import actions as seats
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.core.workflow.engagements import course_at
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.models import Log, LogEntry
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import erase_text
from tests.promises.attempts import (
    BASE,
    accepted,
    appended_by_commands,
    as_,
    city,
    is_caught,
    taken_by_sql,
    today,
    without_rule,
)
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db


def held(now=None) -> Thread:
    """Walk to an engagement that is held in English and Spanish."""
    return Thread(**({"now": now} if now else {})).to_open_engagement()


def over() -> Thread:
    """Walk to today, when people could speak up to ten days ago."""
    return held(today() - timedelta(days=40)).later(40)


def report(thread, languages=("en", "es"), texts=None, by=None, promise=None):
    """Try to enter a report-back directly, past every form."""
    words = {lang: Text(lang, f"It is done ({lang}).") for lang in languages} if texts is None else texts
    return thread.enter(
        "report.published",
        by or [thread.first_lead.public_id],
        {"languages": list(languages)},
        {"engagement": [thread.promise if promise is None else promise]},
        words,
    )


def close(thread, report_entry=None, by=None):
    """Try to enter a close directly, once the clock did its own."""
    thread.end_intake()
    cites = {"engagement": [thread.promise]}
    if report_entry is not None:
        cites["report"] = [report_entry]
    return thread.enter("engagement.closed", by or [thread.first_lead.public_id], cites=cites)


def closed() -> int:
    return LogEntry.objects.filter(kind="engagement.closed").count()


def test_the_record_refuses_a_close_without_a_report_of_its_own(db):
    thread = held()
    finding = thread.find().index
    other = second_engagement(thread)
    thread.later(31)
    theirs = report(thread, promise=other).index
    attempts = {
        "no report": lambda: close(thread),
        "a finding in its place": lambda: close(thread, finding),
        "the promise in its place": lambda: close(thread, thread.promise),
        "the report of another engagement": lambda: close(thread, theirs),
    }
    assert accepted(attempts) == []


def second_engagement(thread) -> int:
    """Open another engagement beside the first and give its promise."""
    first, promise = thread.engagement, thread.promise
    thread.draft_engagement("street-lights")
    other = thread.make_keys().open().promise
    thread.engagement, thread.promise = first, promise
    return other


def test_the_record_refuses_a_report_while_people_can_speak(db):
    thread = held()
    assert accepted({"a lead": lambda: report(thread)}) == []
    thread.later(30)  # the last day to speak
    assert accepted({"on the last day": lambda: report(thread)}) == []
    thread.later(1)
    assert accepted({"the day after": lambda: report(thread)}) == ["the day after"]


def test_the_record_refuses_a_report_that_lacks_a_language(db):
    thread = held().later(31)
    en, es = Text("en", "Done."), Text("es", "Hecho.")
    attempts = {
        "one language": lambda: report(thread, ["en"]),
        "the other alone": lambda: report(thread, ["es"]),
        "one that nobody spoke in its place": lambda: report(thread, ["en", "vi"]),
        "a language without its text": lambda: report(thread, ["en", "es"], {"en": en}),
        "a text that is blank": lambda: report(thread, ["en", "es"], {"en": en, "es": Text("es", "  ")}),
        "no language": lambda: report(thread, []),
        "no text": lambda: report(thread, ["en", "es"], {}),
        "a city office": lambda: report(thread, by=[thread.manager.public_id]),
        "the program coordinator": lambda: report(thread, by=["steward"]),
        "more texts than languages": lambda: report(thread, ["en"], {"en": en, "es": es}),
    }
    assert accepted(attempts) == []


def test_only_leads_close_and_only_once(db):
    thread = held().later(31)
    whole = report(thread).index
    attempts = {
        "the bureau": lambda: close(thread, whole, [thread.manager.public_id]),
        "the program coordinator": lambda: close(thread, whole, ["steward"]),
        "the clock": lambda: close(thread, whole, ["clock"]),
    }
    assert accepted(attempts) == []
    close(thread, whole)
    assert accepted({"again": lambda: close(thread, whole)}) == []


def test_the_actions_refuse_what_lacks_a_language_and_a_close_before_it(db):
    thread = held()
    given = {
        "program": thread.program,
        "promise": thread.promise,
        "seat": thread.first_lead,
        "now": thread.now,
    }
    with pytest.raises(Refused, match="publish the report-back first"):
        actions.close_engagement(**given)
    for words in (
        {},
        {"en": "Done."},
        {"es": "Hecho."},
        {"en": "Done.", "es": " "},
        {"en": "Done.", "es": "\u2800\u200b"},
        {"en": "Done.", "vi": "X"},
    ):
        draft = actions.save_report(words=words, **given)
        with pytest.raises(ValidationError, match="people were asked in it"):
            actions.publish_report(draft=draft, seat=thread.first_lead, covers=[], now=thread.now)
    assert closed() == 0
    with pytest.raises(GrammarError, match="correct the last day of the promise first"):
        thread.report()
    assert closed() == 0
    thread.later(31).report()
    thread.end_intake()
    given["now"] = thread.now
    assert actions.close_engagement(**given).kind == "engagement.closed"


def test_no_form_closes_before_people_heard_back_in_every_language(db):
    thread = held(today())
    lead, page = as_(thread.first_lead.person), f"{BASE}/reports/{thread.promise}/write/"
    sent = [
        {"close": "1"},
        {"words_en": "Done.", "close": "1"},
        {"words_en": "Done.", "publish": "1"},
        {"words_en": "Done.", "words_es": " ", "publish": "1"},
        {"words_en": "Done.", "words_es": "\u3164", "publish": "1"},
        {"words_en": "Done.", "words_es": "Hecho.", "close": "1"},
        {"words_en": "Done.", "words_vi": "Xong.", "publish": "1", "close": "1"},
    ]
    assert [lead.post(page, one).status_code for one in sent] == [200] * len(sent)
    assert LogEntry.objects.filter(kind__in=("report.published", "engagement.closed")).count() == 0
    early = lead.post(page, {"words_en": "Done so far.", "words_es": "Hecho.", "publish": "1"})
    assert early.status_code == 200
    told = early.content.decode()
    assert ("correct the last day of the promise first." in told, "Done so far." in told) == (True, True)
    assert LogEntry.objects.filter(kind__in=("report.published", "engagement.closed")).count() == 0


@pytest.mark.parametrize("closed_before", [False, True])
def test_what_was_taken_down_in_one_language_is_said_anew_and_nothing_closes_without_it(db, closed_before):
    thread = over()
    lead, page = as_(thread.first_lead.person), f"{BASE}/reports/{thread.promise}/write/"
    told = report(thread)
    if closed_before:
        close(thread, told.index)
    erase_text(
        program=thread.program,
        entry=told.index,
        sha256=told.texts["es"]["sha256"],
        ground="Names a person.",
        by=[thread.second_lead.public_id, "steward"],
        now=thread.now,
    )
    if not closed_before:
        with pytest.raises(GrammarError, match="of the report-back in es were taken down"):
            close(thread, told.index)
    shown = lead.get(page).content.decode()
    assert ("Words of it were taken down." in shown, 'name="publish"' in shown) == (True, True)
    sent = {"words_en": "Done.", "words_es": "Hecho.", "publish": "1"}
    assert lead.post(page, sent)["Location"].endswith("?done=recorded#report")
    spanish = as_(None).get(f"{BASE.replace('/en', '/es')}/follow/{thread.promise}/").content.decode()
    assert "Hecho." in spanish
    with pytest.raises(GrammarError, match="people have heard back already"):
        report(thread)
    assert course_at(thread.promise, RowsLog(Log.objects.get())).report.index == told.index  # heard back then
    if not closed_before:
        thread.end_intake()
        assert lead.post(page, {"close": "1"}).status_code == 302
    assert closed() == 1


def test_a_lead_whom_the_unit_pays_does_not_close_alone_what_they_wrote(db):
    thread = held(today() - timedelta(days=40))
    lead = thread.seat("paid", paid_by=thread.unit.slug).person
    thread.later(40).end_intake()
    page = f"{BASE}/reports/{thread.promise}/write/"
    whole = {"words_en": "Done.", "words_es": "Hecho.", "publish": "1"}
    assert as_(lead).post(page, whole).status_code == 302
    alone = as_(lead).post(page, {"close": "1"})
    assert (alone.status_code, "another lead closes this." in alone.content.decode()) == (200, True)
    assert closed() == 0
    assert as_(thread.second_lead.person).post(page, {"close": "1"}).status_code == 302
    assert closed() == 1


def test_no_city_role_writes_or_closes(db):
    thread = over()
    thread.report()
    page = f"{BASE}/reports/{thread.promise}/write/"
    answers = {
        who: (as_(person).get(page).status_code, as_(person).post(page, {"close": "1"}).status_code)
        for who, person in city(thread).items()
    }
    assert answers == {"staff": (403, 403), "manager": (403, 403), "steward": (403, 403)}
    assert (as_(None).post(page, {"close": "1"}).status_code, closed()) == (403, 0)


def test_everyone_reads_it_in_each_language(db):
    thread = over()
    thread.report()
    for lang, words in (("en", "It is done."), ("es", "Ya está.")):
        page = as_(None).get(f"/riverbend/{lang}/reports/{thread.promise}/", follow=True)
        assert (lang, page.status_code, words in page.content.decode()) == (lang, 200, True)


def test_no_command_closes_or_reports():
    assert appended_by_commands() & {"report.published", "engagement.closed"} == set()


def test_no_sql_takes_a_report_back_or_forges_a_close(both_databases):
    thread = held().later(31)
    thread.report()
    statements = [
        "DELETE FROM record_logentry WHERE kind = 'report.published'",
        "UPDATE record_logentry SET kind = 'engagement.closed' WHERE kind = 'report.published'",
        "DELETE FROM record_publictext WHERE words = 'Ya está.'",
        "UPDATE record_publictext SET words = '' WHERE words = 'Ya está.'",
    ]
    assert taken_by_sql(statements) == []


def test_a_close_that_sql_forged_is_found_by_whoever_checks_the_record(db):
    from alongside.core.canonical import canonical
    from alongside.core.entries import GrammarError
    from alongside.core.grammar.log import check_log
    from alongside.core.grammar.versions import VERSION

    thread = held()
    forged = {
        "v": VERSION,
        "kind": "engagement.closed",
        "date": thread.now.date().isoformat(),
        "pen": "community",
        "by": [thread.first_lead.public_id],
        "data": {},
        "cites": {"engagement": [thread.promise], "report": [thread.promise]},
        "texts": {},
    }
    with pytest.raises(GrammarError, match="cite report.published"):
        check_log([*thread.entries(), canonical(forged)], origin=thread.program.origin)


@pytest.mark.parametrize(
    ("kind", "rule", "test", "says"),
    [
        (
            "engagement.closed",
            "heard_back",
            test_the_record_refuses_a_close_without_a_report_of_its_own,
            "the report of another engagement",
        ),
        ("engagement.closed", "heard_back", test_only_leads_close_and_only_once, "again"),
        (
            "report.published",
            "has_every_language",
            test_the_record_refuses_a_report_that_lacks_a_language,
            "one language",
        ),
        (
            "report.published",
            "intake_is_over",
            test_the_record_refuses_a_report_while_people_can_speak,
            "a lead",
        ),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, rule, test, says):
    without_rule(monkeypatch, kind, rule)
    is_caught(says, test, None)


def test_the_one_lead_who_can_act_closes_also_where_the_steward_says_that_the_unit_pays_them(db):
    thread = held(today() - timedelta(days=40))
    seats.leave_seat(seat=thread.third_lead, on=thread.now.date(), reason="", now=thread.now)
    thread.later(40).end_intake()
    seats.declare_payer(seat=thread.first_lead, paid_by=thread.unit.slug, now=thread.now)
    lead, page = as_(thread.first_lead.person), f"{BASE}/reports/{thread.promise}/write/"
    assert lead.post(page, {"words_en": "Done.", "words_es": "Hecho.", "publish": "1"}).status_code == 302
    assert lead.post(page, {"close": "1"}).status_code == 200
    given = {"ground": "absent", "reasons": "Was away.", "appeal_to": "city-manager/manager"}
    seats.remove_seat(seat=thread.second_lead, by=thread.steward, now=thread.now, **given)
    assert lead.post(page, {"close": "1"}).status_code == 302
    assert closed() == 1
