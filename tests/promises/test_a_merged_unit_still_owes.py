"""Promise 4: what a unit owed outlives it; the office above answers for a unit that the rules have no more, and for no other."""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from alongside.chain.answers import actions as answering
from alongside.chain.asks import actions as asks
from alongside.chain.commitments.queries import checkers_for
from alongside.core.canonical import canonical
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.bureaus import EVER, is_beside
from alongside.core.grammar.check import check_entry, parse
from alongside.core.grammar.log import check_log
from alongside.core.grammar.versions import KINDS, VERSION
from alongside.core.ledger.tree import Tree
from alongside.core.money import Money
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Office, Post
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.record.actions.entries import Draft, EntryRef, Text, append
from alongside.ground.record.models import LogEntry, MilestoneStanding
from alongside.ground.record.rows import RowsLog
from alongside.site import ticking
from alongside.work.engagements.models import Correction
from alongside.work.invitations import actions as invitations
from tests.promises.attempts import BASE, adopt, agree, as_, today, translation, without_the_unit
from tests.support.acts import signed_act
from tests.support.outbox import send_out
from tests.support.thread import Thread, posted_by_rows
from tests.work.consultations.cast import Review
from tests.work.workplans.cast import Plan

pytestmark = pytest.mark.django_db
ABOVE = "city-manager/manager"
BESIDE = "open-data/manager"
DESK = f"{BASE}/unit/"
CORRECT = f"{BASE}/engagements/library-computers/correct/"


@pytest.fixture
def thread(db) -> Thread:
    return Thread(now=today()).to_open_engagement()


@pytest.fixture
def above(thread) -> Person:
    person = make_person(email="above@riverbend.example")
    give_office(person=person, program=thread.program, office=ABOVE, from_date=date(2026, 1, 1))
    return person


@pytest.fixture
def beside(thread) -> Person:
    person = make_person(email="beside@riverbend.example")
    give_office(person=person, program=thread.program, office=BESIDE, from_date=date(2026, 1, 1))
    return person


def merge_away(thread: Thread, folder, text: str = "") -> None:
    """Adopt rules without the unit, with more than half of the leads."""
    adopt(thread, text or without_the_unit(thread.unit.slug), folder)
    agree(thread.first_lead)
    agree(thread.second_lead)


def contested(thread: Thread) -> int:
    """Decline an ask, and let a lead contest that; give the contest."""
    given = thread.answer(thread.recommend(thread.find()), "declined")[0]
    say = {"program": thread.program, "words": "That is no answer.", "lang": "en", "now": thread.now}
    return answering.contest(answer=given.index, seat=thread.first_lead.public_id, **say).index


def promised(thread: Thread) -> int:
    return thread.answer(thread.recommend(thread.find()))[-1].index


def last(thread: Thread, kind: str = "") -> dict:
    told = map(json.loads, reversed(thread.entries()))
    return next(one for one in told if kind in {"", one["kind"]})


def links(person: Person, part: str, page: str = DESK) -> list[str]:
    """Give what a page links to, each once: the first that waits on a desk stands beside the queue, too."""
    found = re.findall(rf'href="([^"]*{part}[^"]*)"', as_(person).get(page).content.decode())
    return list(dict.fromkeys(found))


def open_at(about: int) -> str:
    """Match the link of the desk that opens an answer beside the queue."""
    return rf"\?at={about}#"


def verify(thread: Thread) -> None:
    check_log(thread.entries(), origin=thread.program.origin)


def reply(thread: Thread, contest: int, office: str, decision: str = "stands"):
    data, texts = {"decision": decision, "signed_off": office}, {"reply": Text("en", "It stands.")}
    return thread.enter("contest.replied", [office], data, {"contest": [contest]}, texts)


def claim(thread: Thread, commitment: int, office: str):
    texts = {"claim": Text("en", "It is set.")}
    return thread.enter(
        "delivery.claimed", [office], {"milestone": "m1"}, {"commitment": [commitment]}, texts
    )


