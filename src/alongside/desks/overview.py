"""How the program is doing, on one page for whoever runs it: small charts, each a table of its own numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.chain.asks.steps import posts
from alongside.chain.commitments.steps import open_promises
from alongside.cohort.applications.queries import how_many, languages_of
from alongside.cohort.calls.queries import last_closed
from alongside.cohort.lotteries.queries import next_steps
from alongside.cohort.lotteries.steps import PAGES
from alongside.cohort.pay.queries.claims import minutes_by_month
from alongside.cohort.pay.queries.runs import Spent, spent_of_cohorts
from alongside.cohort.pay.steps import back, count_late
from alongside.cohort.seats.queries.cohorts import Empty, names_in
from alongside.cohort.seats.queries.seats import seated_today
from alongside.cohort.seats.steps import cohorts_now
from alongside.cohort.seats.steps import empty as empty_seats
from alongside.core.clocks import plus_months
from alongside.core.disclosure import Fewer
from alongside.core.money import Money, in_hours
from alongside.core.workflow.calls import CallStep
from alongside.desks import translations
from alongside.desks.answers_due import owed_at
from alongside.desks.people import empty_offices
from alongside.ground.directory import steps as federal
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.record import queries as record
from alongside.ground.record import rates
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.ui.days import about_in_words, day_in_words, late_by
from alongside.ground.ui.languages import in_readers_words
from alongside.ground.ui.numbers import money
from alongside.ground.ui.steps import Desk

#: So many months the page looks back.
MONTHS = 6
#: How long a bar is drawn at most.
LONG = 100
#: So much of a term is over, in hundredths, before its pace says anything; a pace is told in so many smallest coins.
TELLS, ROUND = 10, 10_000
#: What is next of a call.
NEXT: Mapping[str, Promise] = {
    CallStep.CLOSE: gettext_lazy("People apply until %(day)s"),
    CallStep.DRAW: gettext_lazy("Draw on %(day)s"),
    CallStep.WITNESS: gettext_lazy("The witnesses run it again by %(day)s"),
    CallStep.DECIDE: gettext_lazy("Choose by %(day)s"),
    CallStep.OFFER: gettext_lazy("Offer the places by %(day)s"),
}


@dataclass(frozen=True)
class Bar:
    """One line of a chart: its name, what is filled and what is hollow, the whole that both are of, and its numbers in words."""

    name: str
    filled: int
    hollow: int = 0
    numbers: Sequence[str] = ()
    lang: str = ""
    href: str = ""
    #: What is said of it below its name.
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart that is a table: one sentence first, then a bar and its numbers in each line."""

    name: str
    heading: str | Promise
    says: str
    columns: Sequence[str | Promise] = ()
    bars: Sequence[Bar] = ()
    #: What the longest bar may hold; the longest of the lines where nothing bounds it.
    of: int = 0
    href: str = ""
    words: str | Promise = ""
    #: The language of the columns, where they are somebody's words.
    lang: str = ""
    lines: list[tuple[Bar, int, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Draw the bars: how long the filled and the hollow part of each is."""
        most = max([self.of, *(one.filled + one.hollow for one in self.bars), 1])
        drawn = [(one, one.filled * LONG // most, one.hollow * LONG // most) for one in self.bars]
        object.__setattr__(self, "lines", drawn)


@open_to(Role.STEWARD)
def health(request: ViewerRequest) -> HttpResponseBase:
    """Show how the program is doing."""
    desk = Desk(request, Role.STEWARD)
    charts = [
        _answers(desk),
        _promises(desk),
        _places(desk),
        *_pay(desk),
        _translations(desk),
        _calls(desk),
        _applications(desk),
    ]
    context = {"charts": charts, "today": desk.today, "glance": desk.once(glance)}
    return render(request, "desks/overview.html", context)


@dataclass(frozen=True)
class Fact:
    """One line of the glance: what, whether something has to be done about it, and the place where it stands."""

    words: str
    is_bad: bool
    href: str


def glance(desk: Desk) -> list[Fact]:
    """Say in a few lines whether the program is well. About ten queries."""
    late, empty = _late(desk), len(desk.once(empty_seats))
    page = desk.to("desks:health")
    answers = ngettext("%(n)d answer is late.", "%(n)d answers are late.", late) % {"n": late}
    places = ngettext("%(n)d place is empty.", "%(n)d places are empty.", empty) % {"n": empty}
    return [
        Fact(
            answers if late else _("No answer is late."),
            late > 0,
            desk.to("desks:owed") if late else f"{page}#answers",
        ),
        *_late_promises(desk),
        Fact(places if empty else _("Every place is taken."), empty > 0, f"{page}#places"),
        *_empty_offices(desk),
        *_late_pay(desk),
        *_federal(desk),
        *(Fact(_spent_in_words(one, desk.today), one.is_short, f"{page}#pay") for one in desk.once(_spent)),
        _translated(desk),
    ]


def _empty_offices(desk: Desk) -> list[Fact]:
    """Say how many offices nobody holds; nothing where each is held. One query."""
    n = len(empty_offices(desk.pack, desk.once(posts), desk.lang))
    says = ngettext(
        "Nobody holds %(n)d office of the City.", "Nobody holds %(n)d offices of the City.", n
    ) % {"n": n}
    return [Fact(says, True, f"{desk.to('desks:people')}?only=offices")] if n else []


def _late_pay(desk: Desk) -> list[Fact]:
    """Say how much leads worked for or paid that should be paid already; nothing where all is in time."""
    n = count_late(desk)
    says = ngettext(
        "%(n)d piece of work or cost of leads should be paid already.",
        "%(n)d pieces of work or costs of leads should be paid already.",
        n,
    )
    return [Fact(says % {"n": n}, True, desk.to("pay:desk"))] if n else []


def _federal(desk: Desk) -> list[Fact]:
    """Say how many federal requests are not finished; nothing where there is none. Two queries at most."""
    n = len(desk.once(federal.steps))
    says = ngettext("%(n)d federal request is not finished.", "%(n)d federal requests are not finished.", n)
    return [Fact(says % {"n": n}, True, desk.to("directory:requests"))] if n else []


def _late_promises(desk: Desk) -> list[Fact]:
    """Say how many promises are late; nothing where none is."""
    says = _late_in_words(desk.once(open_promises), desk.today)
    return [Fact(says, True, f"{desk.to('desks:promised')}#not-kept")] if says else []


def _late_in_words(promised: Iterable[MilestoneStanding], today: date) -> str:
    n = sum(one.is_late(today) for one in promised)
    return ngettext("%(n)d promise is late.", "%(n)d promises are late.", n) % {"n": n} if n else ""


def _translated(desk: Desk) -> Fact:
    """Say how many texts have no translation, or else how many have none that a person read."""
    counts, page = desk.once(translations.counts).values(), f"{desk.to('desks:health')}#texts"
    missing, unread = sum(one.missing for one in counts), sum(one.unread for one in counts)
    if missing:
        says = ngettext("%(n)d text has no translation.", "%(n)d texts have no translation.", missing)
    elif unread:
        says = ngettext(
            "Every text has a translation. No person has read %(n)d of them.",
            "Every text has a translation. No person has read %(n)d of them.",
            unread,
        )
    else:
        return Fact(_("Every text has a translation."), False, page)
    return Fact(says % {"n": missing or unread}, missing > 0, page)


def _late(desk: Desk) -> int:
    return sum(one.days < 0 for one in desk.once(owed_at))


def _spent(desk: Desk) -> list[Spent]:
    return spent_of_cohorts(desk.once(cohorts_now), desk.once(back))


def _spent_in_words(one: Spent, today: date) -> str:
    if one.budget is None:
        return _("A cohort has no budget yet.")
    last, gone = one.cohort.until_date, _gone(one, today)
    said = {
        "used": money(one.used),
        "budget": money(one.budget),
        "day": day_in_words(last),
        "part": one.used.minor * 100 // max(1, one.budget.minor),
        "gone": gone,
    }
    words = _(
        "%(used)s of %(budget)s for pay is paid or owed (%(part)d%%). Of the time up to %(day)s, %(gone)d%% is over."
    )
    return words % said


def _gone(one: Spent, today: date) -> int:
    """Say how much of a term is over, in hundredths."""
    first, last = one.cohort.from_date, one.cohort.until_date
    return min(max((today - first).days, 0), (last - first).days) * 100 // max(1, (last - first).days)


def _pace_in_words(one: Spent, today: date) -> str:
    """Say what is paid by the end of a term if it goes on like this; nothing before something is paid or owed, while too little of it is over, or where it is over."""
    gone = _gone(one, today)
    if one.budget is None or not one.used.minor or not TELLS <= gone < LONG:
        return ""
    minor = round(one.used.minor * 100 // gone / ROUND) * ROUND
    words = _("If it goes on like this, it is about %(sum)s by then: less than the budget.")
    if minor > one.budget.minor:
        words = _("If it goes on like this, it is about %(sum)s by then: more than the budget.")
    return words % {"sum": money(Money(minor, one.budget.currency))}


def _months(today: date) -> list[str]:
    """List the last months, as 2026-11, the oldest first."""
    first = today.replace(day=1)
    return [f"{plus_months(first, -back):%Y-%m}" for back in reversed(range(MONTHS))]


def _answers(desk: Desk) -> Chart:
    """Tell of each month how many of the answers that were due came in time."""
    counted = [
        (min(one.answered or one.late_from, one.late_from) if one.is_answered else one.late_from, one)
        for one in record.standings(desk.program)
    ]
    bars = []
    for month in _months(desk.today):
        rate = rates.on_time([one for day, one in counted if f"{day:%Y-%m}" == month], desk.today)
        late = rate.due - rate.done
        bars.append(Bar(about_in_words(month), rate.done, late, (str(rate.done), str(late))))
    late = _late(desk)
    says = ngettext("%(n)d answer is late today.", "%(n)d answers are late today.", late) % {"n": late}
    if late:
        oldest = min(desk.once(owed_at), key=lambda one: one.days)
        whose = _("Longest: %(office)s, %(late)s.")
        says = f"{says} {whose % {'office': oldest.office, 'late': late_by(-oldest.days)}}"
    return Chart(
        "answers",
        gettext_lazy("Answers of the City, by month"),
        says if late else _("No answer is late today."),
        (gettext_lazy("In time"), gettext_lazy("Late or missing")),
        bars,
        href=desk.to("desks:owed"),
        words=gettext_lazy("Answers due"),
    )


def _promises(desk: Desk) -> Chart:
    """Tell how many of the promises that were due are kept, and how many are late."""
    promised = record.milestones(desk.program)
    rate = rates.implementation_rate(promised, desk.today)
    kept = _("Kept of what was due: %(done)d of %(due)d.") % {"done": rate.done, "due": rate.due}
    says = f"{kept} {_late_in_words(promised, desk.today)}".strip()
    return Chart(
        "promises",
        gettext_lazy("Promises of the City"),
        says if rate.due else _("Nothing was due yet."),
        href=desk.to("desks:promised"),
        words=gettext_lazy("What the City promised, kept and not kept"),
    )


def _places(desk: Desk) -> Chart:
    names, empty = names_in(desk.program, desk.lang), desk.once(empty_seats)
    taken = Counter(one.cohort_id for one in seated_today(desk.program, desk.today))
    bars = []
    for one in desk.once(cohorts_now):
        here = sum(each.vacancy.cohort_id == one.pk for each in empty)
        name, lang = names[one.pk]
        bars.append(Bar(name, taken[one.pk], here, (str(taken[one.pk]), str(here)), lang))
    longest = min((one.vacancy.from_date for one in empty), default=None)
    says = _("Every place is taken.")
    if longest:
        late = max((-one.days for one in empty), default=0)
        says = _("One has been empty since %(day)s.")
        if late > 0:
            says = _("One has been empty since %(day)s, %(late)s.")
        says %= {"day": day_in_words(longest), "late": late_by(late)}
        says = " ".join([says, *_remedies(empty)])
    return Chart(
        "places",
        gettext_lazy("Places of leads"),
        says,
        (gettext_lazy("Taken"), gettext_lazy("Empty")),
        bars,
        href=desk.to("seats:seats"),
        words=gettext_lazy("Fill a place"),
    )


def _remedies(empty: Sequence[Empty]) -> list[str]:
    """Say what is under way to fill the places that are empty: the call that runs, and who waits to step in."""
    said = []
    if calls := [one.call for one in empty if one.call]:
        by = day_in_words(min(one.decides for one in calls))
        said.append(_("A call was made for it: choose by %(by)s.") % {"by": by})
    if waits := max(one.waits for one in empty):
        alternates = ngettext("%(n)d alternate waits.", "%(n)d alternates wait.", waits)
        said.append(alternates % {"n": waits})
    return said


def _pay(desk: Desk) -> Iterable[Chart]:
    """Tell what is used of each budget, and the hours of the last months."""
    names, spent = names_in(desk.program, desk.lang), desk.once(_spent)
    for one in spent:
        name, lang = names[one.cohort.pk]
        left = one.left
        yield Chart(
            f"pay-{one.cohort.slug}" if one is not spent[0] else "pay",
            gettext_lazy("Pay against the budget"),
            f"{_spent_in_words(one, desk.today)} {_pace_in_words(one, desk.today)}".strip(),
            (name,) if len(spent) > 1 else (),
            [
                Bar(_("Paid, or sent to finance"), one.sent.minor, numbers=(money(one.sent),)),
                Bar(_("Approved, not paid yet"), one.approved.minor, numbers=(money(one.approved),)),
                Bar(_("Not approved yet"), one.unapproved.minor, numbers=(money(one.unapproved),)),
                *([Bar(_("Left"), 0, left.minor, (money(left),))] if left else []),
            ],
            of=one.budget.minor if one.budget else 0,
            href=desk.to("pay:desk"),
            words=gettext_lazy("Hours and costs to approve"),
            lang=lang,
        )
    minutes = minutes_by_month(desk.program, _months(desk.today))
    total = sum(minutes.values())
    yield Chart(
        "hours",
        gettext_lazy("Hours of leads, by month"),
        _("%(hours)s hours in six months.") % {"hours": in_hours(total)},
        (gettext_lazy("Hours"),),
        [Bar(about_in_words(month), one, numbers=(in_hours(one),)) for month, one in minutes.items()],
        href=desk.to("pay:runs"),
        words=gettext_lazy("Payment runs"),
    )


def _translations(desk: Desk) -> Chart:
    counts = desk.once(translations.counts)
    unread, missing = (sum(getattr(one, name) for one in counts.values()) for name in ("unread", "missing"))
    says = _("Every text is translated, and a person reviewed it.")
    if unread or missing:
        says = _("%(missing)d to translate, %(unread)d to review by a person.")
        says %= {"missing": missing, "unread": unread}
    bars = [
        Bar(in_readers_words(into), one.unread, one.missing, (str(one.unread), str(one.missing)))
        for into, one in counts.items()
    ]
    return Chart(
        "texts",
        gettext_lazy("Translations to do"),
        says,
        (gettext_lazy("To review"), gettext_lazy("To translate")),
        bars,
        href=desk.to("desks:translations"),
        words=gettext_lazy("Choose a text"),
    )


def _calls(desk: Desk) -> Chart:
    """Tell of each call that is not decided how many applied, for how many places, and what is next by which day."""
    found = next_steps(desk.program, desk.today)
    many = how_many([one for one, _step in found])
    bars = [
        Bar(
            one.title or one.slug,
            many.get(one.pk, 0),
            numbers=(str(many.get(one.pk, 0)), str(one.seats)),
            lang=one.title_lang,
            href=desk.to(PAGES[step.what], slug=one.slug),
            note=str(NEXT[step.what]) % {"day": day_in_words(step.due, "day")},
        )
        for one, step in found
    ]
    says = ngettext("%(n)d call is under way.", "%(n)d calls are under way.", len(bars)) % {"n": len(bars)}
    return Chart(
        "calls",
        gettext_lazy("Calls for new leads"),
        says if bars else _("No call is under way."),
        (gettext_lazy("Applied"), gettext_lazy("Places")),
        bars,
    )


def _applications(desk: Desk) -> Chart:
    """Tell in ranges in which languages people applied to the last call, once nobody can apply any more."""
    call, bars = last_closed(desk.program, desk.today), []
    says = _("No call has closed yet. Until then we show nothing, so that nobody can be picked out.")
    if call:
        says = _("The last call closed on %(day)s. Small groups are not told.") % {
            "day": day_in_words(call.closes)
        }
        counts = languages_of(call, desk.pack)
        if all(isinstance(count, Fewer) for _lang, count in counts):
            few = _("In no language did %(k)d people or more apply.") % {"k": desk.pack.k}
            says, counts = f"{says} {few}", []
        for lang, count in counts:
            if isinstance(count, Fewer):
                bars.append(Bar(in_readers_words(lang), 0, 0, (_("fewer than %(k)d") % {"k": desk.pack.k},)))
            else:
                said = _("%(low)d to %(high)d") % {"low": count.low, "high": count.high}
                bars.append(Bar(in_readers_words(lang), count.low, count.high - count.low, (said,)))
    return Chart(
        "applications",
        gettext_lazy("Applications, by language"),
        says,
        (gettext_lazy("People"),),
        bars,
    )
