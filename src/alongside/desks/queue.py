"""The queue of a desk: what waits by day, what came of it, what was put off until a day, and what is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.pay.queries.claims import Account
from alongside.cohort.seats.models import PutOff
from alongside.cohort.seats.queries.seats import put_off
from alongside.ground.programs.models import Program
from alongside.ground.record.labels import called
from alongside.ground.record.models import LogEntry
from alongside.ground.record.queries import EntryView, TextView, Words, lines_named, titles_in
from alongside.ground.record.sentences import about_of, named_in
from alongside.ground.record.steps import is_any
from alongside.ground.record.steps import worded as worded_steps
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import dot
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.queries.drafts import title_of
from alongside.work.engagements.steps import not_open

#: So long what is done stands on the desk.
LATELY = timedelta(days=14)
MOST_DONE = 20
#: Which pens are those of leads.
OF_LEADS = ("community", "both")


class Waiting(NamedTuple):
    """A step on the desk, with its name there and how its day lies to today; `until` is the day to which it is put off."""

    step: Step
    name: str
    today: date
    until: date | None = None

    @property
    def is_today(self) -> bool:
        """Say whether today is its last day."""
        return self.step.due == self.today

    @property
    def state(self) -> str:
        """Say whether its day is over."""
        return "late" if self.step.due and self.step.due < self.today else self.step.state

    @property
    def day(self) -> date:
        """Give the day by which it is looked for: what has none waits since it came, so it is as of today; what is soon, as of tomorrow."""
        return self.step.due or (self.today + timedelta(days=1) if self.step.is_soon else self.today)


@dataclass(frozen=True)
class Queue:
    """What waits, by day; what came of what was done; and what the viewer put off."""

    waits: list[Waiting]
    news: list[Waiting]
    put_off: list[Waiting]
    #: How much waits, on all pages.
    count: int


def _put_off(desk: Desk) -> QuerySet[PutOff]:
    return put_off(desk.program, desk.viewer, desk.today)


#: What a desk itself seldom finds.
SELDOM = (_put_off,)


def queue_of(desk: Desk, found: Iterable[tuple[str, Step]]) -> Queue:
    """Lay out what apps gave, each with the name of its app: what leaves by itself last, before it what has no day; of one day what was asked first. One query at most."""
    has_some = is_any(desk, _put_off)
    until = dict(_put_off(desk).values_list("step", "until")) if has_some else {}
    found = list(found)
    kept = {step.href for app, step in found if app == "commitments" and step.is_news}
    # What is kept was accepted: it is told once, by what came of it last.
    rows = [
        _row(desk, app, step, until)
        for app, step in found
        if not (app == "answers" and step.is_news and step.href in kept)
    ]
    here = sorted((one for one in rows if not one.until), key=_place)
    waits = [one for one in here if not one.step.is_news]
    return Queue(
        waits=waits,
        news=sorted((one for one in here if one.step.is_news), key=_came, reverse=True),
        put_off=[one for one in rows if one.until],
        count=sum(not one.step.leaves_by_itself for one in waits),
    )


def _place(one: Waiting) -> tuple[bool, bool, bool, date, bool, date]:
    step = one.step
    has_day = step.due is not None or step.is_soon
    return not step.is_first, step.leaves_by_itself, not has_day, one.day, step.is_soon, _came(one)


def _came(one: Waiting) -> date:
    return one.step.came or date.min


def steps_of(queue: Queue, shown: slice) -> list[Step]:
    """List the steps of a page of a queue; what was put off stands on each."""
    return [one.step for one in (*queue.waits[shown], *queue.news[shown], *queue.put_off)]


def shown_of(queue: Queue, shown: slice, texts: Words) -> Queue:
    """Give a page of a queue, with words."""
    said = iter(worded_steps(steps_of(queue, shown), texts))
    waits, news, put_off = (
        [one._replace(step=next(said)) for one in part]
        for part in (queue.waits[shown], queue.news[shown], queue.put_off)
    )
    return Queue(waits, news, put_off, queue.count)


def _row(desk: Desk, app: str, step: Step, until: Mapping[str, date]) -> Waiting:
    name = desk.name_of(app, step.href, step.entry)
    return Waiting(step, name, desk.today, until.get(name))


@dataclass(frozen=True)
class Done:
    """Something that is done: what, about what and in which language that is, when, by whom, and where it stands."""

    what: str
    about: str
    lang: str
    on: date
    by: str
    href: str


def _about(
    told: EntryView,
    desk: Desk,
    titles: Mapping[str | int, TextView],
    drafts: Mapping[str, tuple[str, str]],
) -> tuple[str, str]:
    """Say what an entry is about, a draft by its title; nothing where only a name of code is known."""
    if draft := drafts.get(told.entry.data.get("engagement", "")):
        return draft
    said = about_of(told, desk.pack, desk.lang, titles)
    return ("", "") if said[0] == told.entry.data.get("cohort") else said


@dataclass(frozen=True)
class Lately:
    """What leads did lately, whoever of them did it, and the entries that name what it was about; without words."""

    told: list[EntryView]
    named: Mapping[int, str]

    @property
    def entries(self) -> set[int]:
        """Give the entries whose words say all of it."""
        return {*(one.index for one in self.told), *self.named}


def lately_of(program: Program, since: date) -> Lately:
    """Read what leads did since a day, the newest first. Two queries."""
    lines = LogEntry.objects.filter(log__program=program, pen__in=OF_LEADS, date__gte=since)
    views = [EntryView(one.parsed) for one in lines.order_by("-index")[:MOST_DONE]]
    told = [one for one in views if one.entry.seats]
    return Lately(told, lines_named(program, named_in(told)))


def done_of(desk: Desk, lately: Lately, account: Account | None, texts: Words) -> list[Done]:
    """List what leads did lately, and what the viewer logged, newest first, with words."""
    titles = titles_in(lately.named, texts)
    shown = [EntryView(one.entry, texts.get(one.index, {})) for one in lately.told]
    drafts = {one.slug: title_of(one, desk.lang) for one in desk.once(not_open)}
    found = [
        Done(
            called(one.entry),
            *_about(one, desk, titles, drafts),
            one.entry.date,
            next(iter(one.entry.seats)),
            desk.to("record:entry", index=one.index),
        )
        for one in shown
    ]
    logged = account.claims if account else []
    mine = [one for one in logged if one.claim.logged_on >= desk.today - LATELY]
    href = desk.to("pay:mine")
    found += [
        Done(
            _("Logged: %(what)s") % {"what": one.called},
            dot().join(filter(None, (one.claim.hours, day_in_words(one.claim.on)))),
            desk.lang,
            one.claim.logged_on,
            desk.viewer.seat or "",
            f"{href}#claim-{one.claim.pk}",
        )
        for one in mine
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)[:MOST_DONE]