def correct(thread: Thread, office: str, seat: str = ""):
    by = [seat or thread.first_lead.public_id, office]
    said = Draft(
        kind="engagement.corrected",
        by=by,
        data={"about": "title"},
        cites={"engagement": [thread.promise]},
        texts={"correction": Text("en", "It has another name.")},
    )
    other = translation(EntryRef(0), by, "es", {"correction": "Tiene otro nombre."})
    return append(program=thread.program, drafts=[said, other], now=thread.now)[0]


def judged(thread: Thread, entry: Entry) -> None:
    """Judge an entry of an older grammar by the record as it stands."""
    check_entry(entry, RowsLog.of(thread.program))


def typed(thread: Thread) -> dict[str, str]:
    day = (thread.now.date() + timedelta(days=44)).isoformat()
    return {"about": "closes", "day": day, "words": "The hall was closed.", "words-es": "Cerró la sala."}


def test_the_record_lets_the_office_above_act_only_for_a_unit_that_is_gone(thread, tmp_path):
    contest, commitment = contested(thread), None
    ask = thread.recommend(thread.find(), "Keep for an hour")
    commitment = thread.answer(ask)[-1].index
    acts = (
        lambda office: reply(thread, contest, office),
        lambda office: claim(thread, commitment, office),
        lambda office: correct(thread, office),
    )
    words = "only that bureau|sign its correction together"
    for act in acts:
        with pytest.raises(GrammarError, match=words):
            act(ABOVE)
    merge_away(thread, tmp_path)
    for act in acts:
        with pytest.raises(GrammarError, match=words):
            act(BESIDE)
        with pytest.raises(GrammarError, match="not an office of the policy in force"):
            act(thread.manager.public_id)
    assert [act(ABOVE).by[-1] for act in acts] == [ABOVE] * 3
    verify(thread)


FORGED = {
    "contest.replied": ({"decision": "stands", "signed_off": ABOVE}, "contest", "reply"),
    "delivery.claimed": ({"milestone": "m1"}, "commitment", "claim"),
    "engagement.corrected": ({"about": "title"}, "engagement", "correction"),
}


@pytest.mark.parametrize("kind", FORGED)
def test_whoever_checks_the_record_finds_an_office_above_that_acted_for_a_unit_that_stands(
    thread, tmp_path, kind
):
    data, role, text = FORGED[kind]
    cited = {"contest": contested(thread), "engagement": thread.promise}
    cited["commitment"] = thread.answer(thread.recommend(thread.find(), "Keep for an hour"))[-1].index
    by = [*([thread.first_lead.public_id] if kind == "engagement.corrected" else []), ABOVE]
    every = {"date": thread.now.date().isoformat(), "by": by}
    said = {text: {"lang": "en", "sha256": "ab" * 32}}

    def with_forged(v: int) -> list[bytes]:
        before = thread.entries()
        act = {"v": v, "kind": kind, "pen": KINDS[kind].pen, "data": data, "cites": {role: [cited[role]]}}
        forged = [every | act | {"texts": said}]
        if kind == "engagement.corrected":
            told = {"lang": "es", "reviewed": True, "made_by": "person"}
            name = "text.translated"
            also = {
                "v": v,
                "kind": name,
                "pen": KINDS[name].pen,
                "data": told,
                "cites": {"of": [len(before)]},
            }
            forged.append(every | also | {"texts": {text: {"lang": "es", "sha256": "cd" * 32}}})
        if kind == "engagement.corrected" and v == VERSION:
            head = {"first": len(before), "size": len(before), "root": Tree(before).root(len(before))}
            hands = {by[0]: thread.keyrings[by[0]].key}
            forged = signed_act(forged, **head, origin=thread.program.origin, hands=hands, nonce="5a" * 16)
        return [*before, *map(canonical, forged)]

    words = "only that bureau|sign its correction together"
    with pytest.raises(GrammarError, match=words):
        check_log(with_forged(VERSION), origin=thread.program.origin)
    merge_away(thread, tmp_path)
    check_log(with_forged(VERSION), origin=thread.program.origin)
    index = len(thread.entries())
    with pytest.raises(GrammarError, match=words):
        judged(thread, parse(index, with_forged(1)[index]))


