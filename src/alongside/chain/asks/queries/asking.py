"""Read asks for the pages that ask and act; an ask reaches a view only through who asks."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from alongside.core.clocks import MORE_TIMES
from alongside.core.policy import Pack
from alongside.ground.gate import Asker
from alongside.ground.look.days import day_in_words
from alongside.ground.look.tongues import apart
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today
from alongside.ground.record import queries as record
from alongside.ground.record.models import Standing
from alongside.ground.record.queries import Shown, Told
from alongside.work.consultations.models import Comment, Consultation
from alongside.work.consultations.queries import leads, public
from alongside.work.consultations.queries.wording import place_of
from alongside.work.workplans.queries.versions import driving_questions

OWING = ("asked", "acknowledged", "deferred")
#: How many answers are offered to advice that looks at some.
MOST_ANSWERS = 60
#: What both sides say of an ask before it is answered, and the text that says it.
BETWEEN = {
    "ask.unclear": "question",
    "ask.clarified": "clarification",
    "ask.extended": "reason",
    "ask.transferred": "reason",
}


@dataclass(frozen=True)
class Asked:
    """An ask with its words, where it stands, and the findings it rests on."""

    told: Told
    standing: Standing
    findings: list[Told]
    before: list[Told]
    advice: Told | None = None
    unclear: Told | None = None
    between: list[tuple[str, Told, Shown | None]] = field(default_factory=list)

    @property
    def may_take_more_time(self) -> bool:
        """Say whether more time can be taken: it was not taken twice, and "not yet" was not said."""
        taken = sum(kind == "ask.extended" for kind, _told, _shown in self.between)
        return taken < MORE_TIMES and self.standing.decision != "deferred"

    def was_taken(self, until: str, words: str) -> bool:
        """Say whether the last step took more time to this day with these words."""
        kind, told, shown = self.between[-1] if self.between else ("", None, None)
        if kind != "ask.extended" or told is None or shown is None:
            return False
        return (told.entry.data["until"], shown.words.split()) == (until, words.split())


def findings_of(program: Program, promise: int, lang: str) -> list[Told]:
    """List the findings of an engagement, oldest first. Three queries."""
    citing = record.indexes_citing(program, [promise], ("finding.published",))
    return list(record.told(program, [one for one, _kind, _cited in citing], lang).values())


def offices_to_ask(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """List the offices that can answer, as choices, sorted by their title."""
    able = [one for one in pack.offices if (office := pack.office(one)) and office.can_answer]
    return sorted(((one, pack.office_title(one, lang)) for one in able), key=lambda pair: pair[1])


def offices_and_holders(program: Program, pack: Pack, lang: str, today: date) -> list[tuple[str, str]]:
    """List the offices that can answer, as choices that say where nobody holds the office today. One query."""
    held = {one.public_id for one in posts_today(program, today)}
    empty = _("%(office)s (nobody holds it today)")
    return [
        (one, title if one in held else empty % {"office": title})
        for one, title in offices_to_ask(pack, lang)
    ]


def driving_choices(program: Program, lang: str) -> list[tuple[str, str]]:
    """List the driving questions of the workplans in force, as choices. Two queries."""
    found = driving_questions(program, lang)
    return [
        (f"{version}:{question}", Truncator(words).chars(160)) for version, question, words, _lang in found
    ]


def asked(program: Program, ask: int, lang: str) -> Asked | None:
    """Give an ask with what it rests on and what was asked before, or None. Six queries at most."""
    standing = Standing.objects.filter(log__program=program, ask=ask).first()
    told = record.told(program, [ask], lang).get(ask)
    if standing is None or told is None:
        return None
    cited = [index for role in ("finding", "before", "advice") for index in told.entry.cites.get(role, ())]
    since = [one for one, _kind, _cited in record.indexes_citing(program, [ask], tuple(BETWEEN))]
    found = record.told(program, [*cited, *since], lang)
    return Asked(
        told=told,
        standing=standing,
        findings=[found[index] for index in told.entry.cites.get("finding", ()) if index in found],
        before=[found[index] for index in told.entry.cites.get("before", ()) if index in found],
        advice=next((found[one] for one in told.entry.cites.get("advice", ()) if one in found), None),
        unclear=found.get(standing.unclear) if standing.unclear is not None else None,
        between=[_said(found[index]) for index in since],
    )


def _said(told: Told) -> tuple[str, Told, Shown | None]:
    return told.entry.kind, told, told.texts.get(BETWEEN[told.entry.kind])


def asked_of(program: Program, asker: Asker, ask: int, lang: str) -> Asked | None:
    """Give an ask that the asker's unit owes an answer to, or None."""
    found = asked(program, ask, lang)
    if found is None or not asker.works_for(found.standing.unit) or found.standing.state not in OWING:
        return None
    return found


