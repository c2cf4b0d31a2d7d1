"""The rules of the partnership: the City makes them stricter alone, and milder only with more than half of the seated leads."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from alongside.chain.answers import actions as answers
from alongside.chain.answers.queries import to_contest
from alongside.cohort.rules.actions import adopt_rules, agree_to_rules
from alongside.cohort.rules.models import Consent, Proposal
from alongside.cohort.seats.actions import remove_seat, suspend_seat
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import working_days
from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.program import loosened, needs_the_leads, terms_of
from alongside.core.policy import parts
from alongside.core.policy.load import load_pack
from alongside.core.refusals import Refused
from alongside.ground.gate.presses import mark_of
from alongside.ground.people.actions import make_person
from alongside.ground.programs import actions as programs
from alongside.ground.programs.models import Office, Post
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of, pack_version
from alongside.ground.record.actions import folded
from alongside.ground.record.actions.entries import Draft, append
from alongside.ground.record.models import LogEntry, Standing
from alongside.site.demo.acts import open_with_record
from tests.check.records import LIBRARY
from tests.promises.attempts import BASE, adopt, agree, as_, city, read_by, size, today, without_the_unit
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
NEUTRAL = shipped_pack("neutral")
HEX = "ab" * 32


def with_clock(name: str, value: int) -> str:
    text, count = re.subn(rf"(?m)^{name} = \d+", f"{name} = {value}", NEUTRAL)
    assert count == 1, name
    return text


def with_days_off(number: int) -> str:
    """Give the pack with about so many more working days off, from next month on."""
    days = [today().date() + timedelta(n) for n in range(31, 91)]
    off = [str(one) for one in days if one.weekday() < 5][:number]
    return NEUTRAL + f'\n[[holidays]]\nname = "A long rest"\ndays = [{", ".join(off)}]\n'


MILDER = {
    "a longer time to answer": with_clock("answer_days", 90),
    "a shorter time to contest": with_clock("contest_days", 7),
    "a smaller k": with_clock("k", 5),
    "a forbidden topic that is gone": NEUTRAL.replace('id = "birthplace"', 'id = "birthplace-2"', 1),
    "a forbidden topic that catches less": NEUTRAL.replace('"birthplace*", ', "", 1),
    "a silence that is told less often": NEUTRAL.replace(
        "silence_days = [1, 30, 60, 90]", "silence_days = [1]"
    ),
    "a silence that is told later": NEUTRAL.replace("silence_days = [1, 30,", "silence_days = [1, 50,"),
    "a silence that is not told for years between two days": NEUTRAL.replace(
        "silence_days = [1, 30, 60, 90]", "silence_days = [1, 30, 60, 90, 3650]"
    ),
    "an empty place that is told later": with_clock("vacancy_days", 3650),
    "pay that comes later": with_clock("pay_business_days", 3000),
    "a shorter time to appeal": with_clock("appeal_days", 1),
    "a shorter time to answer an invitation": with_clock("invitation_business_days", 1),
    "an invitation at shorter notice": with_clock("invitation_notice_days", 1),
    "an office above that hears later": with_clock("escalate_days_after", 3650),
    "another office that hears": NEUTRAL.replace(
        'escalate_to = "city-manager/manager"', 'escalate_to = "open-data/manager"'
    ),
    "another time zone": NEUTRAL.replace("America/Chicago", "Pacific/Kiritimati"),
    "days off that make working days rare": with_days_off(20),
}


@pytest.fixture
def thread(db) -> Thread:
    return Thread(now=today()).to_open_engagement()


@pytest.mark.parametrize("milder", MILDER)
def test_the_city_alone_makes_no_rule_milder(thread, tmp_path, capsys, milder):
    before, rules = size(), pack_of(thread.program)
    adopt(thread, MILDER[milder], tmp_path)
    assert "more than half of the seated leads must agree" in capsys.readouterr().out
    assert (size(), pack_of(thread.program)) == (before, rules)


@pytest.mark.parametrize("milder", MILDER)
def test_the_record_itself_refuses_milder_rules_by_the_steward_or_by_one_lead_of_three(thread, milder):
    data = terms_of(load_pack(MILDER[milder]), HEX, today().date())
    for by in (["steward"], ["steward", thread.first_lead.public_id], [thread.manager.public_id]):
        with pytest.raises(
            GrammarError, match="more than half of the seated leads sign it|takes steward or seat"
        ):
            thread.enter("policy.adopted", by, data)
    two = [thread.first_lead.public_id, thread.second_lead.public_id]
    assert thread.enter("policy.adopted", ["steward", *two], data).by == ("steward", *two)


def test_the_city_makes_rules_stricter_alone(thread, tmp_path, capsys):
    adopt(thread, with_clock("answer_days", 30), tmp_path)
    assert capsys.readouterr().out.startswith("Adopted.")
    assert pack_of(thread.program).clocks.answer_days == 30


def test_milder_rules_hold_once_more_than_half_of_the_leads_agreed_on_their_page(thread, tmp_path):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    page = f"{BASE}/cohort-rules/"
    assert [as_(person).post(page).status_code for person in (None, *city(thread).values())] == [
        403,
        403,
        403,
        200,
    ]
    desk = as_(thread.first_lead.person).get(f"{BASE}/week/").content.decode()
    assert "New rules are proposed" in desk
    shown = as_(thread.first_lead.person).get(page).content.decode()
    assert re.search(r"Days in which an office answers</th><td[^>]*>60</td><td[^>]*>90</td>", shown)
    agree(thread.first_lead)
    agree(thread.first_lead)
    assert pack_of(thread.program).clocks.answer_days == 60
    agree(thread.second_lead)
    assert pack_of(thread.program).clocks.answer_days == 90
    line = LogEntry.objects.filter(kind="policy.adopted").order_by("-index")[0]
    agreed = sorted([thread.first_lead.public_id, thread.second_lead.public_id])
    assert parse(line.index, bytes(line.raw)).by == ("steward", *agreed)


def test_days_off_are_not_made_more_and_more_in_small_steps(thread, tmp_path, capsys):
    adopt(thread, with_days_off(4), tmp_path)
    assert capsys.readouterr().out.startswith("Adopted.")
    adopt(thread, with_days_off(9), tmp_path)
    assert "more than half of the seated leads must agree" in capsys.readouterr().out
    shown = as_(thread.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    assert "Working days in the twelve months from the day of the rules" in shown
    agree(thread.first_lead)
    agree(thread.second_lead)
    adopt(thread, with_days_off(13), tmp_path)
    assert capsys.readouterr().out.startswith("Adopted.")


def test_a_consent_that_came_into_the_database_by_other_hands_is_nobodys(thread, tmp_path):
    adopt(thread, with_clock("answer_days", 61), tmp_path)
    proposal = Proposal.objects.get()
    for lead in thread.leads[1:]:
        read = read_by(lead.person)["read"]
        Consent.objects.create(proposal=proposal, seat=lead, on=thread.today, read=read)
    agree(thread.leads[0])
    assert (pack_of(thread.program).clocks.answer_days, Consent.objects.count()) == (60, len(thread.leads))
    Proposal.objects.update(text=with_clock("answer_days", 3000))
    agree(thread.leads[1])
    assert pack_of(thread.program).clocks.answer_days == 60
    Proposal.objects.update(text=proposal.text)
    agree(thread.leads[1])
    assert pack_of(thread.program).clocks.answer_days == 61


def test_the_same_days_off_are_adopted_by_the_steward_alone_on_every_day_of_a_year():
    pack, first = load_pack(NEUTRAL), today().date()
    before, *later = [terms_of(pack, HEX, first + timedelta(days)) for days in range(0, 800, 7)]
    assert {tuple(loosened(before, one)) for one in later} == {()}


CHANGED = "The rules are not the ones you read. Read them again; then agree."


def test_a_lead_agrees_to_the_rules_that_they_read_and_to_no_others(thread, tmp_path):
    leads, page = thread.leads, f"{BASE}/cohort-rules/"
    adopt(thread, with_clock("answer_days", 61), tmp_path)
    read = {one: read_by(one.person) for one in leads}
    adopt(thread, with_clock("answer_days", 3000), tmp_path)
    for lead, sent in [*read.items(), (thread.first_lead, {})]:
        shown = as_(lead.person).post(page, sent).content.decode()
        assert (CHANGED in shown, ">3000</td>" in shown) == (True, True)
    assert (pack_of(thread.program).clocks.answer_days, Consent.objects.count()) == (60, 0)
    for lead in leads[:2]:
        agree(lead)
    assert pack_of(thread.program).clocks.answer_days == 3000


def test_whoever_agreed_agrees_anew_once_the_rules_in_force_are_others(thread, tmp_path):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    agree(thread.first_lead)
    sent = read_by(thread.second_lead.person)
    adopt(thread, with_clock("answer_days", 30), tmp_path)
    shown = as_(thread.second_lead.person).post(f"{BASE}/cohort-rules/", sent).content.decode()
    assert (CHANGED in shown, re.search(r">30</td><td[^>]*>90</td>", shown) is not None) == (True, True)
    agree(thread.second_lead)
    assert pack_of(thread.program).clocks.answer_days == 30
    agree(thread.first_lead)
    assert pack_of(thread.program).clocks.answer_days == 90


def test_whoever_agreed_to_a_proposal_once_does_not_agree_when_it_is_made_again(thread, tmp_path):
    milder = MILDER["a longer time to answer"]
    adopt(thread, milder, tmp_path)
    for lead in thread.leads[:2]:
        agree(lead)
    adopt(thread, NEUTRAL, tmp_path)
    adopt(thread, milder, tmp_path)
    Consent.objects.update(proposal=Proposal.objects.latest("pk"))
    agree(thread.leads[2])
    assert pack_of(thread.program).clocks.answer_days == 60


def test_a_lead_takes_back_what_they_agreed_to(thread, tmp_path):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    agree(thread.first_lead)
    page = f"{BASE}/cohort-rules/"
    assert "You agreed. That counts for 30 days." in as_(thread.first_lead.person).get(page).content.decode()
    as_(thread.first_lead.person).post(page, {"no": "1"})
    assert "I agree to the new rules" in as_(thread.first_lead.person).get(page).content.decode()
    agree(thread.second_lead)
    assert pack_of(thread.program).clocks.answer_days == 60


def test_rules_to_which_leads_agreed_on_a_later_day_stand_by_night_as_their_entry_tells_them(db):
    thread, text = (
        Thread(now=today() - timedelta(days=40)).to_open_engagement(),
        with_clock("answer_days", 90),
    )
    counted = [working_days((today() - timedelta(days=days)).date(), load_pack(text)) for days in range(29)]
    before = next(days for days, one in enumerate(counted) if one != counted[0])
    adopt_rules(program=thread.program, text=text, now=today() - timedelta(days=before))
    for lead in thread.leads[:2]:
        agree(lead)
    assert pack_of(thread.program).clocks.answer_days == 90
    assert folded.look_again(program=thread.program, today=today().date()) == []


def test_rules_that_were_adopted_before_a_part_was_told_stand_by_night_as_their_entry_tells_them(
    db, monkeypatch
):
    with monkeypatch.context() as then:
        then.setattr(parts, "PARTS", {one: parts.PARTS[one] for one in parts.PARTS if one != "charter"})
        program = open_with_record(slug="riverbend", now=today())
    assert "charter" not in LogEntry.objects.get(kind="policy.adopted").parsed.data["parts"]
    assert folded.look_again(program=program, today=today().date()) == []


def test_what_a_lead_agreed_to_counts_for_thirty_days(thread, tmp_path):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    agree(thread.first_lead)
    consent = Consent.objects.get()
    consent.on = thread.today - timedelta(days=30)
    consent.mark = mark_of(consent)
    consent.save()
    agree(thread.second_lead)
    assert pack_of(thread.program).clocks.answer_days == 60
    agree(thread.first_lead)
    assert pack_of(thread.program).clocks.answer_days == 90


def served_before(thread: Thread, seat: Seat, office: Office | None) -> None:
    """Let the person of a seat have had an office, or run the program, long before they sat."""
    day = seat.from_date - timedelta(days=200)
    days = {"from_date": day, "taken_on": day, "until_date": day + timedelta(days=1)}
    Post.objects.create(person=seat.person, program=thread.program, office=office, **days)


def test_a_lead_who_once_ran_the_program_agrees_to_no_rules_and_stops_no_other_lead(thread, tmp_path):
    served_before(thread, thread.first_lead, None)
    served_before(thread, thread.second_lead, thread.manager)
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    page, sent = f"{BASE}/cohort-rules/", read_by(thread.second_lead.person)
    own = as_(thread.first_lead.person).get(page).content.decode()
    assert ("You once ran the program" in own, "I agree to the new rules" in own) == (True, False)
    as_(thread.first_lead.person).post(page, sent)
    assert Consent.objects.count() == 0
    with pytest.raises(Refused, match="You once ran the program"):
        agree_to_rules(
            proposal=Proposal.objects.get(), seat=thread.first_lead, read=sent["read"], now=thread.now
        )
    agree(thread.second_lead)
    assert pack_of(thread.program).clocks.answer_days == 60
    agree(thread.third_lead)
    assert pack_of(thread.program).clocks.answer_days == 90


@pytest.mark.parametrize("since", ["ran the program once", "serves the City today"])
def test_the_yes_of_a_lead_who_serves_the_city_since_counts_for_nobody_and_stops_nobody(
    thread, tmp_path, since
):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    agree(thread.first_lead)
    served_before(thread, thread.first_lead, None if since == "ran the program once" else thread.manager)
    if since == "serves the City today":
        Post.objects.filter(person=thread.first_lead.person).update(until_date=None)
    agree(thread.second_lead)
    assert (pack_of(thread.program).clocks.answer_days, Consent.objects.count()) == (60, 2)
    assert "1 more is needed" in as_(thread.third_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    agree(thread.third_lead)
    assert pack_of(thread.program).clocks.answer_days == 90


def test_leads_adopt_no_rules_that_somebody_proposed_long_ago(thread, tmp_path):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    old = Proposal.objects.get()
    Proposal.objects.update(proposed_on=thread.today - timedelta(days=90))
    read = read_by(thread.first_lead.person)["read"]
    Proposal.objects.update(proposed_on=thread.today - timedelta(days=91))
    page = as_(thread.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    assert ("No new rules are proposed." in page, "I agree to the new rules" in page) == (True, False)
    with pytest.raises(Refused, match="proposed too long ago"):
        agree_to_rules(proposal=old, seat=thread.first_lead, read=read, now=thread.now)


def test_nobody_agrees_to_words_that_were_exchanged_after_they_read_them(thread, tmp_path):
    adopt(thread, with_clock("answer_days", 61), tmp_path)
    for lead in thread.leads[:2]:
        Proposal.objects.update(text=with_clock("answer_days", 61))
        read = read_by(lead.person)
        Proposal.objects.update(text=with_clock("answer_days", 3000))
        assert CHANGED in as_(lead.person).post(f"{BASE}/cohort-rules/", read).content.decode()
    assert (pack_of(thread.program).clocks.answer_days, Consent.objects.count()) == (60, 0)


def test_the_steward_makes_no_majority_by_suspending_leads(thread, tmp_path):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    agree(thread.first_lead)
    suspend_seat(seat=thread.first_lead, ground="charter", now=thread.now)
    agree(thread.second_lead)
    assert pack_of(thread.program).clocks.answer_days == 60


def test_the_steward_makes_no_majority_by_emptying_seats(thread, tmp_path):
    for seat in (thread.second_lead, thread.third_lead):
        given = {"ground": "absent", "reasons": "Was away.", "by": thread.steward}
        remove_seat(seat=seat, appeal_to="city-manager/manager", now=thread.now, **given)
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    agree(thread.first_lead)
    assert pack_of(thread.program).clocks.answer_days == 60
    data = terms_of(load_pack(MILDER["a longer time to answer"]), HEX, today().date())
    with pytest.raises(GrammarError, match="more than half of the seated leads sign it"):
        thread.enter("policy.adopted", ["steward", thread.first_lead.public_id], data)


def stricter(change: str, pack: str = NEUTRAL) -> dict[str, Any]:
    """Give the rules with something stricter that the leads work with."""
    before = terms_of(load_pack(pack), HEX, today().date())
    return {
        **before,
        **{
            "a higher k": {"k": 1000},
            "a forbidden topic more": {"topics": [*before["topics"], {"id": "another", "sha256": HEX}]},
            "fewer days to check": {"clocks": {**before["clocks"], "verify_days": 1}},
            "more days to appeal": {"cohort_clocks": {**before["cohort_clocks"], "appeal_days": 330}},
        }[change],
    }


CHANGES = ["a higher k", "a forbidden topic more", "fewer days to check", "more days to appeal"]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_stricter_and_hurts_the_leads_work_needs_them_too(thread, change):
    with pytest.raises(GrammarError, match="more than half of the seated leads sign it"):
        thread.enter("policy.adopted", ["steward"], stricter(change))
    thread.later(800)
    with pytest.raises(GrammarError, match="stricter for the City; propose this when the next cohort begins"):
        thread.enter("policy.adopted", ["steward"], stricter(change))


@pytest.mark.parametrize("change", CHANGES)
def test_before_anybody_sat_the_city_makes_all_its_rules_stricter(db, change):
    draft = Draft(kind="policy.adopted", by=["steward"], data=stricter(change))
    assert append(program=open_with_record(slug="riverbend", now=today()), drafts=[draft], now=today())


def test_between_two_cohorts_the_steward_is_told_to_propose_it_to_the_next(thread, tmp_path):
    thread.later(800)
    with pytest.raises(GrammarError, match="propose this when the next cohort begins"):
        adopt_rules(program=thread.program, text=with_clock("k", 11), now=thread.now)
    assert pack_of(thread.program).k == load_pack(NEUTRAL).k


ALARMS = {
    'alarm_to = "libraries-and-halls/manager"': "The office that hears alarms of leads",
    'email = "friends@example.org"': "friends@example.org",
    "alarm_kept_days = 2": "Days after which a closed alarm is erased",
    "message_kept_days = 3000": "Days after which a message to leads is erased",
}


@pytest.mark.parametrize("line", ALARMS)
def test_who_hears_alarms_and_how_long_words_are_kept_changes_only_with_the_leads(thread, tmp_path, line):
    name, before = line.split(" ")[0], pack_of(thread.program).charter
    above, charter = NEUTRAL.split("\n[charter]\n")
    text, count = re.subn(rf"(?m)^{name} = .*", line, charter)
    text = f"{above}\n[charter]\n{text}"
    adopt(thread, text, tmp_path)
    assert (count, pack_of(thread.program).charter) == (1, before)
    page = as_(thread.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    assert ALARMS[line] in page
    agree(thread.first_lead)
    agree(thread.second_lead)
    assert pack_of(thread.program).charter == load_pack(text).charter != before
    assert b"friends" not in b"".join(thread.entries())


@pytest.mark.parametrize("name", ["alarms", "bands"])
def test_every_policy_of_the_log_says_who_hears_alarms_and_the_edges_of_ranges(thread, name):
    data = terms_of(pack_of(thread.program), HEX, today().date())
    del data[name]
    with pytest.raises(GrammarError, match=f"lacks {name}"):
        thread.enter("policy.adopted", ["steward"], data)


def test_the_edges_of_ranges_change_only_with_the_leads(thread, tmp_path):
    before = pack_of(thread.program).bands
    moved = [before[0] + 2, *before[1:]]
    text, count = re.subn(r"(?m)^bands = .*", f"bands = {moved}", NEUTRAL)
    adopt(thread, text, tmp_path)
    assert (count, pack_of(thread.program).bands) == (1, before)
    page = as_(thread.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    assert "The edges of the ranges in which people are counted" in page
    assert ", ".join(map(str, moved)) in page
    data = terms_of(pack_of(thread.program), HEX, today().date())
    with pytest.raises(GrammarError, match="more than half of the seated leads sign it"):
        thread.enter("policy.adopted", ["steward"], {**data, "bands": moved})
    agree(thread.first_lead)
    agree(thread.second_lead)
    assert list(pack_of(thread.program).bands) == moved


def test_a_language_that_is_gone_and_another_signer_are_milder(thread):
    before = terms_of(pack_of(thread.program), HEX, today().date())
    gone = {**before, "languages": before["languages"][1:]}
    assert loosened(before, gone) == [f"language.{before['languages'][0]}"]
    signing = [before["offices"][0], *before["offices"][1:2]]
    was, now = {**before, "signing": signing[:1]}, {**before, "signing": signing[1:]}
    assert loosened(was, now) == [f"signing.{one}" for one in sorted(signing)]


def test_without_a_cohort_rules_only_become_stricter(db):
    thread = Thread(now=today()).open_program()
    thread.later(800)
    before = size()
    with pytest.raises(GrammarError, match="there is no lead now, so the rules can only be made stricter"):
        thread.enter(
            "policy.adopted",
            ["steward"],
            terms_of(load_pack(MILDER["a longer time to answer"]), HEX, today().date()),
        )
    assert size() == before
    assert thread.enter(
        "policy.adopted", ["steward"], terms_of(load_pack(with_clock("answer_days", 30)), HEX, today().date())
    )


def test_what_was_promised_keeps_its_clocks_when_the_rules_become_milder(thread, tmp_path):
    adopt(thread, with_clock("answer_days", 90).replace("reply_days = 30", "reply_days = 80"), tmp_path)
    for lead in (thread.first_lead, thread.second_lead):
        agree(lead)
    assert pack_of(thread.program).clocks.reply_days == 80
    ask = thread.recommend(thread.find())
    standing = Standing.objects.get(ask=ask.index)
    assert standing.answer_due <= thread.now.date() + timedelta(days=60)
    declined = thread.answer(ask, "declined", reasons="There is no money for it.")
    contest = answers.contest(
        program=thread.program,
        answer=declined[0].index,
        seat=thread.first_lead.public_id,
        words="Why?",
        lang="en",
        now=thread.now,
    )
    assert date.fromisoformat(contest.data["reply_due"]) == contest.date + timedelta(days=30)


def test_the_time_to_contest_what_was_promised_is_not_cut_short(thread, tmp_path):
    ask = thread.recommend(thread.find())
    thread.answer(ask, "declined", reasons="There is no money for it.")
    adopt(thread, MILDER["a shorter time to contest"], tmp_path)
    for lead in (thread.first_lead, thread.second_lead):
        agree(lead)
    assert pack_of(thread.program).clocks.contest_days == 7
    thread.later(20)
    assert [one.standing.ask for one in to_contest(thread.program, thread.log, thread.now.date())] == [
        ask.index
    ]


NEW_UNIT = """
[[units]]
slug = "new-office"
%s
name = {en = "New Office", es = "Oficina Nueva", vi = "Văn phòng Mới", ar = "مكتب جديد"}
[[units.offices]]
slug = "manager"
title = {en = "Manager", es = "Gerencia", vi = "Người quản lý", ar = "المدير"}
is_manager = true