def test_the_office_above_replies_to_a_contest_of_a_merged_unit_from_its_desk(
    thread, above, beside, tmp_path
):
    contest = contested(thread)
    page = f"{BASE}/answers/{contest}/"
    assert links(above, open_at(contest)) == []
    assert as_(above).get(page).status_code == 404
    merge_away(thread, tmp_path)
    assert links(above, open_at(contest)) == [f"{DESK}?at={contest}#thing"]
    name = load_pack(shipped_pack("neutral")).words(f"units.{thread.unit.slug}.name", "en")
    assert [name in as_(above).get(one).content.decode() for one in (DESK, page)] == [True, True]
    assert links(beside, open_at(contest)) == []
    assert [as_(one).get(page).status_code for one in (beside, thread.boss)] == [404, 403]
    sent = {"decision": "accepted", "reasons": "We will do it.", "owner": ABOVE, "evidence": "A page."}
    sent |= {"milestone_1": "Set it.", "due_1": (thread.now.date() + timedelta(days=60)).isoformat()}
    as_(above).post(page, sent | {"sign": "1"})
    assert send_out(thread.program) == 1
    kinds = [(one["kind"], one["by"]) for one in map(json.loads, thread.entries()[-2:])]
    assert kinds == [("contest.replied", [ABOVE]), ("commitment.made", [ABOVE])]
    assert links(above, open_at(contest)) == []
    verify(thread)


def test_the_office_above_claims_what_a_merged_unit_promised_from_its_desk(thread, above, beside, tmp_path):
    commitment = promised(thread)
    page = f"{BASE}/commitments/{commitment}/m1/claim/"
    assert links(above, "/m1/claim/") == []
    assert as_(above).get(page).status_code == 404
    merge_away(thread, tmp_path)
    assert links(above, "/m1/claim/") == [page]
    office = load_pack(shipped_pack("neutral")).office_title(thread.manager.public_id, "en")
    assert office in as_(above).get(DESK).content.decode()
    assert links(beside, "/m1/claim/") == []
    assert [as_(one).get(page).status_code for one in (beside, thread.boss)] == [404, 403]
    as_(above).post(page, {"words": "It is set.", "links": "https://example.org/set"})
    assert (last(thread)["kind"], last(thread)["by"]) == ("delivery.claimed", [ABOVE])
    assert MilestoneStanding.objects.get(commitment=commitment).claim is not None
    verify(thread)


def test_the_office_above_signs_and_writes_corrections_of_what_a_merged_unit_promised(
    thread, above, beside, tmp_path
):
    merge_away(thread, tmp_path)
    as_(thread.first_lead.person).post(CORRECT, typed(thread))
    page = f"{CORRECT}{Correction.objects.get().pk}/"
    assert links(above, re.escape(page)) == [page]
    assert links(beside, re.escape(page)) == []
    assert as_(beside).get(page).status_code == 404
    as_(above).post(page)
    by = [thread.first_lead.public_id, ABOVE]
    assert last(thread, "engagement.corrected")["by"] == by
    as_(above).post(CORRECT, typed(thread) | {"about": "decision", "day": ""})
    as_(thread.first_lead.person).post(f"{CORRECT}{Correction.objects.latest('pk').pk}/")
    assert last(thread, "engagement.corrected")["by"] == by[::-1]
    verify(thread)


