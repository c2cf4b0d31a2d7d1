"""The whole thread, walked by actions and the clock alone; the pure checker agrees with every step."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.chain.asks import tasks as ask_clock
from alongside.chain.commitments import tasks as commitment_clock
from alongside.chain.reports import actions as reports
from alongside.core.grammar.log import check_log
from alongside.ground.programs.models import Office
from alongside.ground.record.actions import folded, heads
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.models import Citation, MilestoneStanding, Standing
from tests.support.thread import Thread, silence_untold


def test_a_voice_is_followed_to_what_was_kept(db) -> None:
    thread = Thread().to_open_engagement().later(40)
    finding = thread.find()
    ask = thread.recommend(finding)
    given, commitment = thread.later(20).answer(ask)
    claim = thread.later(30).claim(commitment)
    assert thread.check(claim, thread.second_lead) is None
    kept = thread.check(claim, thread.third_lead)
    thread.end_intake().report()
    reports.close_engagement(
        program=thread.program, promise=thread.promise, seat=thread.first_lead, now=thread.now
    )

    summary = check_log(thread.entries(), origin=thread.program.origin)
    assert kept.kind == "delivery.verified"
    assert MilestoneStanding.objects.get().completion == "complete"
    assert Standing.objects.get().state == "answered"
    assert summary.entries == len(thread.entries())
    assert silence_untold(summary) == []


def test_silence_becomes_an_entry_by_itself_and_only_once(db) -> None:
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find())
    sent = []
    thread.later(70)
    first = ask_clock.tick(program=thread.program, now=thread.now, send=lambda *told: sent.append(told[-1]))
    again = ask_clock.tick(program=thread.program, now=thread.now, send=lambda *told: sent.append(told[-1]))
    assert (first > 0, again) == (True, 0)
    assert sent == ["escalated"]
    assert Standing.objects.get(ask=ask.index).silences == 1
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["ask.silent"] == 1


def test_a_late_milestone_is_told_by_the_clock(db) -> None:
    thread = Thread().to_open_engagement().later(40)
    thread.answer(thread.recommend(thread.find()))
    thread.later(90)
    assert commitment_clock.tick(program=thread.program, now=thread.now) == 1
    assert commitment_clock.tick(program=thread.program, now=thread.now) == 0


def test_what_is_folded_can_be_rebuilt_from_the_entries(db) -> None:
    thread = Thread().to_open_engagement().later(40)
    given, commitment = thread.answer(thread.recommend(thread.find()))
    thread.claim(commitment)

    def rows():
        return [
            list(
                model.objects.order_by(*order).values(*[f.name for f in model._meta.fields if f.name != "id"])
            )
            for model, order in (
                (Citation, ("citing", "role", "cited")),
                (Standing, ("ask",)),
                (MilestoneStanding, ("commitment", "milestone")),
            )
        ]

    before = rows()
    folded.rebuild(program=thread.program)
    assert rows() == before


def test_a_head_is_signed_once_for_each_growth(db) -> None:
    thread = Thread().open_program()
    head = heads.sign_head(program=thread.program, now=thread.now)
    assert head.size == len(thread.entries())
    assert heads.sign_head(program=thread.program, now=thread.now) is None


#: The lock, what every append asks for, the rule of this kind, the line, its texts, the log, what is found, its words.
QUERIES_OF_AN_APPEND = 8


def test_one_entry_is_appended_in_eight_queries(db) -> None:
    thread = Thread().open_program()
    office = Office.objects.filter(unit__program=thread.program, signs=True).select_related("unit")[0]

    def draft(slug: str) -> Draft:
        texts = {"title": Text("en", "Of old"), "summary": Text("en", "Of old")}
        data = {"project": slug, "unit": office.unit.slug}
        return Draft(kind="project.registered", by=[office.public_id], data=data, texts=texts)

    append(program=thread.program, drafts=[draft("first")], now=thread.now)
    with CaptureQueriesContext(connection) as queries:
        append(program=thread.program, drafts=[draft("second")], now=thread.now)
    asked = [one["sql"] for one in queries if one["sql"].startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
    assert len(asked) == QUERIES_OF_AN_APPEND
