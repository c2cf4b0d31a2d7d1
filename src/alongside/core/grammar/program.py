"""The program and its policy: the first line of a log, and the rules that later lines are judged by."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from alongside.core.clocks import is_told_less, working_days
from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.bureaus import (
    EVER,
    above_in,
    answers_for,
    bureau_of,
    bureaus_in,
    is_beside,
    policies,
)
from alongside.core.grammar.general import hides_single_people
from alongside.core.grammar.seats import (
    fail_too_new,
    in_term,
    leads_have_standing,
    majority_lacks,
    seated,
    signs_rules_from,
)
from alongside.core.grammar.shape import (
    OLD_LANGUAGES,
    Cites,
    Kind,
    Rule,
    all_cited,
    day,
    fail,
    fields,
    flag,
    hex64,
    languages,
    list_of,
    malformed,
    number,
    office,
    since,
    slug,
    words,
    zone,
)
from alongside.core.grammar.ties import stands_beside_no_payer
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import COHORT_CLOCKS as COHORT_CLOCK_NAMES
from alongside.core.policy.pack import MOST_DAYS, Pack, is_no_unit
from alongside.core.policy.parts import ALONE, LATER, PARTS, hashes_of
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _

CLOCKS = {
    name: number(1, 3650)
    for name in (
        "acknowledge_business_days",
        "answer_days",
        "contest_days",
        "reply_days",
        "verify_days",
        "monitor_years",
    )
}
#: Who hears the alarms of leads where their charter names nobody, and how long alarms and messages are kept.
ALARM_DAYS = ("alarm_days", "message_days")
ALARMS = fields({name: number(1, 3650) for name in ALARM_DAYS}, {"to": office, "body": hex64})
COHORT_CLOCKS = {name: number(1, MOST_DAYS.get(name, 3650)) for name in COHORT_CLOCK_NAMES}

#: What the clock tells of somebody's lateness. An entry that tells its fault ends these.
ENDED_BY_A_FAULT = (
    EntryKind.ASK_SILENT,
    EntryKind.ASK_ESCALATED,
    EntryKind.RAISE_SILENT,
    EntryKind.CONTEST_SILENT,
    EntryKind.COMMITMENT_LATE,
    EntryKind.DELIVERY_UNCHECKED,
    EntryKind.INVITATION_UNANSWERED,
    EntryKind.VACANCY_LATE,
)
SIDES = 2


def opens_the_log(entry: Entry, _log: LogView) -> None:
    """Allow the opening only as entry 0."""
    if entry.index != 0:
        fail("a program opens once, before anything else; open a new program instead.")


def policy(log: LogView) -> Entry:
    """Give the policy in force: the last one adopted."""
    adopted = log.every(EntryKind.POLICY_ADOPTED)
    if not adopted:
        fail("no policy is adopted; adopt the policy pack first.")
    return adopted[-1]


def policy_for(log: LogView, made: int) -> Entry:
    """Give the policy that was in force when this entry was made: a promise keeps its clocks, however the policy changes."""
    before = [one for one in log.every(EntryKind.POLICY_ADOPTED) if one.index < made]
    return before[-1] if before else policy(log)


def policies_on(log: LogView, on: date) -> list[Entry]:
    """List the policies in force on a day: the one that day began with, and those adopted in its course."""
    adopted = log.every(EntryKind.POLICY_ADOPTED)
    return [*[one for one in adopted if one.date < on][-1:], *(one for one in adopted if one.date == on)]


def body_of(log: LogView) -> str:
    """Give the community body that the policy in force names, written as an office; nothing where it names none."""
    adopted = log.every(EntryKind.POLICY_ADOPTED)
    return str(adopted[-1].data.get("body", "")) if adopted else ""


#: Clocks that are looser the longer they are: what an office, the check of a delivery, a new lead and pay may take.
LOOSER_LONGER = (
    "acknowledge_business_days",
    "answer_days",
    "reply_days",
    "verify_days",
    "vacancy_days",
    "pay_business_days",
)
#: And the shorter they are: what the community has.
LOOSER_SHORTER = (
    "contest_days",
    "monitor_years",
    "appeal_days",
    "invitation_business_days",
    "invitation_notice_days",
)
#: How long after the day silence is told again, and to the office above: looser the longer.
TOLD_AFTER = ("silence_repeat_months", "escalate_days_after")
#: Who hears of silence, and by whose days it is counted: any other is looser.
STAYS = ("escalate_to", "time_zone")
#: Silence is told again after so many months at most.
REPEAT_MONTHS = 3
#: By so many working days do years with the same holidays differ: holidays meet weekends and move over the ends of a year.
BY_THE_YEAR = 5
#: So many entries are cited as wrong at once.
WRONG_AT_ONCE = 900


def clocks_told(policy: Mapping[str, Any]) -> dict[str, int]:
    """Give every clock that `policy.adopted` tells, the cohort's own with them."""
    return {**policy["clocks"], **policy.get("cohort_clocks", {})}