def test_a_lead_whom_the_office_above_employs_signs_no_correction_with_it(thread, tmp_path):
    seat = thread.third_lead.public_id
    merge_away(thread, tmp_path)
    thread.enter("seat.declared", [seat], {"seat": seat, "works_for": "city-manager"})
    with pytest.raises(GrammarError, match="cannot sign with it for the community"):
        correct(thread, ABOVE, seat)
    assert correct(thread, ABOVE)


def test_a_reply_that_was_owed_by_a_merged_office_above_is_owed_by_the_one_that_came_after(
    thread, beside, tmp_path
):
    seat = thread.first_lead.public_id
    asking = {"program": thread.program, "seat": seat, "now": thread.now}
    ask = thread.question()
    thread.answer(ask, "declined")
    asks.raise_question(ask=ask.index, words="We need it.", lang="en", **asking)
    page = f"{BASE}/asks/{ask.index}/reply/"
    assert as_(beside).get(page).status_code == 404
    pack = without_the_unit("city-manager").replace(ABOVE, BESIDE)
    merge_away(thread, tmp_path, pack)
    as_(beside).post(page, {"decision": "stands", "words": "Nobody counted."})
    assert (last(thread)["kind"], last(thread)["by"]) == ("raise.replied", [BESIDE])
    verify(thread)


def test_a_unit_that_comes_back_acts_again_itself_and_the_office_above_no_more(thread, above, tmp_path):
    commitment = promised(thread)
    merge_away(thread, tmp_path)
    assert len(links(above, "/m1/claim/")) == 1
    merge_away(thread, tmp_path, shipped_pack("neutral") + "\n")
    assert links(above, "/m1/claim/") == []
    with pytest.raises(GrammarError, match="only that bureau claims"):
        claim(thread, commitment, ABOVE)
    assert claim(thread, commitment, thread.manager.public_id)
    verify(thread)


def test_the_silence_of_a_merged_unit_is_told_like_every_other(thread, tmp_path):
    contested(thread)
    thread.answer(thread.recommend(thread.find(), "Keep for an hour"))
    thread.recommend(thread.find(), "Keep for a week")
    merge_away(thread, tmp_path)
    before = LogEntry.objects.count()
    thread.later(120)
    ticking.tick(thread.now)
    told = {one.kind for one in LogEntry.objects.filter(index__gte=before)}
    assert told >= {"contest.silent", "commitment.late", "ask.silent", "ask.escalated"}
    verify(thread)


def test_the_steward_is_not_sent_to_fill_an_office_that_the_rules_have_no_more(thread, above, tmp_path):
    contested(thread)
    page = f"{BASE}/steward/"
    step = "Give the office to someone."
    assert step not in as_(thread.steward).get(page).content.decode()
    merge_away(thread, tmp_path)
    assert step not in as_(thread.steward).get(page).content.decode()


def test_an_ask_of_a_merged_unit_is_handed_on_and_not_answered_by_who_hands_it_on(thread, above, tmp_path):
    ask = thread.recommend(thread.find()).index
    merge_away(thread, tmp_path)
    assert as_(above).get(f"{BASE}/answers/{ask}/").status_code == 404
    assert links(above, open_at(ask)) == []
    page = f"{BASE}/asks/{ask}/transfer/"
    assert links(above, f"/asks/{ask}/") == [page]
    office = load_pack(shipped_pack("neutral")).office_title(thread.manager.public_id, "en")
    assert office in as_(above).get(DESK).content.decode()
    as_(above).post(page, {"office": ABOVE, "words": "Their unit was merged into this one."})
    assert (last(thread)["kind"], last(thread)["by"]) == ("ask.transferred", [ABOVE])
    assert links(above, open_at(ask)) == [f"{DESK}?at={ask}#thing"]
    assert as_(above).get(f"{BASE}/answers/{ask}/").status_code == 200


