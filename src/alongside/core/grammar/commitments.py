"""Commitments: a dated promise, its milestones, the claim, and the check by someone else."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from alongside.core.clocks import MILESTONE_YEARS, claim_again_from, latest_milestone
from alongside.core.entries import STEWARD, Entry, LogView, entry_at, unit_of
from alongside.core.grammar.answers import promised
from alongside.core.grammar.asks import ask_behind, clocks_of, quiet_until, waits_for_the_learning
from alongside.core.grammar.bureaus import acts_for, answers_for, in_one_bureau, policies
from alongside.core.grammar.general import IN_NO_LANGUAGE
from alongside.core.grammar.program import is_an_office
from alongside.core.grammar.seats import (
    former_leads_sat,
    leads_have_standing,
    one_sat_before_any_change_of_cohorts,
    seated,
    standing,
)
from alongside.core.grammar.shape import (
    SERVED,
    Cites,
    Kind,
    Once,
    all_cited,
    cited,
    day,
    fail,
    fields,
    is_no_words,
    list_of,
    malformed,
    names_a_stage,
    number,
    office,
    one_of,
    since,
    slug,
    words,
)
from alongside.core.grammar.silence import Due, Owed, refuse_hidden, told_after
from alongside.core.grammar.ties import LEADS_WORD, is_payer_told, stake_since, ties_since, told_of
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.words import ngettext_noop as ngettext
from alongside.core.workflow.asks import Decision
from alongside.core.workflow.commitments import CHECKS, KEPT, Completion

CHECKERS = 2
#: The text that says how it will be seen that a promise is kept; from this version on no milestone is called so.
EVIDENCE, ITS_EVIDENCE = "evidence", 2


def names_no_milestone_as_an_address(entry: Entry, _log: LogView) -> None:
    """Refuse a milestone that is named as what is in no language: nobody could translate it."""
    for one in entry.data["milestones"]:
        if one["id"] in IN_NO_LANGUAGE:
            fail("a milestone is not called {name}; give it another name.", name=one["id"])


def follows_a_promise(entry: Entry, log: LogView) -> None:
    """Let a commitment cite only an answer or reply that promises, once, with milestones that have words."""
    answer = cited(entry, "answer", log)
    if not promised(answer):
        fail("a commitment belongs to an answer that says yes; cite that answer.")
    if log.citing(answer.index, EntryKind.COMMITMENT_MADE):
        fail("this answer has its commitment; read it on the public log.")
    is_an_office(entry.data["office"], log)
    ids = [one["id"] for one in entry.data["milestones"]]
    if len(set(ids)) != len(ids):
        fail("two milestones have the same name; give each one its own.")
    if entry.v >= ITS_EVIDENCE and EVIDENCE in ids:
        fail("a milestone is no evidence of itself; give it another name.")
    for one in entry.data["milestones"]:
        if one["id"] not in entry.texts:
            fail("a milestone has no words; say what will be done.")
        if one["due"] < entry.date.isoformat():
            fail(
                "a milestone is due on {due}, before today; name a day to come.",
                due=date.fromisoformat(one["due"]),
            )


def is_by_who_answered(entry: Entry, log: LogView) -> None:
    """Let only the unit that said yes commit to it, by days that someone will still follow."""
    answer = cited(entry, "answer", log)
    if any(unit_of(one) != unit_of(answer.offices[0]) for one in entry.offices):
        fail("the bureau that said yes commits to it; ask that bureau.")
    latest = latest_milestone(entry.date).isoformat()
    if any(one["due"] > latest for one in entry.data["milestones"]):
        fail("a milestone lies more than {years} years ahead; name a nearer day.", years=MILESTONE_YEARS)


def checks_of(claim: int, log: LogView) -> list[Entry]:
    """Give the check of a claim, if there is one."""
    return [one for kind in CHECKS for one in log.citing(claim, kind)]


def about(index: int, kind: str, milestone: str, log: LogView) -> list[Entry]:
    """List the entries of a kind about one milestone of a commitment, oldest first."""
    return [one for one in log.citing(index, kind) if one.data["milestone"] == milestone]


def claims_of(entry: Entry, log: LogView) -> list[Entry]:
    """List what was claimed of the milestone that an entry is about, oldest first."""
    return about(entry.cites["commitment"][0], EntryKind.DELIVERY_CLAIMED, entry.data["milestone"], log)


def is_claimed(entry: Entry, log: LogView) -> bool:
    """Say whether the milestone that an entry is about counts as claimed: while leads do not dispute its last claim."""
    return any(not log.citing(one.index, EntryKind.DELIVERY_DISPUTED) for one in claims_of(entry, log)[-1:])


def deliveries_owed(log: LogView, commitment: Entry) -> list[Owed]:
    """List the milestones of a commitment that count as unclaimed; one whose claim leads dispute is owed again from that day."""
    found = []
    learns = quiet_until(log, ask_behind(log, commitment), commitment)
    for one in commitment.data["milestones"]:
        claims = about(commitment.index, EntryKind.DELIVERY_CLAIMED, one["id"], log)
        disputed = log.citing(claims[-1].index, EntryKind.DELIVERY_DISPUTED) if claims else ()
        if not claims or disputed:
            due = date.fromisoformat(one["due"])
            told = told_after(about(commitment.index, EntryKind.COMMITMENT_LATE, one["id"], log), due)
            quiet = max([due, learns or due, *(each.date for each in disputed)])
            found.append(Owed(commitment.index, due, told, quiet, Due.DELIVERY, one["id"]))
    return found


def checks_owed(log: LogView, commitment: Entry) -> list[Owed]:
    """List the claims of a commitment that nobody has checked, the last one of each milestone."""
    found = []
    for one in commitment.data["milestones"]:
        for claim in about(commitment.index, EntryKind.DELIVERY_CLAIMED, one["id"], log)[-1:]:
            if not checks_of(claim.index, log):
                days = clocks_of(log, ask_behind(log, claim), claim)["verify_days"]
                due = claim.date + timedelta(days=days)
                told = tuple(log.citing(claim.index, EntryKind.DELIVERY_UNCHECKED))
                found.append(Owed(claim.index, due, told, due, Due.CHECK))
    return found


def hides_no_delay(entry: Entry, log: LogView) -> None:
    """Refuse to claim what was due before, unless an entry told that it was late (promise 4)."""
    commitment = cited(entry, "commitment", log)
    owed = deliveries_owed(log, commitment)
    refuse_hidden([one for one in owed if one.milestone == entry.data["milestone"]], entry)


def waits_for_no_check(entry: Entry, log: LogView) -> None:
    """Refuse a claim over one that nobody checked: it would start the days to check it anew."""
    if any(not checks_of(one.index, log) for one in claims_of(entry, log)[-1:]):
        fail("this is claimed already; leads check that claim first.")


def waits_after_a_dispute(entry: Entry, log: LogView) -> None:
    """Refuse to claim again at once what leads disputed: another claim each day would keep it from ever being late (promise 5)."""
    disputed = [
        one
        for claim in claims_of(entry, log)[-1:]
        for one in log.citing(claim.index, EntryKind.DELIVERY_DISPUTED)
    ]
    again = max((claim_again_from(one.date) for one in disputed), default=entry.date)
    if entry.date < again:
        fail("those who looked said that this is not done. It can be claimed again from {day} on.", day=again)


def binds_its_own_bureau(entry: Entry, log: LogView) -> None:
    """Let an office promise for its own bureau alone, or those it pays could check what another is held to (promise 5)."""
    owner = entry.data["office"]
    if not all(in_one_bureau(unit_of(one), unit_of(owner), log) for one in entry.offices):
        fail(
            "{office} is not of the bureau that signs this; name an office of your own bureau as its owner.",
            office=Named(owner),
        )


def units_behind(commitment: Entry, log: LogView) -> set[str]:
    """Give the units with a stake in a promise: whose it is, whose office signed its answer or itself, and who had its ask."""
    ask = ask_behind(log, commitment)
    moved = [one.data["office"] for one in log.citing(ask.index, EntryKind.ASK_TRANSFERRED)]
    return {*units_bound(commitment, log), *(unit_of(one) for one in moved)}


def units_bound(commitment: Entry, log: LogView) -> set[str]:
    """Give the units behind a promise without those through which its ask only went, or that said “not yet” and handed it on.

    Two offices would else tie any lead.
    """
    answer = cited(commitment, "answer", log)
    contested = [cited(one, "answer", log) for one in all_cited(answer, "contest", log)]
    ask = ask_behind(log, commitment)
    given = [
        one
        for one in log.citing(ask.index, EntryKind.ANSWER_GIVEN)
        if one.data["decision"] != Decision.DEFERRED
    ]
    told = (answer, *contested, commitment, *given)
    signed = [one for each in told for one in each.offices]
    return {unit_of(one) for one in (commitment.data["office"], ask.data["office"], *signed)}


def milestone_of(entry: Entry, commitment: Entry) -> None:
    """Refuse to speak of a milestone that the commitment does not have."""
    known = {one["id"] for one in commitment.data["milestones"]}
    if entry.data["milestone"] not in known:
        fail("the commitment has no such milestone; name one it has.")


def is_claimed_by_the_promiser(entry: Entry, log: LogView) -> None:
    """Let only the unit that promised claim a delivery, of a milestone it has; the office above where that unit was merged away."""
    commitment = cited(entry, "commitment", log)
    milestone_of(entry, commitment)
    unit = unit_of(commitment.data["office"])
    if not acts_for(unit, entry, log):
        owes = answers_for(unit, log)
        fail("the promise was made by {unit}; only that bureau claims its delivery.", unit=Named(owes))


def is_claimed_by_no_other_unit(entry: Entry, log: LogView) -> None:
    """Refuse a claim under which an office of another unit stands: it would tie the leads whom that one pays (promise 5)."""
    commitment = cited(entry, "commitment", log)
    unit = answers_for(unit_of(commitment.data["office"]), log)
    if any(unit_of(one) != unit for one in entry.offices):
        fail("the promise was made by {unit}; only that bureau claims its delivery.", unit=Named(unit))


def nobody_could_check(log: LogView, on: date, commitment: int, units: Iterable[str]) -> bool:
    """Say whether a bureau with a stake in a promise paid or employed since, as its lead says or confirmed, every seat that counts."""
    return not who_could_check(log, on, commitment, units)


def who_could_check(log: LogView, on: date, commitment: int, units: Iterable[str]) -> list[str]:
    """List the seats that count of which no lead says, or confirmed, that a bureau with a stake in a promise paid or employed them since.

    Nor that they once served that bureau, or ran the program. A seat that the steward suspended, ended or says the bureau pays
    could check: or the City could empty the seats and let the community body check alone.
    """
    units, rules = [*units, STEWARD], policies(log)
    return [
        one
        for one in standing(log, on)
        if not stake_since(told_of(log, one), commitment, units, rules, firm=True)
    ]


def stakes_in(claim: Entry, commitment: Entry, log: LogView, *, bound: bool) -> set[str]:
    """Give the units with a stake in what is claimed, or that it binds, and those that answer for one that was merged away."""
    behind = units_bound(commitment, log) if bound else units_behind(commitment, log)
    units = behind | {unit_of(one) for one in claim.offices}
    return units | {answers_for(one, log) for one in units}


def is_checked_by_others(entry: Entry, log: LogView) -> None:
    """Let a delivery be confirmed or disputed only by two leads not paid by that unit (promise 5).

    The community body (no other office holds this pen) stands beside one lead, and alone where no lead could check.
    """
    claim = cited(entry, "claim", log)
    commitment = cited(claim, "commitment", log)
    if entry.data["milestone"] != claim.data["milestone"]:
        fail("the claim is about another milestone; check that one.")
    unit = unit_of(commitment.data["office"])
    if len(entry.by) < CHECKERS and not (
        entry.offices
        and nobody_could_check(
            log, entry.date, commitment.index, stakes_in(claim, commitment, log, bound=True)
        )
    ):
        fail("a delivery is checked by two leads and by no office; ask a second lead.")
    for one in entry.seats:
        taken = log.about(EntryKind.SEAT_TAKEN, one)
        if not taken:
            fail(
                "{seat} is not a place on the public log; ask the program coordinator to enter it.",
                seat=Named(one),
            )
        if entry.v < LEADS_WORD and taken[-1].data.get("paid_by") == unit:
            fail(
                "{seat} is paid by {unit} and cannot check what it promised; ask another lead.",
                seat=Named(one),
                unit=Named(unit),
            )
    if any(log.citing(claim.index, kind) for kind in CHECKS):
        fail("this claim is checked already; a new claim can be checked anew.")


def is_checked_from_outside_the_bureau(entry: Entry, log: LogView) -> None:
    """Refuse a check by a lead whom a bureau with a stake in the promise paid or employed at any time since (promise 5).

    What the steward alone told keeps a lead from saying that it was kept, and not from saying that it was not; so does a
    unit through which its ask only went.
    """
    claim = cited(entry, "claim", log)
    commitment = cited(claim, "commitment", log)
    firm = entry.kind == EntryKind.DELIVERY_DISPUTED
    units, rules = {*stakes_in(claim, commitment, log, bound=firm), STEWARD}, policies(log)
    for one in entry.seats:
        told = told_of(log, one)
        if not is_payer_told(told):
            fail(
                "nobody has said who pays {seat}, so this lead cannot check; they say it on their own page, or the program coordinator enters it.",
                seat=Named(one),
            )
        for theirs in sorted(ties_since(told, entry.index, firm=firm)):
            refuse_a_stake(one, theirs, units, log)
        if theirs := stake_since(told, commitment.index, units, rules, firm=firm):
            fail(
                "{seat} was paid or employed by {theirs} since this was promised and cannot check it; ask another lead.",
                seat=Named(one),
                theirs=Named(theirs),
            )


def refuse_a_stake(one: str, theirs: str, units: set[str], log: LogView) -> None:
    """Refuse a seat that a unit pays or employs which is, or is of one bureau with, one that has a stake in the promise.

    Or one whose lead said that they ran the program.
    """
    if theirs == STEWARD:
        fail("{seat} once ran the program, and checks no promise; ask another lead.", seat=Named(one))
    if theirs in units:
        fail(
            "{seat} is paid or employed by {unit} and cannot check what it promised or was asked; ask another lead.",
            seat=Named(one),
            unit=Named(theirs),
        )
    for unit in sorted(units) if theirs else ():
        if in_one_bureau(theirs, unit, log):
            fail(
                "{seat} is paid or employed by {theirs}, which is of one bureau with {unit}, and cannot check what it "
                "promised or was asked; ask another lead.",
                seat=Named(one),
                theirs=Named(theirs),
                unit=Named(unit),
            )


def names_a_milestone(entry: Entry, log: LogView) -> None:
    """Refuse a notice about a milestone that the commitment does not have."""
    milestone_of(entry, cited(entry, "commitment", log))


def is_late_now(entry: Entry, log: LogView) -> None:
    """Let the clock tell a late milestone only after its day, with the true number of days."""
    commitment = cited(entry, "commitment", log)
    due = next(
        (one["due"] for one in commitment.data["milestones"] if one["id"] == entry.data["milestone"]), None
    )
    late = (entry.date - date.fromisoformat(due)).days if due else 0
    if late < 1 or entry.data["days"] != late:
        fail("a milestone is told late only after its day, with the number of days since; wait until then.")


def is_told_of_its_office(entry: Entry, log: LogView) -> None:
    """Let the clock tell a stage once, under the office that promised, while nothing is claimed."""
    commitment = cited(entry, "commitment", log)
    if entry.data["office"] != commitment.data["office"]:
        fail("another office promised this; name the one that did.")
    if is_claimed(entry, log):
        fail("this milestone is claimed; it is not late.")
    names = ("milestone", "stage")
    told = log.citing(commitment.index, entry.kind)
    if any(all(one.data[name] == entry.data[name] for name in names) for one in told):
        fail("this is told already; nothing more is needed.")


def nobody_checked(entry: Entry, log: LogView) -> None:
    """Let the clock tell once that a claim is unchecked, while it is."""
    claim = cited(entry, "claim", log)
    if claim.data["milestone"] != entry.data["milestone"]:
        fail("the claim is about another milestone; name that one.")
    if checks_of(claim.index, log) or log.citing(claim.index, entry.kind):
        fail("this claim is checked, or that nobody did is told already; nothing more is needed.")


def waited_long_enough(entry: Entry, log: LogView) -> None:
    """Let the clock tell an unchecked claim only after the days that the policy gives for a check."""
    claim = cited(entry, "claim", log)
    days = clocks_of(log, ask_behind(log, claim), entry)["verify_days"]
    if entry.date <= claim.date + timedelta(days=days):
        fail("the days to check this claim are not over; wait until they are.")


def nobody_sits_to_check(log: LogView, on: date, claim: int) -> bool:
    """Say whether no seat that counts on a day could check a claim: nobody sits, or its bureau pays or employs all who do."""
    told = entry_at(claim, log)
    made = cited(told, "commitment", log)
    return nobody_could_check(log, on, made.index, stakes_in(told, made, log, bound=True))


def says_whether_anybody_sits(entry: Entry, log: LogView) -> None:
    """Let the clock say that nobody is seated to check where that is so, and only there (promise 5)."""
    nobody = nobody_sits_to_check(log, entry.date, entry.cites["claim"][0])
    says_nobody = entry.data["nobody_seated"] == "yes"
    if says_nobody and not nobody:
        fail("leads who could check are seated that day; say that nobody has, and not that nobody is seated.")
    if nobody and not says_nobody:
        fail("nobody is seated to check that day; say so.")


def who_has_a_stake(entry: Entry, log: LogView) -> set[str]:
    """Give the units with a stake in what is checked, and who runs the program: nobody who was there checks it."""
    claim = cited(entry, "claim", log)
    commitment = cited(claim, "commitment", log)
    firm = entry.kind == EntryKind.DELIVERY_DISPUTED
    return {*stakes_in(claim, commitment, log, bound=firm), STEWARD}


COMMITMENT = {"commitment": Cites((EntryKind.COMMITMENT_MADE,))}
CLAIM = {"claim": Cites((EntryKind.DELIVERY_CLAIMED,))}
#: What those who looked say: a text each, in the order in which they sign. Before, both wrote into the first one.
LOOKED, ALSO_LOOKED = "check", "check-2"


def said_by(entry: Entry) -> dict[str, str]:
    """Give who said each text of a check, by its name; nothing where the words of two stand in one text."""
    return dict(zip((LOOKED, ALSO_LOOKED), entry.by, strict=False)) if ALSO_LOOKED in entry.texts else {}


def one_of_today_looks(entry: Entry, log: LogView) -> None:
    """Refuse a check by former leads alone, or with the community body, where two leads of today could look (promise 5)."""
    claim = cited(entry, "claim", log)
    commitment = cited(claim, "commitment", log)
    if set(entry.seats) & set(seated(log, entry.date)):
        return
    units = stakes_in(claim, commitment, log, bound=True)
    if len(who_could_check(log, entry.date, commitment.index, units)) >= CHECKERS:
        fail("two leads who sit today could check this, so one of them looks, too; ask them.")


def lowest(saw: Iterable[str]) -> str:
    """Give the lowest of what those who looked saw; it counts for all of them."""
    return min(saw, key=[*map(str, Completion)].index)


def saw_by_each(where: str, value: Any) -> None:
    """Accept how complete each found it who looked, by seat or office."""
    if not isinstance(value, dict) or not value:
        malformed(f"{where} tells what each saw, by seat or office.")
    for who, saw in value.items():
        one_of(*Completion)(f"{where}.{who}", saw)


def counts_as_the_lowest(entry: Entry, _log: LogView) -> None:
    """Let what each of those who looked saw stand under their place; the lowest of it counts, which nobody signs alone."""
    saw = entry.data["saw"]
    if len(entry.by) > CHECKERS:
        malformed("two look at a delivery; nobody is named beside them.")
    if set(saw) != set(entry.by) or lowest(saw.values()) != entry.data["completion"]:
        malformed("saw tells what each of those in by saw, and completion is the lowest of it.")


#: What holds for every check, whatever those who looked say.
CHECKED = (
    is_checked_by_others,
    since(3, one_of_today_looks),
    since(2, leads_have_standing),
    since(2, former_leads_sat),
    since(2, one_sat_before_any_change_of_cohorts),
    since(2, is_checked_from_outside_the_bureau),
    since(5, counts_as_the_lowest),
)

KINDS = (
    Kind(
        name=EntryKind.COMMITMENT_MADE,
        heading=_("A promise of the City"),
        says="A dated promise: the office that owns it, its milestones, and what will count as evidence.",
        pen="city",
        by=("office",),
        data={"office": office, "milestones": list_of(fields({"id": slug, "due": day}), 1, 40)},
        cites={"answer": Cites((EntryKind.ANSWER_GIVEN, EntryKind.CONTEST_REPLIED))},
        texts=("evidence",),
        any_text=r"[a-z0-9][a-z0-9-]*",
        rules=(
            follows_a_promise,
            since(2, is_by_who_answered),
            since(2, binds_its_own_bureau),
            since(2, names_no_milestone_as_an_address),
        ),
    ),
    Kind(
        name=EntryKind.DELIVERY_CLAIMED,
        heading=_("The City says it is done"),
        marked=("city", "claimed"),
        says="The city says that a milestone is done, with links or words that show it.",
        pen="city",
        by=("office",),
        data={"milestone": slug},
        cites=COMMITMENT,
        texts=("claim",),
        may_text=("links",),
        since={"texts.links": 2},
        was={"may": {"links": list_of(words(500), 1, 20)}},
        rules=(
            is_claimed_by_the_promiser,
            since(2, is_claimed_by_no_other_unit),
            since(2, waits_for_no_check),
            since(2, waits_after_a_dispute),
            since(2, hides_no_delay),
            is_no_words("links"),
        ),
    ),
    Kind(
        name=EntryKind.DELIVERY_VERIFIED,
        heading=_("Kept: both sides say so"),
        marked=("both", ""),
        says="Two leads whom that unit and its bureau neither pay nor employ, nor did since the promise, looked and agree: kept. Where they are too few, the community body of the policy looks.",
        pen="both",
        by=("seat", "body"),
        data={"milestone": slug, "completion": one_of(*KEPT), "saw": saw_by_each},
        cites=CLAIM,
        texts=(LOOKED,),
        may_text=(ALSO_LOOKED,),
        rules=CHECKED,
        beside=who_has_a_stake,
        seats=SERVED,
        since={"by.body": 2, f"texts.{ALSO_LOOKED}": 3, "data.saw": 5},
        signed=5,
        apart=90,
        own_data=("saw",),
        own_texts=(LOOKED, ALSO_LOOKED),
        follows=("completion",),
    ),
    Kind(
        name=EntryKind.DELIVERY_DISPUTED,
        heading=_("Disputed by those who looked"),
        marked=("both", "disputed"),
        says="Two leads whom that unit and its bureau neither pay nor employ, nor did since the promise, looked and say that it is not done. What the steward alone said of their pay after they were seated does not keep them from it. Where they are too few, the community body of the policy looks.",
        pen="community",
        by=("seat", "body"),
        data={
            "milestone": slug,
            "completion": one_of(*(one for one in Completion if one not in KEPT)),
            "saw": saw_by_each,
        },
        cites=CLAIM,
        texts=(LOOKED,),
        may_text=(ALSO_LOOKED,),
        rules=CHECKED,
        beside=who_has_a_stake,
        seats=SERVED,
        since={"by.body": 2, f"texts.{ALSO_LOOKED}": 3, "data.saw": 5},
        signed=5,
        apart=90,
        own_data=("saw",),
        own_texts=(LOOKED, ALSO_LOOKED),
        follows=("completion",),
    ),
    Kind(
        name=EntryKind.COMMITMENT_LATE,
        heading=_("A promise is late"),
        counted=ngettext(
            "A promise was due on %(day)s. %(n)d day later, the City had not said that it is done.",
            "A promise was due on %(day)s. %(n)d days later, the City had not said that it is done.",
        ),
        marked=("city", "late"),
        once=Once("commitment", lambda data, _on: f"{data['milestone']} {data['stage']}"[:40]),
        says="A milestone's day has passed, and nothing is claimed, or those who looked say that what was claimed is not done. The clock enters this by itself.",
        pen="clock",
        by=("clock",),
        data={"milestone": slug, "office": office, "days": number(1, 36500), "stage": words(20)},
        cites=COMMITMENT,
        rules=(
            names_a_milestone,
            is_late_now,
            since(2, waits_for_the_learning),
            since(2, names_a_stage),
            since(2, is_told_of_its_office),
        ),
    ),
    Kind(
        name=EntryKind.DELIVERY_UNCHECKED,
        heading=_("Nobody has checked yet"),
        sentence=_("The City says that a milestone is done. Two leads had not checked it by the day."),
        marked=("community", "owed"),
        once=Once("claim"),
        says="The days to check a claim have passed, and nobody did; or nobody is seated to check it.",
        pen="clock",
        by=("clock",),
        data={"milestone": slug, "nobody_seated": one_of("yes", "no")},
        cites=CLAIM,
        rules=(waited_long_enough, since(2, nobody_checked), since(2, says_whether_anybody_sits)),
    ),
)