def loosened(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List what a policy loosens of the one before it, both as `policy.adopted` tells them, each by a name with a dot.

    A longer time to answer or to pay, a shorter one to contest or to appeal, a silence told later or less often, another office that hears of
    it, another time zone, other edges of the ranges in which people are counted (two sets of edges together tell more), working days that are rarer than one year differs from another, a smaller k, an office or a language that is gone, a unit of another bureau than before or of none, another signer
    among the offices there were, a forbidden topic that is gone or reads otherwise. A community body that is
    named, changed or gone is listed too: it checks the City, so the City does not choose it. What else the older one
    does not tell (it is of grammar 1) cannot be loosened.
    """
    was, now = clocks_told(before), clocks_told(after)
    found = [f"clocks.{name}" for name in LOOSER_LONGER if name in was and now[name] > was[name]]
    found += [f"clocks.{name}" for name in LOOSER_SHORTER if name in was and now[name] < was[name]]
    if "silence_days" in before and is_told_less(
        before["silence_days"], after["silence_days"], before["silence_repeat_months"]
    ):
        found.append("silence_days")
    found += [one for one in TOLD_AFTER if one in before and after[one] > before[one]]
    found += [one for one in (*STAYS, "bands") if one in before and after.get(one) != before[one]]
    rarest = before.get("working_days", 0) - BY_THE_YEAR
    found += ["working_days"] if after.get("working_days", rarest) < rarest else []
    found += ["k"] if after["k"] < before["k"] else []
    found += [f"office.{one}" for one in sorted(set(before["offices"]) - set(after["offices"]))]
    found += [f"language.{one}" for one in before["languages"] if one not in after["languages"]]
    found += _arranged(before, after)
    signers = set(before.get("signing", ())) ^ set(after.get("signing", ()))
    found += [f"signing.{one}" for one in sorted(signers & set(before["offices"])) if "signing" in before]
    found += ["body"] if before.get("body") != after.get("body") else []
    topics = _topics(after)
    return found + [f"topic.{one}" for one, words in _topics(before).items() if topics.get(one) != words]


def _arranged(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List the units of another bureau than before, those that are gone, and the new ones that are of no bureau there was.

    Whom the old bureau pays could check what is promised in a new place, or nobody could.
    """
    if "within" not in before:
        return []
    was, now = bureaus_in(before), bureaus_in(after)
    told = {unit_of(one) for one in before["offices"]}  # their offices are listed where they are gone
    moved = [
        f"unit.{one}" for one in sorted(was) if was[one] != now.get(one) and (one in now or one not in told)
    ]
    return moved + [f"new_unit.{one}" for one in sorted(now.keys() - was.keys()) if now[one] not in was]


def _topics(told: Mapping[str, Any]) -> dict[str, str]:
    return {one["id"]: one["sha256"] for one in told.get("topics", ())}


def tightened(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List what a policy tightens that the leads work with: a higher k publishes less, a topic more allows fewer questions.

    And they have fewer days to check a delivery, a seat that was removed stays empty for more days of appeal, with what it could
    open unread, or their alarms are heard by another or kept for other days. Who hears
    alarms, and the edges of ranges, are new to them too where the older policy does not tell them: only its hash knows which there were.
    """
    found = ["k"] if after["k"] > before["k"] else []
    found += (
        ["clocks.verify_days"] if after["clocks"]["verify_days"] < before["clocks"]["verify_days"] else []
    )
    older, newer = (one.get("cohort_clocks", {}).get("appeal_days", 0) for one in (before, after))
    found += ["clocks.appeal_days"] if 0 < older < newer else []
    was, now = before.get("alarms", {}), after.get("alarms", {})
    found += [f"alarms.{one}" for one in ("to", "body", *ALARM_DAYS) if was.get(one) != now.get(one)]
    found += ["bands"] if "bands" in after and "bands" not in before else []
    if "topics" not in before:
        return found
    return found + [f"topic.{one}" for one in sorted(set(_topics(after)) - set(_topics(before)))]


def reworded(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List the parts that people read and that are not those of the policy before, or that it does not tell: only its hash knows them.

    Whoever rewords them alone would say something else under what both sides signed and leads named, or put the City's
    telephone where people are told that the City cannot hear them. Whom to call for help is mended alone (ALONE).
    A part that was told stays told.
    """
    was, now = before.get("parts", {}), after.get("parts", {})
    told = [one for one in PARTS if was.get(one) != now.get(one)]
    return [f"part.{one}" for one in told if one not in ALONE or one not in now]


def _most_working_days(log: LogView) -> int:
    """Give the most working days a year that were told since they became rarer with the leads, so that small steps do not add up."""
    most = 0
    for one in log.every(EntryKind.POLICY_ADOPTED):
        told = one.data.get("working_days", most)
        most = told if told < most - BY_THE_YEAR else max(most, told)
    return most


def needs_the_leads(log: LogView, after: Mapping[str, Any]) -> list[str]:
    """List what a policy changes of the one in force only with the leads; what is tightened for them only once somebody ever sat.

    Before the first cohort the government still arranges its units and writes what people read, and nobody has promised anything
    yet. Between two, nobody makes the rules stricter for leads who cannot say no to it.
    """
    before = {**policy(log).data, "working_days": _most_working_days(log)}
    found = loosened(before, after) + (tightened(before, after) if log.every(EntryKind.SEAT_TAKEN) else [])
    if log.every(EntryKind.COHORT_SEATED):
        return found + reworded(before, after)
    arranged = _arranged(before, after)
    return [one for one in found if one not in arranged]


def loosens_only_with_the_leads(entry: Entry, log: LogView) -> None:
    """Refuse to loosen clocks, working days, k, offices or forbidden topics, or to reword what people read, without more than half of the leads of each cohort that sits.

    Each of those was on the record for 30 days, or sat when the program began.
    """
    adopted = log.every(EntryKind.POLICY_ADOPTED)
    if not adopted and "body" in entry.data:
        fail("a community body is named together with the leads; leave it out until leads are seated.")
    if not adopted or not (needed := needs_the_leads(log, entry.data)):
        return
    if not in_term(log, entry.date, seated(log, entry.date)):
        fail(
            "there is no lead now, so the rules can only be made stricter for the City; propose this when the next cohort begins."
        )
    for one in entry.seats:
        if first := signs_rules_from(log, one, entry.date):
            fail_too_new(one, first)
    if majority_lacks(log, entry.date, entry.seats):
        if all(one.startswith("part.") for one in needed):
            fail(
                "this changes what people read in the rules; more than half of the seated leads sign it, in each cohort. Ask them "
                "on the page of the new rules."
            )
        fail(
            "this makes the rules milder; more than half of the seated leads sign it, in each cohort. Ask them on the page of the new rules."
        )


def the_steward_adopts(entry: Entry, _log: LogView) -> None:
    """Refuse rules that leads adopt without the steward: they are under two pens."""
    if "steward" not in entry.by:
        fail("the program coordinator signs rules, alone or beside leads; ask the program coordinator.")


def each_has_one_place(entry: Entry, _log: LogView) -> None:
    """Refuse a policy that puts a unit within two others or below itself, or tells a forbidden topic twice."""
    within, topics = entry.data["within"], entry.data["topics"]
    above = above_in(entry.data)
    if len(above) < len(within):
        malformed("within names each unit once; one unit lies directly above it.")
    if any(bureau_of(unit, above) in above for unit in above):
        malformed("within goes round in a circle; one unit stands above all others of a bureau.")
    if len(_topics(entry.data)) < len(topics):
        malformed("topics names each once.")


def names_no_unit_like_somebody_else(entry: Entry, _log: LogView) -> None:
    """Refuse a unit, or a community body, whose name is a word for somebody else: it would sign or be paid in their place."""
    named = [*entry.data["offices"], entry.data.get("body", "")]
    units = {unit_of(one) for one in named} | {one for pair in entry.data["within"] for one in pair.values()}
    if taken := sorted(one for one in units if is_no_unit(one)):
        fail(
            "{unit} is a word of the public log for somebody else; give this bureau a longer short name in the pack.",
            unit=Named(taken[0]),
        )


def names_a_body_outside(entry: Entry, _log: LogView) -> None:
    """Refuse a community body that is an office or a unit of the government."""
    unit = unit_of(entry.data.get("body", ""))
    units = {unit_of(one) for one in entry.data["offices"]}
    if unit in units | {one for pair in entry.data["within"] for one in pair.values()}:
        fail(
            "{unit} is a bureau of the government, and the community body is not; name another.",
            unit=Named(unit),
        )


def is_an_office(name: str, log: LogView) -> None:
    """Refuse to ask or bind an office that the policy in force does not have."""
    if name not in policy(log).data["offices"]:
        fail(
            "{office} is not an office of the policy in force; name one it has, or add it to the pack first.",
            office=Named(name),
        )


def two_sides_stand_for_it(entry: Entry, _log: LogView) -> None:
    """Refuse what one person says of the clock: a lead and another lead, the steward or an office say it together."""
    if entry.by != ("clock",) and (not entry.seats or len(entry.by) < SIDES or "clock" in entry.by):
        fail(
            "a lead says this together with the program coordinator, an office or a second lead; ask another."
        )


def begins_this_day(entry: Entry, _log: LogView) -> None:
    """Refuse to agree to another day than the one of the entry, or to a gap that is none."""
    if not entry.data["from"] < entry.data["until"] == entry.date.isoformat():
        malformed("from is the last day that was agreed, until the day of this entry.")


def ends_only_what_a_wrong_clock_wrote(entry: Entry, log: LogView) -> None:
    """Refuse to end what a person wrote, what is not dated ahead, or to go back before what was written on its day."""
    if entry.by == ("clock",):
        fail(
            "a lead says this together with the program coordinator, an office or a second lead; ask another."
        )
    wrong = sorted(entry.cites["wrong"])
    before = log.get(wrong[0] - 1)
    while before is not None and before.by == ("clock",) and before.date > entry.date:
        before = log.get(before.index - 1)
    if before is None or before.date > entry.date:
        malformed(
            "people wrote before the clock was wrong, and on a later day than this; days do not go back so far."
        )
    since = [
        one for index in range(wrong[0], entry.index) if (one := log.get(index)) and one.date > entry.date
    ]
    if later := [one.date for one in since if one.by != ("clock",)]:
        fail(
            "people wrote on {day} while the clock was wrong; say this on that day, or later.", day=max(later)
        )
    ahead = [
        one.index
        for one in since
        if one.kind in ENDED_BY_A_FAULT and not log.citing(one.index, EntryKind.CLOCK_FAULTED)
    ]
    if ahead != wrong:
        malformed("wrong cites all that the clock told on days that had not come yet, and nothing else.")


def no_bureau_ends_its_own_lateness(entry: Entry, log: LogView) -> None:
    """Refuse an office that says with a lead that the clock was wrong when it told the lateness of its own bureau."""
    late = {str(one.data["office"]) for one in all_cited(entry, "wrong", log) if "office" in one.data}
    for own in entry.offices:
        if any(is_beside(unit_of(one), EVER, [unit_of(own)], policies(log)) for one in late):
            fail(
                "{office} does not end what was told of its own bureau; the program coordinator, a second lead or an office of "
                "another bureau says this with a lead.",
                office=Named(own),
            )


def tells_what_was_lost(entry: Entry, _log: LogView) -> None:
    """Refuse to go on without a lead and a role of the City, and to name as lost what stands here."""
    data = entry.data
    if not entry.seats or len(entry.by) == len(entry.seats):
        fail(
            "a lead and the program coordinator, or an office, let a record go on together; ask the other side."
        )
    if data["kept"] != entry.index:
        malformed("kept counts the entries before this one.")
    if ("lost" in data) != ("root" in data) or data.get("lost", entry.index + 1) <= entry.index:
        malformed(
            "lost and root tell one head, over more entries than were kept; leave both out where none is known."
        )


def signers_are_offices(entry: Entry, _log: LogView) -> None:
    """Refuse a policy under which an office signs that it does not have."""
    if strangers := sorted(set(entry.data["signing"]) - set(entry.data["offices"])):
        fail("{office} signs and is not an office; add it to the pack.", office=Named(strangers[0]))


def tells_silence_at_once(entry: Entry, _log: LogView) -> None:
    """Refuse a policy that tells silence later than the day after, or to an office that there is not (promise 4)."""
    days = entry.data["silence_days"]
    if days[0] != 1 or days != sorted(days):
        fail(
            "silence is told the day after the day, and then later and later; begin the days of silence with 1."
        )
    if entry.data["escalate_to"] not in entry.data["offices"]:
        fail(
            "{office} hears of silence and is not an office; add it to the pack.",
            office=Named(entry.data["escalate_to"]),
        )


def signs_for(one: str, log: LogView) -> bool:
    """Say whether an office signs for its unit under the policy in force."""
    return one in policy(log).data.get("signing", [one])


def signs_for_its_unit(*, unit: str, offices: Sequence[str], log: LogView) -> None:
    """Refuse what an office signs that does not sign for this unit, or for the one that answers for it, under the policy in force.

    A policy that was adopted in grammar 1 does not say who signs; under it, any office of the unit does.
    """
    unit = answers_for(unit, log)
    if not any(unit_of(one) == unit and signs_for(one, log) for one in offices):
        fail("{unit} signs this with an office that signs for it; ask its manager.", unit=Named(unit))


def tells_ranges(*names: str) -> Rule:
    """Refuse a range of people that is upside down, begins below the policy's k, or is as good as a count."""

    def check(entry: Entry, log: LogView) -> None:
        for name in names:
            hides_single_people(entry.data.get(name, "fewer"), policy(log).data["k"])

    return since(2, check)


#: From this version of the grammar on, an entry that adopts a pack tells all its terms, and the record gives out the parts of the pack that it hashes.
TELLS_PACKS = 3


def terms_of(pack: Pack, sha256: str, on: date, without: Collection[str] = ()) -> dict[str, Any]:
    """Say a policy pack that is adopted on a day in the terms of the record, `without` parts that stay untold."""
    body = {"body": pack.body} if pack.body else {}
    return {
        **body,
        "pack": sha256,
        "k": pack.k,
        "clocks": pack.record_clocks(),
        "cohort_clocks": pack.cohort_clocks(),
        "languages": [one.code for one in pack.languages],
        "offices": sorted(pack.offices),
        "topics": [{"id": one.id, "sha256": one.sha256} for one in pack.forbidden],
        "within": [{"unit": one.slug, "within": one.parent} for one in pack.units if one.parent],
        "signing": sorted(pack.signing_offices),
        "silence_days": list(pack.clocks.silence_days),
        "silence_repeat_months": pack.clocks.silence_repeat_months,
        "escalate_days_after": pack.clocks.escalate_days_after,
        "escalate_to": pack.escalate_to,
        "time_zone": pack.time_zone,
        "working_days": working_days(on, pack),
        "alarms": pack.charter.told(),
        "bands": list(pack.bands),
        "parts": {part: one for part, one in hashes_of(pack).items() if part not in without},
    }


def left_untold(log: LogView, before: Callable[[str], Pack], after: Mapping[str, Any]) -> frozenset[str]:
    """Name the parts that rules adopted alone do not tell: the rules in force never told them, and both packs say them alike.

    They are told first with the leads. Until then they keep nobody from what needs no lead, as from mending a dead number.
    `before` gives the pack of a hash.
    """
    in_force = policy(log).data
    untold = LATER - in_force.get("parts", {}).keys()
    if not untold or not needs_the_leads(log, after):
        return frozenset()
    was = hashes_of(before(in_force["pack"]))
    return frozenset(one for one in untold if was[one] == after["parts"][one])


def adopted_before(_value: Mapping[str, Any], log: LogView) -> Sequence[Entry]:
    """Give the rules so far: who signs others has seen the last."""
    return log.every(EntryKind.POLICY_ADOPTED)


KINDS = (
    Kind(
        name=EntryKind.PROGRAM_OPENED,
        heading=_("The program began"),
        says="A program begins. Always entry 0.",
        pen="program",
        by=("steward",),
        data={"program": slug, "time_zone": zone, "demonstration": flag},
        texts=("name",),
        was={"data": {"time_zone": words(60)}},
        subject="program",
        rules=(opens_the_log,),
    ),
    Kind(
        name=EntryKind.POLICY_ADOPTED,
        heading=_("Rules of the program"),
        sentence=_("These are the rules of the program from this day on."),
        says="The policy pack in force from now on: its hash, its clocks, k, languages and offices, how many working days the twelve months from its day have, or from that on which it was proposed to leads, which unit lies within which, the community body outside the government, if one is named, who hears alarms of leads and how long they and messages are kept, the edges of the ranges in which people are counted, and a hash of each part that people read and no clock counts: ways to speak, levels of participation, harms, communities, units and offices, how long things are kept, what staff do when a federal agency asks, help with what is said first to someone in trouble, that alone, the witnesses of the log, what the program is about, what it and its government are called, which work and costs are paid, by when an alarm is answered, what calls pay, keep and ask of people's groups, how long comments and strategies stay, what finance learns and how long notes of pay stay, where the button to leave leads, and the languages (SHA-256 of its canonical JSON, what is listed by its slug, id or kind).",
        pen="program",
        by=("steward", "seat"),
        data={
            "pack": hex64,
            "k": number(2, 1000),
            "clocks": fields(CLOCKS),
            "cohort_clocks": fields(COHORT_CLOCKS),
            "languages": languages,
            "offices": list_of(office, 1, 500),
            "topics": list_of(fields({"id": slug, "sha256": hex64}), 0, 200),
            "within": list_of(fields({"unit": slug, "within": slug}), 0, 500),
            "signing": list_of(office, 1, 500),
            "silence_days": list_of(number(1, 3650), 1, 60),
            "silence_repeat_months": number(1, REPEAT_MONTHS),
            "escalate_days_after": number(1, 3650),
            "escalate_to": office,
            "time_zone": zone,
            "working_days": number(1, 366),
            "alarms": ALARMS,
            "bands": list_of(number(2, 10**9), 1, 100),
            "parts": fields(dict.fromkeys(PARTS.keys() - LATER, hex64), dict.fromkeys(sorted(LATER), hex64)),
        },
        may={"body": office},
        was={"data": OLD_LANGUAGES},
        since={"by.seat": 2, "data.body": 2, "data.alarms": 2, "data.bands": 2, "data.parts": 3}
        | {
            f"data.{name}": 2
            for name in (
                "cohort_clocks",
                "topics",
                "within",
                "signing",
                "silence_days",
                *TOLD_AFTER,
                *STAYS,
                "working_days",
            )
        },
        rules=(
            since(2, signers_are_offices),
            since(2, tells_silence_at_once),
            since(2, each_has_one_place),
            since(2, names_no_unit_like_somebody_else),
            since(2, names_a_body_outside),
            since(2, the_steward_adopts),
            since(2, leads_have_standing),
            since(2, loosens_only_with_the_leads),
        ),
        signed=5,
        apart=30,
        before=adopted_before,
    ),
    Kind(
        name=EntryKind.RECORD_RESUMED,
        heading=_("The log goes on after a loss"),
        says="Entries that were signed are lost, and no mirror that could be found has them: the record goes on without them.",
        pen="program",
        by=("seat", "steward", "office"),
        data={"kept": number(1, 10**9)},
        may={"lost": number(1, 10**9), "root": hex64},
        texts=("reason",),
        rules=(tells_what_was_lost, leads_have_standing, stands_beside_no_payer),
        first=2,
        unsigned="faults",
    ),
    Kind(
        name=EntryKind.CLOCK_AGREED,
        heading=_("The clock goes on after a gap"),
        sentence=_("The clock had jumped. It goes on from this day: somebody else confirmed it."),
        says="The clock had stood still, or jumped. It goes on: another clock shows this day, or people say that it is this day.",
        pen="program",
        by=("clock", "seat", "steward", "office"),
        data={"from": day, "until": day},
        rules=(two_sides_stand_for_it, begins_this_day, leads_have_standing, stands_beside_no_payer),
        first=2,
        unsigned="faults",
    ),
    Kind(
        name=EntryKind.CLOCK_FAULTED,
        heading=_("The clock was wrong"),
        says="The clock was ahead. What it told then of anyone's lateness counts for nothing, and days go on from this one.",
        pen="program",
        by=("seat", "steward", "office"),
        cites={"wrong": Cites(ENDED_BY_A_FAULT, 1, WRONG_AT_ONCE)},
        texts=("reason",),
        rules=(
            two_sides_stand_for_it,
            ends_only_what_a_wrong_clock_wrote,
            no_bureau_ends_its_own_lateness,
            leads_have_standing,
            stands_beside_no_payer,
        ),
        first=2,
        unsigned="faults",
    ),
)