def test_the_desk_of_a_bureau_leads_its_manager_to_what_it_promised_people_and_to_its_correction(
    thread, above, tmp_path
):
    assert links(thread.boss, re.escape(CORRECT)) == [CORRECT]
    assert links(thread.staff, re.escape(CORRECT)) == []
    assert links(above, re.escape(CORRECT)) == []
    merge_away(thread, tmp_path)
    assert links(above, re.escape(CORRECT)) == [CORRECT]
    assert [parse(0, one).kind for one in thread.entries()].count("engagement.corrected") == 0


def test_a_lead_whom_the_office_above_pays_cannot_say_that_a_merged_unit_kept_its_promise(thread, tmp_path):
    claimed = claim(thread, promised(thread), thread.manager.public_id)
    merge_away(thread, tmp_path)
    seat = thread.third_lead.public_id
    thread.enter("seat.declared", [seat], {"seat": seat, "paid_by": "city-manager"})
    step = MilestoneStanding.objects.get(claim=claimed.index)
    checkers = checkers_for(thread.program, step, thread.now.date())
    assert seat not in [one.public_id for one in checkers]
    data, cites = {"milestone": "m1", "completion": "complete"}, {"claim": [claimed.index]}
    given = {"data": data, "cites": cites, "texts": {"check": Text("en", "We looked.")}}
    with pytest.raises(GrammarError, match="since this was promised|paid or employed by"):
        thread.enter("delivery.verified", [seat, thread.first_lead.public_id], **given)
    assert thread.enter(
        "delivery.verified", [one.public_id for one in (thread.first_lead, thread.second_lead)], **given
    )


def test_advice_on_a_brief_of_a_merged_unit_goes_to_who_answers_for_it(thread, above, beside, tmp_path):
    review, page = Review(thread=thread), f"{BASE}/consultations/ai-register/take-back/"
    assert as_(above).get(page).status_code == 404
    merge_away(thread, tmp_path)
    _advice, point = review.advise()
    assert (point.kind, point.data["office"]) == ("ask.advised", ABOVE)
    assert [as_(one).get(page).status_code for one in (beside, above)] == [404, 200]
    as_(above).post(page, {"reason": "The unit is no more.", "words": "The unit is no more."})
    assert (last(thread)["kind"], last(thread)["by"]) == ("consultation.withdrawn", [ABOVE])
    wrong = {
        "data": {**point.data, "office": BESIDE},
        "cites": {role: list(cited) for role, cited in point.cites.items()},
    }
    with pytest.raises(GrammarError, match="the brief says that"):
        thread.enter(
            "ask.advised", list(point.by), **wrong, texts={"title": Text("en", "A"), "ask": Text("en", "B")}
        )
    verify(thread)


def test_leads_follow_up_on_an_answer_of_a_merged_unit_with_who_answers_for_it(thread, tmp_path):
    ask = thread.question()
    thread.answer(ask, "told")
    merge_away(thread, tmp_path)
    with pytest.raises(GrammarError, match="goes to the bureau that answered"):
        thread.question(office=BESIDE, follows=ask.index)
    sent = {"title": "And how many do not?", "ask": "Tell us that number, too."}
    as_(thread.first_lead.person).post(f"{BASE}/asks/{ask.index}/follow-up/", sent)
    assert (last(thread)["kind"], last(thread)["data"]["office"]) == ("ask.questioned", ABOVE)
    verify(thread)


def test_the_office_above_takes_back_what_a_merged_unit_asked_leads_for(thread, above, beside, tmp_path):
    asked = invitations.invite(
        program=thread.program,
        slug="help",
        office=thread.manager.public_id,
        needed_by=thread.now.date() + timedelta(days=90),
        level=("iap2", "involve"),
        pay=Money.of("100.00", "USD"),
        interpretation=Money.of("50.00", "USD"),
        words={"title": "Benches", "decision": "Where they stand", "open": "All of it"},
        lang="en",
        now=thread.now,
    )
    assert asked.kind == "invitation.made"
    page = f"{BASE}/invitations/help/withdraw/"
    assert as_(above).get(page).status_code == 404
    merge_away(thread, tmp_path)
    assert links(above, re.escape(page), f"{BASE}/invitations/help/") == [page]
    assert as_(beside).get(page).status_code == 404
    as_(above).post(page, {"words": "The unit is no more."})
    assert (last(thread)["kind"], last(thread)["by"]) == ("invitation.withdrawn", [ABOVE])
    verify(thread)