def to_hand_on(program: Program, asker: Asker) -> list[Standing]:
    """List the asks of units that were merged away and for which the asker's unit answers: it hands each on. One query."""
    rows = Standing.objects.filter(log__program=program, unit__in=sorted(asker.merged), state__in=OWING)
    return list(rows.order_by("answer_due", "ask")) if asker.merged else []


def similar(program: Program, unit: str, ask: int, lang: str, most: int = 5) -> list[Told]:
    """List what communities asked this unit before, newest first. Three queries."""
    rows = Standing.objects.filter(log__program=program, unit=unit, ask__lt=ask).order_by("-ask")[:most]
    return list(reversed(record.told(program, [one.ask for one in rows], lang).values()))


@dataclass(frozen=True)
class Cited:
    """A comment that advice cites, and its place in words."""

    comment: Comment
    place: str


@dataclass(frozen=True)
class ToAdvise:
    """What a lead needs to write advice: the consultation, what may be cited of it, and the advice that is public."""

    consultation: Consultation
    shown: public.Shown
    cited: dict[str, Cited]
    #: Answers of the City on the same project, by their entries, as choices.
    answers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Give the comments as choices: the place, then the words."""
        return [(name, f"{one.place}: {apart(one.comment.words)}") for name, one in self.cited.items()]

    @property
    def beside(self) -> list[int]:
        """Give the entries of the advice that is public, beside which a smaller group's may stand."""
        return [one.index for one in self.shown.advice]


def to_advise(program: Program, asker: Asker, slug: str, lang: str) -> ToAdvise | None:
    """Give what advice on a consultation is written from, to leads of the cohort that was asked; else None.

    That a unit took the consultation back stops no advice: no city role can hold the leads' pen (promise 3).
    """
    found = leads.for_lead(program, asker, slug)
    shown = public.consultation_page(program, lang, slug) if found else None
    if found is None or shown is None:
        return None
    product = shown.told.entry.data["of"]
    rows = leads.to_cite(found[0])
    cited = {str(one.pk): Cited(one, place_of(one, product)) for one in rows}
    (project,), unit = shown.told.entry.cites["project"], shown.told.entry.data["unit"]
    return ToAdvise(found[0], shown, cited, _answers_on(program, project, unit, lang))


def _answers_on(program: Program, project: int, unit: str, lang: str) -> list[tuple[str, str]]:
    """List the newest answers on a project, then to questions that its unit was asked, as choices. Ten queries at most."""
    found = record.answered_on(program, lang, project, MOST_ANSWERS)
    seen = {answer.index for _ask, answer in found}
    more = [pair for pair in _answers_of(program, unit, lang) if pair[1].index not in seen]
    pairs = [*found, *more][:MOST_ANSWERS]
    return [(str(answer.index), _in_words(ask, answer)) for ask, answer in pairs if ask.say("title")]


def _answers_of(program: Program, unit: str, lang: str) -> list[tuple[Told, Told]]:
    """List the questions to a unit, which hang on no project, each with its answers, the newest first. Three queries."""
    asks = Standing.objects.filter(log__program=program, unit=unit, kind="ask.questioned")
    rows = asks.exclude(answer=None, raise_reply=None).order_by("-ask")[:MOST_ANSWERS]
    both = [(one.ask, given) for one in rows for given in (one.answer, one.raise_reply)]
    pairs = [(ask, given) for ask, given in both if given is not None]
    told = record.told(program, {index for pair in pairs for index in pair}, lang)
    return [(told[ask], told[given]) for ask, given in pairs]


def _in_words(ask: Told, answer: Told) -> str:
    """Say which answer this is: what was asked, and the day; a reply of the office above says that it is one."""
    words = {"what": ask.say("title"), "day": day_in_words(answer.entry.date)}
    if answer.entry.kind == "raise.replied":
        return _("%(what)s (the office above, %(day)s)") % words
    return f"{words['what']} ({words['day']})"