[[units]]
slug = "signs-and-markings"
"""


def with_a_unit(within: str) -> str:
    """Give the pack with one unit more, within another or within none."""
    above = f'parent = "{within}"' if within else ""
    return NEUTRAL.replace('\n[[units]]\nslug = "signs-and-markings"\n', NEW_UNIT % above, 1)


def test_a_new_unit_outside_every_bureau_needs_the_leads(thread, tmp_path, capsys):
    adopt(thread, with_a_unit(""), tmp_path)
    assert "more than half of the seated leads must agree" in capsys.readouterr().out
    shown = as_(thread.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    assert re.search(r"The bureau above it: New Office</th><td[^>]*>None</td><td[^>]*>New Office</td>", shown)
    with pytest.raises(GrammarError, match="more than half of the seated leads sign it"):
        thread.enter("policy.adopted", ["steward"], terms_of(load_pack(with_a_unit("")), HEX, today().date()))


def with_names_exchanged(one: str, other: str) -> str:
    """Give the pack with two names exchanged."""
    assert NEUTRAL.count(f'en = "{one}"') == NEUTRAL.count(f'en = "{other}"') == 1
    exchanged = {f'en = "{one}"': f'en = "{other}"', f'en = "{other}"': f'en = "{one}"'}
    return re.sub("|".join(exchanged), lambda found: exchanged[found[0]], NEUTRAL)


INVOLVE = '"Involve", es = "Involucrar", vi = "Cùng tham gia", ar = "الإشراك"}\n'
#: What people read in the rules, and no clock counts: another telephone, a level that is gone, other names.
REWORDED = {
    "the City's own telephone": ("routes", NEUTRAL.replace("+15035550142", "+15038230000")),
    "somebody else who answers": ("routes", NEUTRAL.replace("Community leads, not the City", "The City")),
    "a level that is not shown": ("levels", NEUTRAL.replace(INVOLVE, f"{INVOLVE}verified = false\n", 1)),
    "a level that means less": (
        "levels",
        NEUTRAL.replace("so that the choices it looks at hold their concerns", "as it sees fit"),
    ),
    "another name of a harm": (
        "harms",
        NEUTRAL.replace("Picked out for being vulnerable", "No harm was found"),
    ),
    "another name of a community": (
        "communities",
        NEUTRAL.replace('en = "Renters"', 'en = "Nobody in particular"'),
    ),
    "names of bureaus that are exchanged": (
        "units",
        with_names_exchanged("Libraries and Halls Unit", "Streets and Signals Unit"),
    ),
    "a copy that is kept longer": (
        "retention",
        NEUTRAL.replace("Example rule 2", "The City keeps a copy, and gives it on"),
    ),
    "exact counts of federal requests": (
        "federal",
        NEUTRAL.replace("[federal]\n", "[federal]\nexact_counts = true\n"),
    ),
    "another word on who comes to the door": (
        "sanctuary",
        NEUTRAL.replace("Keep the door closed. Ask through the door", "Open the door. Ask"),
    ),
    "a witness of the log that nobody named before": (
        "witnesses",
        f"witnesses = ['witness Library {LIBRARY.verifier.vkey}', 'quorum Library']\n{NEUTRAL}",
    ),
    "another name for who promises": (
        "government",
        NEUTRAL.replace('short = {en = "the City"', 'short = {en = "Example City"'),
    ),
    "costs that use up the sum that was agreed": (
        "pay",
        NEUTRAL.replace('retention = "pay"', 'retention = "pay"\ncosts_within_limit = true'),
    ),
    "one kind of work alone that is paid": (
        "pay",
        f'{NEUTRAL}\n[[pay.work]]\nid = "reading"\nname = {{en = "Reading", es = "Lectura", vi = "Đọc", ar = "قراءة"}}\n',
    ),
    "a year to answer an alarm": ("charter", NEUTRAL.replace("alarm_days = 10", "alarm_days = 365")),
    "calls for work that nobody pays": (
        "calls",
        NEUTRAL.replace("unpaid_calls_allowed = false", "unpaid_calls_allowed = true"),
    ),
    "applications that are gone on the next day": (
        "calls",
        NEUTRAL.replace("kept_days = 730", "kept_days = 1", 1),
    ),
    "places by what the law protects, and no counsel is asked": (
        "calls",
        NEUTRAL.replace('id = "age"\nprotected = true', 'id = "age"\nprotected = false', 1),
    ),
    "comments that stay for other days": ("kept", NEUTRAL.replace('comments = "comments"\n', "", 1)),
    "strategies that stay for other days": (
        "kept",
        NEUTRAL.replace("strategy_days = 90", "strategy_days = 3000", 1),
    ),
    "names that go to finance": (
        "finance",
        NEUTRAL.replace('columns = ["payee", ', 'columns = ["payee", "name", ').replace(
            "needs_name = false", "needs_name = true"
        ),
    ),
    "notes of pay that stay for other days": (
        "finance",
        NEUTRAL.replace('retention = "pay"', 'retention = "comments"'),
    ),
    "another page behind the button to leave": (
        "leave_page",
        NEUTRAL.replace("https://www.wikipedia.org/", "https://city.example/who-left"),
    ),
    "a language that goes from every menu": (
        "languages",
        re.sub(r'(?s)(code = "es".*?)complete = true', r"\1complete = false", NEUTRAL, count=1),
    ),
    "another unit in a bureau": ("units", with_a_unit("streets-and-signals")),
}


@pytest.mark.parametrize("reworded", REWORDED)
def test_the_city_alone_rewords_nothing_that_people_read(thread, tmp_path, capsys, reworded):
    part, text = REWORDED[reworded]
    assert text != NEUTRAL
    before, rules = size(), pack_of(thread.program)
    adopt(thread, text, tmp_path)
    assert "more than half of the seated leads must agree" in capsys.readouterr().out
    assert (size(), pack_of(thread.program)) == (before, rules)
    data = terms_of(load_pack(text), HEX, today().date())
    assert needs_the_leads(thread.log, data) == [f"part.{part}"]
    with pytest.raises(GrammarError, match="this changes what people read in the rules"):
        thread.enter("policy.adopted", ["steward"], data)
    leads = [thread.first_lead.public_id, thread.second_lead.public_id]
    assert thread.enter("policy.adopted", ["steward", *leads], data).by == ("steward", *leads)


def test_a_dead_number_to_call_for_help_is_mended_on_the_day_and_every_lead_is_told(thread, tmp_path):
    text = NEUTRAL.replace("+15035550102", "+15035550199").replace("503-555-0102", "503-555-0199")
    assert text != NEUTRAL
    day, lead = f"{BASE}/week/", as_(thread.first_lead.person)
    told = "Numbers to call for help changed"
    assert told not in lead.get(day).content.decode()
    before = thread.log.every("policy.adopted")[-1]
    adopt(thread, text, tmp_path)
    entry = thread.log.every("policy.adopted")[-1]
    assert entry.by == ("steward",)
    differ = [name for name, one in entry.data["parts"].items() if one != before.data["parts"][name]]
    assert differ == ["help"]
    page = f"{BASE}/record/{entry.index}/"
    for seat in thread.leads:
        shown = as_(seat.person).get(day).content.decode()
        assert (told in shown, page in shown) == (True, True)
    assert "503-555-0199" in lead.get(page).content.decode()
    assert told not in as_(thread.boss).get(f"{BASE}/unit/").content.decode()


def test_what_the_city_adopts_beside_a_new_number_is_not_told_as_a_change_of_numbers(thread, tmp_path):
    text = with_clock("answer_days", 59).replace("+15035550102", "+15035550199")
    adopt(thread, text.replace("503-555-0102", "503-555-0199"), tmp_path)
    week = as_(thread.first_lead.person).get(f"{BASE}/week/").content.decode()
    assert ("Numbers to call for help changed" in week, CHANGED_ALONE in week) == (False, True)


def test_a_second_change_of_numbers_hides_the_first_from_no_lead(thread, tmp_path):
    bad = NEUTRAL.replace("503-555-0102", "503-555-0666")
    told = "Numbers to call for help changed"
    pages = []
    for text in (bad, bad.replace("503-555-0103", "503-555-0104"), NEUTRAL):
        adopt(thread, text, tmp_path)
        pages.append(f"{BASE}/record/{thread.log.every('policy.adopted')[-1].index}/")
        thread.later(1)
    shown = as_(thread.first_lead.person).get(f"{BASE}/week/").content.decode()
    assert (shown.count(told), [one in shown for one in pages]) == (3, [True, True, True])


ALONE = {
    "stricter": with_clock("answer_days", 30),
    "what no part holds": NEUTRAL.replace("+15035550107", "+15035550108"),
}
CHANGED_ALONE = "The City changed the rules alone"


@pytest.mark.parametrize("alone", ALONE)
@pytest.mark.parametrize(("days", "is_told"), [(0, True), (30, True), (31, False)])
def test_what_the_city_adopts_alone_stands_on_the_week_of_every_lead_for_thirty_days(
    db, alone, days, is_told
):
    thread = Thread(now=today() - timedelta(days=days)).to_open_engagement()
    assert ALONE[alone] != NEUTRAL
    adopt_rules(program=thread.program, text=NEUTRAL, now=thread.now)
    adopt_rules(program=thread.program, text=ALONE[alone], now=thread.now)
    entry = thread.log.every("policy.adopted")[-1]
    assert entry.by == ("steward",)
    for seat in thread.leads:
        shown = as_(seat.person).get(f"{BASE}/week/").content.decode()
        assert (shown.count(CHANGED_ALONE), f"{BASE}/record/{entry.index}/" in shown) == (is_told, is_told)
    assert CHANGED_ALONE not in as_(thread.boss).get(f"{BASE}/unit/").content.decode()


def test_what_leads_signed_is_not_told_as_changed_alone(thread, tmp_path):
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    for lead in thread.leads[:2]:
        agree(lead)
    assert pack_of(thread.program).clocks.answer_days == 90
    shown = as_(thread.third_lead.person).get(f"{BASE}/week/").content.decode()
    assert CHANGED_ALONE not in shown


def test_what_is_said_first_to_someone_in_trouble_is_not_told_as_a_change_of_numbers(thread, tmp_path):
    adopt(thread, REWORDED["another word on who comes to the door"][1], tmp_path)
    for lead in thread.leads[:2]:
        agree(lead)
    assert "Open the door" in pack_of(thread.program).sanctuary.door[0].say("en")
    shown = as_(thread.third_lead.person).get(f"{BASE}/week/").content.decode()
    assert "Numbers to call for help changed" not in shown


def test_a_part_of_the_rules_that_was_told_is_left_out_only_with_the_leads(thread):
    data = terms_of(pack_of(thread.program), HEX, today().date())
    for part in ("help", "sanctuary", "federal"):
        parts = {name: one for name, one in data["parts"].items() if name != part}
        with pytest.raises(GrammarError, match="this changes what people read in the rules"):
            thread.enter("policy.adopted", ["steward"], {**data, "parts": parts})


def never_told(thread: Thread) -> None:
    """Let the rules in force be of a day on which they had fewer parts."""
    told = terms_of(pack_of(thread.program), pack_version(thread.program).sha256, thread.today)
    told["parts"] = {name: one for name, one in told["parts"].items() if name not in parts.LATER}
    two = [thread.first_lead.public_id, thread.second_lead.public_id]
    assert thread.enter("policy.adopted", ["steward", *two], told).data == told


DEAD = NEUTRAL.replace("+15035550102", "+15035550199")


@pytest.mark.parametrize("days", [0, 800])
@pytest.mark.parametrize(("text", "told"), [*((one, set()) for one in ALONE.values()), (DEAD, {"help"})])
def test_a_part_that_no_rules_told_yet_keeps_the_city_from_nothing_it_may_alone(thread, text, told, days):
    never_told(thread)
    assert folded.look_again(program=thread.program, today=thread.today) == []
    thread.later(days)
    entry = adopt_rules(program=thread.program, text=text, now=thread.now)
    assert isinstance(entry, Entry)
    assert (entry.by, entry.data["parts"].keys()) == (("steward",), parts.PARTS.keys() - parts.LATER | told)
    assert folded.look_again(program=thread.program, today=thread.now.date()) == []


@pytest.mark.parametrize("reworded", REWORDED)
def test_a_part_that_no_rules_told_yet_changes_only_with_the_leads(thread, reworded):
    never_told(thread)
    text = REWORDED[reworded][1]
    assert isinstance(adopt_rules(program=thread.program, text=text, now=thread.now), Proposal)
    thread.later(800)
    with pytest.raises(GrammarError, match="there is no lead now"):
        adopt_rules(program=thread.program, text=text, now=thread.now)


def test_with_the_leads_every_part_is_told(thread, tmp_path):
    never_told(thread)
    adopt(thread, MILDER["a longer time to answer"], tmp_path)
    page = as_(thread.first_lead.person).get(f"{BASE}/cohort-rules/").content.decode()
    assert page.count("The same words, on the public log") > 1
    for lead in thread.leads[:2]:
        agree(lead)
    assert thread.log.every("policy.adopted")[-1].data["parts"].keys() == parts.PARTS.keys()


def test_before_the_first_cohort_the_city_still_writes_what_people_read(db):
    program = open_with_record(slug="riverbend", now=today())
    for _part, text in REWORDED.values():
        data = terms_of(load_pack(text), HEX, today().date())
        assert append(
            program=program, drafts=[Draft(kind="policy.adopted", by=["steward"], data=data)], now=today()
        )


def test_between_two_cohorts_nobody_rewords_what_people_read(thread):
    thread.later(800)
    for _part, text in REWORDED.values():
        with pytest.raises(GrammarError, match="there is no lead now"):
            thread.enter("policy.adopted", ["steward"], terms_of(load_pack(text), HEX, today().date()))


def test_between_two_cohorts_nobody_adds_a_unit_outside_every_bureau(thread):
    thread.later(800)
    with pytest.raises(GrammarError, match="there is no lead now, so the rules can only be made stricter"):
        thread.enter("policy.adopted", ["steward"], terms_of(load_pack(with_a_unit("")), HEX, today().date()))


def test_before_the_first_cohort_the_city_still_arranges_its_units(db):
    program = open_with_record(slug="riverbend", now=today())
    data = terms_of(load_pack(with_a_unit("")), HEX, today().date())
    draft = Draft(kind="policy.adopted", by=["steward"], data=data)
    assert append(program=program, drafts=[draft], now=today())


PAIR = {"unit": "signs-and-markings", "within": "open-data"}
PLACES = {
    "within two others": lambda rules: {"within": [*rules["within"], PAIR]},
    "in a circle": lambda rules: {
        "within": [*rules["within"], {"unit": "streets-and-signals", "within": "signs-and-markings"}]
    },
    "within itself": lambda rules: {
        "within": [*rules["within"], {"unit": "open-data", "within": "open-data"}]
    },
    "a topic told twice": lambda rules: {"topics": [{**rules["topics"][0], "sha256": HEX}, *rules["topics"]]},
}


@pytest.mark.parametrize("twice", PLACES)
def test_no_policy_puts_a_unit_in_two_places_or_tells_a_topic_twice_whoever_signs_it(thread, twice):
    rules = terms_of(pack_of(thread.program), HEX, today().date())
    leads = [one.public_id for one in thread.leads]
    with pytest.raises(GrammarError, match="within names .* once|goes round in a circle|topics names"):
        thread.enter("policy.adopted", ["steward", *leads], rules | PLACES[twice](rules))
    assert thread.enter("policy.adopted", ["steward"], rules)


def test_every_way_to_make_rules_milder_is_named():
    before = terms_of(load_pack(NEUTRAL), HEX, today().date())
    found = {
        name: loosened(before, terms_of(load_pack(text), HEX, today().date()))
        for name, text in MILDER.items()
    }
    assert found == {
        "a longer time to answer": ["clocks.answer_days"],
        "a shorter time to contest": ["clocks.contest_days"],
        "a smaller k": ["k"],
        "a forbidden topic that is gone": ["topic.birthplace"],
        "a forbidden topic that catches less": ["topic.birthplace"],
        "a silence that is told less often": ["silence_days"],
        "a silence that is told later": ["silence_days"],
        "a silence that is not told for years between two days": ["silence_days"],
        "an empty place that is told later": ["clocks.vacancy_days"],
        "pay that comes later": ["clocks.pay_business_days"],
        "a shorter time to appeal": ["clocks.appeal_days"],
        "a shorter time to answer an invitation": ["clocks.invitation_business_days"],
        "an invitation at shorter notice": ["clocks.invitation_notice_days"],
        "an office above that hears later": ["escalate_days_after"],
        "another office that hears": ["escalate_to"],
        "another time zone": ["time_zone"],
        "days off that make working days rare": ["working_days"],
    }
    seldom = before | {"silence_repeat_months": 1}
    assert loosened(seldom, before) == ["silence_repeat_months"]
    assert [
        loosened(before, before | {"silence_days": days})
        for days in ([1, 30, 60, 75, 90], [1, 30, 60, 90, 170], [1, 30, 60, 90, 200], [1, 30, 60])
    ] == [[], [], ["silence_days"], ["silence_days"]]
    moved = [*before["within"], {"unit": "open-data", "within": "streets-and-signals"}]
    assert loosened(before, before | {"within": moved}) == ["unit.open-data"]
    fewer = before | {"offices": before["offices"][1:]}
    assert loosened(before, fewer) == [f"office.{before['offices'][0]}"]


def test_the_office_above_finds_on_its_desk_what_a_merged_unit_owes_and_hands_it_on_by_the_form(
    thread, tmp_path
):
    ask = thread.recommend(thread.find()).index
    person = make_person(email="above@riverbend.example")
    programs.give_office(
        person=person, program=thread.program, office="city-manager/manager", from_date=date(2026, 1, 1)
    )
    page = f"{BASE}/asks/{ask}/transfer/"
    assert as_(person).get(page).status_code == 404
    adopt(thread, without_the_unit(thread.unit.slug), tmp_path)
    agree(thread.first_lead)
    agree(thread.second_lead)
    found = re.search(rf'href="([^"]*/{ask}/[^"]*)"', as_(person).get(f"{BASE}/unit/").content.decode())
    assert found and found[1] == page
    sent = {"office": "open-data/manager", "words": "Their bureau was merged into this one."}
    assert as_(person).get(found[1]).status_code == 200
    assert as_(thread.boss).get(found[1]).status_code in {403, 404}
    as_(person).post(found[1], sent)
    assert Standing.objects.get(ask=ask).office == "open-data/manager"