def test_the_office_above_tells_what_was_decided_on_a_project_of_a_merged_unit(thread, tmp_path):
    data = {"decision": thread.decision.slug, "on": (thread.now.date() + timedelta(days=9)).isoformat()}
    cites, texts = {"decision": [thread.decision.entry]}, {"reason": Text("en", "It takes longer.")}
    given = {"data": data, "cites": cites, "texts": texts}
    for office in (ABOVE, BESIDE):
        with pytest.raises(GrammarError, match="the bureau of the project, or the one that decides"):
            thread.enter("decision.moved", [office], **given)
    merge_away(thread, tmp_path)
    with pytest.raises(GrammarError, match="the bureau of the project, or the one that decides"):
        thread.enter("decision.moved", [BESIDE], **given)
    assert thread.enter("decision.moved", [ABOVE], **given)
    verify(thread)


def test_a_lead_and_the_office_above_take_down_what_bound_a_merged_unit(thread, above, beside, tmp_path):
    answer = thread.answer(thread.recommend(thread.find()), "declined")[0].index
    page, sent = f"{BASE}/record/{answer}/agree/", {"name": "reasons", "ground": "Order 12"}
    asked = (thread.first_lead.person, above)

    def lines() -> list[str]:
        return [as_(one).post(page, sent).context["line"] for one in asked]

    assert [bool(one) for one in lines()] == [True, False]
    merge_away(thread, tmp_path)
    assert as_(beside).post(page, sent).context["line"] == ""
    codes = [one.split()[-1] for one in lines()]
    call_command("text", "take-down", "riverbend", str(answer), "reasons", "Order 12", *codes)
    assert last(thread, "text.erased")["by"] == ["steward", thread.first_lead.public_id, ABOVE]
    verify(thread)


def steps_of(plan: Plan, offices: Sequence[str]) -> list[str]:
    """Let each office propose the plan as it stands, past its page; give what refused it."""
    version = plan.shown.standing.versions[-1].proposed
    refused = []
    for office in offices:
        number, cites = version.data["version"] + 1, {"before": [version.index]}
        texts = {"title": Text("en", "A plan"), "plan": Text("en", "What we do.")}
        try:
            with transaction.atomic():
                units = [office.split("/")[0]]
                data = {**version.data, "version": number, "units": units}
                plan.thread.enter("workplan.proposed", [office], data, cites, texts)
                raise NotRefused
        except GrammarError as error:
            refused.append(str(error))
        except NotRefused:
            refused.append("")
    return refused


class NotRefused(Exception):
    """An entry was taken; it is rolled back."""


def test_the_next_version_of_a_workplan_names_who_answers_for_a_merged_unit(db, tmp_path):
    plan = Plan(now=today())
    plan.in_force()
    thread, page = plan.thread, f"{BASE}/workplans/libraries/"
    above, beside = (make_person(email=f"{one}@riverbend.example") for one in ("above", "beside"))
    for person, office in ((above, ABOVE), (beside, BESIDE)):
        give_office(person=person, program=thread.program, office=office, from_date=date(2026, 1, 1))
    assert as_(above).get(f"{page}sign/").status_code == 404
    assert [
        one for one in steps_of(plan, [ABOVE, BESIDE]) if "keeps its cohort and its bureaus" not in one
    ] == []
    merge_away(thread, tmp_path)
    mine, other = steps_of(plan, [ABOVE, BESIDE])
    assert (mine, "keeps its cohort and its bureaus" in other) == ("", True)
    assert [as_(one).get(f"{page}sign/").status_code for one in (beside, thread.boss)] == [404, 403]
    assert as_(above).get(f"{page}draft/").status_code == 200
    plan.write(activity_office=ABOVE)
    shown = as_(above).get(f"{page}sign/")
    sent = {"read": shown.context["read_draft"], "sure": "on"}
    assert as_(above).post(f"{page}sign/", sent).status_code == 302
    proposed = last(thread)
    assert (proposed["kind"], proposed["by"], proposed["data"]["units"]) == (
        "workplan.proposed",
        [ABOVE],
        ["city-manager"],
    )
    version = plan.shown.standing.versions[-1].proposed
    plan.sign(version, plan.lead)
    assert plan.shown.standing.in_force.proposed.index == version.index
    verify(thread)


def test_a_version_that_waits_for_a_merged_unit_is_on_the_desk_of_who_answers_for_it(db, tmp_path):
    plan = Plan(now=today()).fill()
    plan.propose()
    above = make_person(email="above@riverbend.example")
    give_office(person=above, program=plan.program, office=ABOVE, from_date=date(2026, 1, 1))
    page = f"{BASE}/workplans/libraries/sign/"
    assert links(above, page) == []
    merge_away(plan.thread, tmp_path)
    assert links(above, page) == [page]
    plan.write(activity_office=ABOVE)
    shown = as_(above).get(page)
    assert as_(above).post(page, {"read": shown.context["read_draft"], "sure": "on"}).status_code == 302
    assert links(above, page) == []
    plan.sign(plan.shown.standing.versions[-1].proposed, plan.lead)
    assert plan.shown.standing.in_force


def test_a_lead_whom_the_office_above_employs_signs_no_workplan_with_it(db, tmp_path):
    plan = Plan(now=today())
    plan.in_force()
    thread, seat = plan.thread, plan.thread.third_lead.public_id
    merge_away(thread, tmp_path)
    thread.enter("seat.declared", [seat], {"seat": seat, "works_for": "city-manager"})
    plan.write(activity_office=ABOVE)
    version = plan.propose(ABOVE)
    with pytest.raises(GrammarError, match="cannot sign with it for the community"):
        plan.sign(version, seat)


def test_a_lead_can_say_that_they_once_served_a_bureau_that_is_gone_and_works_for_none_that_is(
    thread, tmp_path
):
    promised(thread)
    merge_away(thread, tmp_path)
    seat, gone = thread.third_lead.public_id, thread.unit.slug
    with pytest.raises(GrammarError, match="no bureau of the policy in force"):
        thread.enter("seat.declared", [seat], {"seat": seat, "works_for": gone})
    thread.enter("seat.declared", [seat], {"seat": seat, "served": gone})
    verify(thread)


WITHIN, RENAMED, BUREAU = "signs-and-markings", "road-marks", "streets-and-signals"


def answers(thread, unit):
    """Let the manager of a unit answer for the City from now on."""
    boss = thread.made["Person", f"{unit}/staff"] = make_person(email="boss@riverbend.example")
    give_office(person=boss, program=thread.program, office=f"{unit}/manager", from_date=date(2026, 1, 1))
    thread.manager = Office.objects.get(unit__slug=unit, signs=True)
    thread.unit = thread.manager.unit


def claim_of(thread, unit):
    """Let a unit promise something, and say that it is done."""
    return thread.claim(thread.answer(thread.recommend(thread.find(), office=f"{unit}/manager"))[-1])


def checks_nothing(thread, claim, seat):
    with pytest.raises(Refused, match="another lead must check it"):
        thread.check(claim, seat)
    assert thread.check(claim, thread.first_lead) is None
    by = [thread.first_lead.public_id, seat.public_id]
    said = {"milestone": "m1", "completion": "complete"}
    with pytest.raises(GrammarError, match="since this was promised|worked for the other side"):
        thread.enter(
            "delivery.verified", by, said, {"claim": [claim.index]}, {"check": Text("en", "We looked.")}
        )


@pytest.mark.parametrize("promises", [RENAMED, BUREAU])
@pytest.mark.parametrize("how", ["had a post", "served", "works_for", "paid_by"])
def test_whoever_was_tied_to_a_unit_that_is_gone_checks_nothing_that_its_bureau_or_a_new_unit_of_it_promises(
    db, tmp_path, how, promises
):
    thread = Thread(now=today()).to_open_engagement()
    seat = thread.third_lead
    if how == "had a post":
        post = posted_by_rows(thread.program, seat.person, f"{WITHIN}/manager")
        Post.objects.filter(pk=post.pk).update(until_date=thread.now.date())
    else:
        thread.enter("seat.declared", [seat.public_id], {"seat": seat.public_id, how: WITHIN})
    merge_away(thread, tmp_path, shipped_pack("neutral").replace(f'slug = "{WITHIN}"', f'slug = "{RENAMED}"'))
    answers(thread, promises)

    checks_nothing(thread, claim_of(thread, promises), seat)


@pytest.mark.parametrize("how", ["works_for", "paid_by", "served"])
def test_whoever_was_tied_to_a_bureau_checks_nothing_that_it_promises_under_a_new_name(db, tmp_path, how):
    thread = Thread(now=today()).to_open_engagement()
    seat, renamed = thread.third_lead, "streets"
    thread.enter("seat.declared", [seat.public_id], {"seat": seat.public_id, how: BUREAU})
    merge_away(thread, tmp_path, shipped_pack("neutral").replace(BUREAU, renamed))
    answers(thread, renamed)

    checks_nothing(thread, claim_of(thread, renamed), seat)


def test_a_bureau_under_a_new_name_has_no_second_learning_period_and_ends_none_of_its_own_lateness():
    rules = [adopted(1, ("signs", "streets")), adopted(5, ("signs", "roads"))]
    assert is_beside("streets", EVER, ["roads"], rules)
    assert not is_beside("streets", EVER, ["parks"], rules)


def test_a_bureau_that_is_put_within_another_takes_those_along_who_were_tied_to_a_unit_that_is_gone():
    rules = [
        adopted(1, ("lights", "streets"), ("signs", "streets")),
        adopted(5, ("signs", "works"), ("streets", "works")),
    ]
    assert is_beside("lights", EVER, ["works"], rules)


def adopted(index, *within):
    """Give rules by which units lie within others."""
    told = {"within": [{"unit": one, "within": other} for one, other in within], "offices": ["parks/manager"]}
    return Entry(index, "policy.adopted", date(2026, 1, 1), "city", ("steward",), told, {}, {}, VERSION)


@pytest.mark.parametrize("how", ["works_for", "paid_by"])
def test_whom_the_bureau_of_a_merged_unit_pays_or_employs_checks_nothing_of_it_though_they_say_so_later(
    db, tmp_path, how
):
    thread = Thread(now=today()).to_open_engagement()
    seat = thread.third_lead
    answers(thread, WITHIN)
    claimed = claim_of(thread, WITHIN)
    merge_away(thread, tmp_path, without_the_unit(WITHIN))
    thread.enter("seat.declared", [seat.public_id], {"seat": seat.public_id, how: BUREAU})

    checks_nothing(thread, claimed, seat)


def test_who_works_for_a_unit_after_it_moved_to_another_bureau_is_free_of_the_one_that_it_left():
    rules = [
        adopted(1, ("signs", "streets"), ("lamps", "streets")),
        adopted(5, ("signs", "parks"), ("lamps", "streets")),
    ]

    beside = [
        (since, unit)
        for since in (0, 3, 6)
        for unit in ("streets", "parks")
        if is_beside("signs", since, [unit], rules)
    ]

    assert beside == [(0, "streets"), (0, "parks"), (3, "streets"), (3, "parks"), (6, "parks")]
    assert not is_beside("elsewhere", 0, ["streets"], rules)
