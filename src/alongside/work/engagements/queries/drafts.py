"""Read drafts of engagements: whose they are, what they hold, what they lack, in each language."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.core.clocks import after_decision, latest_kept, plus_months
from alongside.core.grammar.engagements import PROMISE_TEXTS
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.questions import SPOKEN, in_languages, may_be_spoken
from alongside.core.questions import worded as form_words
from alongside.core.readability import LANGUAGES, Fault, faults_of, grade
from alongside.core.sealing.voice import form_hash
from alongside.core.words import has_words, hash_of
from alongside.core.workflow.engagements import DATES
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Office, Program
from alongside.ground.record.models import LogEntry
from alongside.ground.record.queries import (
    EntryView,
    TextView,
    entries_at,
    entry_views,
    entry_views_where,
    indexes_citing,
)
from alongside.ground.search.queries import SaidBefore, said_before
from alongside.ground.ui.context import language
from alongside.ground.ui.days import day_in_words
from alongside.work.engagements import asking
from alongside.work.engagements.asking import Question, Statement, parts_of, questions_of, statements_of
from alongside.work.engagements.models import Engagement
from alongside.work.invitations.queries import Invited
from alongside.work.projects.models import DecisionPoint
from alongside.work.projects.queries import EngagementShown, courses_of

#: The record takes no more of them.
MOST_CITED = 50
#: The texts that a draft may hold.
DRAFT_TEXTS = (*PROMISE_TEXTS, "asked_again")
#: What the texts of a draft are called where leads write and both sides sign them.
LABELS = {
    "title": gettext_lazy("What you ask, in one line"),
    "decision": gettext_lazy("What is decided"),
    "can_change": gettext_lazy("What can change"),
    "cannot_change": gettext_lazy("What cannot change, and why"),
    "reading": gettext_lazy("Who can read what people write"),
    "consent": gettext_lazy("What their words are used for"),
    "asked_again": gettext_lazy("Why you ask again"),
}


@dataclass(frozen=True)
class Before:
    """What was said before, what has no answer first; and the reason for asking again, by language."""

    said: list[SaidBefore]
    reasons: dict[str, str]

    @property
    def unanswered(self) -> list[SaidBefore]:
        """List what has no answer."""
        return [one for one in self.said if one.is_unanswered]

    @property
    def lacks_reason(self) -> bool:
        """Say whether something has no answer and nobody says why it is asked again."""
        return bool(self.unanswered) and not self.reasons

    @property
    def cited(self) -> list[int]:
        """Give the entries that the promise cites, where it says why it asks again."""
        return sorted(one.told.index for one in self.said[:MOST_CITED]) if self.reasons else []


def asked_before(engagement: Engagement, lang: str = "en") -> Before:
    """Give what communities said before on a draft's project, or in words like its title in any of its languages."""
    words: dict[str, dict[str, Any]] = engagement.words
    titles = dict.fromkeys(texts["title"] for texts in words.values() if texts.get("title"))
    project = engagement.decision.project.entry if engagement.decision else None
    reasons = {code: texts["asked_again"] for code, texts in words.items() if texts.get("asked_again")}
    return Before(said_before(engagement.program, lang, titles=titles, project=project), reasons)


def asked_of(engagement: Engagement) -> dict[str, Any]:
    """Give what is asked in the languages of the promise; a draft may hold words in one that was taken out."""
    return in_languages(engagement.form, engagement.languages)


def first_words(engagement: Engagement) -> str:
    """Hash the first words of a draft, its questions among them: who checks another language reads it beside exactly these."""
    first = engagement.languages[0]
    said = {name: words for name, words in engagement.words.get(first, {}).items() if name in DRAFT_TEXTS}
    for one in form_words(engagement.form):
        said |= {f"{one['id']}-{key}": part.get(first, "") for key, part in parts_of(one).items()}
    return hash_of(said)


def is_checked(engagement: Engagement, lang: str) -> bool:
    """Say whether a person checked the words in a language beside the first words as they stand now."""
    return bool(engagement.words.get(lang, {}).get("checked") == first_words(engagement))


def said_in(engagement: Engagement, lang: str) -> dict[str, str]:
    """Give all that a draft says in a language, by the field it is typed in."""
    parts = asking.parts_by_field(engagement.words, engagement.form)
    return {name: part[lang] for name, part in parts.items() if part.get(lang)}


def words_done(engagement: Engagement, lang: str) -> tuple[tuple[str, date] | None, tuple[str, date] | None]:
    """Give who wrote the words of a draft in a language, and who read them beside the first words as they stand, each with the day."""
    done = engagement.plan.get("words", {}).get(lang, {})
    return _done(done.get("written")), _done(done.get("read")) if is_checked(engagement, lang) else None


def _done(said: Sequence[str] | None) -> tuple[str, date] | None:
    return (said[0], date.fromisoformat(said[1])) if said else None


def level_of(engagement: Engagement) -> dict[str, str]:
    """Give the level of participation of a draft as a promise tells it."""
    return {"framework": engagement.framework, "level": engagement.level}


def parts_of_draft(engagement: Engagement) -> dict[str, str]:
    """Give the parts of a draft as words, by name and language, to compare one version of it with another."""
    days = {name: getattr(engagement, name) for name in (*DATES, "voices_kept_until")}
    parts = {name: on.isoformat() for name, on in days.items() if on}
    parts["decided_on"] = str(engagement.decision.on) if engagement.decision else ""
    parts["office"] = engagement.partner.public_id if engagement.partner else ""
    parts["level"] = f"{engagement.framework}/{engagement.level}"
    parts |= {SPOKEN: SPOKEN} if may_be_spoken(engagement.form) else {}
    for lang in engagement.languages:
        texts = engagement.words.get(lang, {})
        parts |= {f"{name}:{lang}": str(texts.get(name) or "") for name in texts_of(engagement)}
        for one in form_words(engagement.form):
            said = [part.get(lang, "") for part in parts_of(one).values()]
            parts[f"{one['id']}:{lang}"] = " · ".join(said)
    return parts


def _rows(program: Program) -> QuerySet[Engagement]:
    related = ("program", "lead", "partner__unit", "decision__project", "decision__office__unit")
    return (
        Engagement.objects.filter(program=program)
        .select_related(*related)
        .prefetch_related("signatures__post")
    )


def _theirs(program: Program, viewer: Viewer) -> QuerySet[Engagement]:
    """Give the engagements an viewer works on: all for leads, those with their own units for staff."""
    rows = _rows(program)
    return rows if viewer.has(Role.LEAD) else rows.filter(partner__unit__slug__in=viewer.units)


def drafts_for(program: Program, viewer: Viewer) -> list[Engagement]:
    """List the engagements that the viewer works on: drafts first, then the newest. Two queries."""
    found = list(_theirs(program, viewer).order_by("-pk"))
    return sorted(found, key=lambda one: one.promise is not None)


def rows_for(program: Program, viewer: Viewer) -> tuple[list[int], list[int]]:
    """Give the viewer's own engagements and those of others, by their rows: drafts first, then the newest. One query."""
    found = _theirs(program, viewer).order_by("-pk").values_list("pk", "lead", "promise")
    rows = sorted(found, key=lambda one: one[-1] is not None)
    own = [pk for pk, lead, promise_in in rows if lead == viewer.seat_id]
    return own, [pk for pk, lead, promise_in in rows if lead != viewer.seat_id]


def planned(
    program: Program, found: Sequence[int], today: date
) -> list[tuple[Engagement, EngagementShown | None]]:
    """Give engagements by their rows, in the order given, each with where it stands if it was promised. Five queries."""
    rows = _rows(program).in_bulk(found)
    promised = [one.promise for one in rows.values() if one.promise is not None]
    promises = [EntryView(one) for one in entries_at(program, promised).values()]
    stands = {one.told.index: one for one in courses_of(program, promises, today)}
    shown = [rows[pk] for pk in found]
    return [(one, None if one.promise is None else stands.get(one.promise)) for one in shown]


def waiting_for(program: Program, viewer: Viewer, **which: str) -> list[Engagement]:
    """List the drafts whose partner is one of the viewer's units. Two queries."""
    rows = _rows(program).filter(partner__unit__slug__in=viewer.units, promise=None, **which)
    return list(rows.order_by("-pk"))


def draft_for(program: Program, viewer: Viewer, slug: str) -> Engagement | None:
    """Give a draft that is not open yet and that the viewer works on, or None. Two queries."""
    return _theirs(program, viewer).filter(slug=slug, promise=None).first()


def engagement_for(program: Program, viewer: Viewer, slug: str) -> Engagement | None:
    """Give an engagement, a draft or an open one, that the viewer works on, or None. Two queries."""
    rows = _rows(program)
    if not viewer.has(Role.LEAD):
        rows = rows.filter(partner__unit__slug__in=viewer.answers_for)
    return rows.filter(slug=slug).first()


def may_throw_away(engagement: Engagement, person: int | None, today: date) -> bool:
    """Say whether a draft is this lead's to throw away: its writer's; any lead's once its writer sits no more. One query."""
    writers = Seat.objects.filter(sitting(today), person=engagement.lead.person_id)
    return (
        person == engagement.lead.person_id
        or not writers.filter(cohort__program=engagement.program_id).exists()
    )


def open_for(program: Program, viewer: Viewer, slug: str) -> Engagement | None:
    """Give an engagement whose promise is frozen, for its leads, its unit and the steward, or None."""
    rows = _rows(program)
    if not viewer.has(Role.STEWARD, Role.LEAD):
        rows = rows.filter(partner__unit__slug__in=viewer.answers_for)
    return rows.filter(slug=slug).exclude(promise=None).first()


def texts_of(engagement: Engagement) -> tuple[str, ...]:
    """Name the texts that a draft needs in every language: the reason for asking again only where one is given."""
    again = any(words.get("asked_again") for words in engagement.words.values())
    return DRAFT_TEXTS if again else PROMISE_TEXTS


@dataclass(frozen=True)
class Gap:
    """Words that are missing in a language: of the promise, or of a question (its id)."""

    lang: str
    question: str
    names: tuple[str, ...]


def gaps(engagement: Engagement) -> list[Gap]:
    """List what a draft lacks in its languages before it can be signed."""
    found = []
    needed = texts_of(engagement)
    for lang in engagement.languages:
        words = engagement.words.get(lang, {})
        missing = tuple(name for name in needed if not has_words(words.get(name) or ""))
        if missing:
            found.append(Gap(lang, "", missing))
        found += [
            Gap(lang, question["id"], ("words",))
            for question in form_words(engagement.form)
            if not all(
                has_words(part.get(lang) or "") for key, part in parts_of(question).items() if key != "hint"
            )
        ]
    return found


def late_days(engagement: Engagement) -> dict[str, date]:
    """Give the days of a draft that come after its decision, by their names."""
    decided = engagement.decision.on if engagement.decision else None
    answer_by = engagement.answer_by if engagement.partner else None
    return after_decision(decided, closes=engagement.closes, answer_by=answer_by)


def promise_data(engagement: Engagement, pack: Pack, recipient: str) -> dict[str, Any]:
    """Give the data of the promise that a draft would become."""
    data: dict[str, Any] = {
        "engagement": engagement.slug,
        "community": engagement.partner is None,
        "level": level_of(engagement),
        "languages": list(engagement.languages),
        "readers": "any-lead-with-the-key",
        "retention": engagement.retention,
        "closes": engagement.closes.isoformat(),
        "report_back": engagement.report_back.isoformat(),
        "k": pack.k,
        "cap": engagement.cap,
        "recipient": recipient,
        "form": form_hash(asked_of(engagement)),
        "backup_days": pack.clocks.backup_days,
    }
    if engagement.partner and engagement.answer_by:
        data["unit"] = engagement.partner.unit.slug
        data["office"] = engagement.partner.public_id
        data["answer_by"] = engagement.answer_by.isoformat()
    if engagement.decision:
        data["decided_on"] = engagement.decision.on.isoformat()
    if engagement.voices_kept_until:
        data["voices_kept_until"] = engagement.voices_kept_until.isoformat()
    return data


def slug_for(program: Program) -> str:
    """Draw a name for an address that no engagement of the program has or had a key for.

    It says nothing of the title: the public log tells it when a key is made, and nobody has signed the draft by then.
    """
    made = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.KEY_MADE
    )  # the key of a draft that was thrown away stays
    while True:
        slug = f"q-{secrets.token_hex(3)}"
        drafts = Engagement.objects.filter(program=program, slug=slug)
        if not (drafts.exists() or made.filter(subject=slug).exists()):
            return slug


def chosen(program: Program, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what a lead chose in step 1 into the office, the decision and the level of a draft."""
    unit, _, office = typed["partner"].partition("/")
    offices = Office.objects.filter(unit__program=program, unit__slug=unit, slug=office)
    points = DecisionPoint.objects.filter(project__program=program, pk=typed["point"] or 0)
    framework, level = typed["level"]
    return {
        "partner": offices.select_related("unit").first() if office else None,
        "decision": points.first() if typed["point"] else None,
        "framework": framework,
        "level": level,
    }


#: How long from today people speak, the unit answers and people hear back, where no decision comes sooner.
CLOSES, ANSWER, REPORT_BACK = timedelta(days=30), timedelta(days=75), timedelta(days=90)
KEPT = timedelta(days=455)


def first_days(pack: Pack, decision: DecisionPoint | None, today: date) -> dict[str, Any]:
    """Give the days that a draft begins with: people have spoken, and the unit has answered, before the decision.

    A lead changes them; what is kept is kept for as long as the first rule of the pack says.
    """
    span = (decision.on - today) if decision else ANSWER
    closes = today + max(timedelta(days=1), min(CLOSES, span * 2 // 5))
    answer_by = max(closes, today + min(ANSWER, span))
    report_back = answer_by + (REPORT_BACK - ANSWER)
    rule = next((one for one in pack.retention if one.verified), None)
    kept = (
        plus_months(report_back, 12 * rule.years) if rule and rule.years else report_back + KEPT - REPORT_BACK
    )
    return {
        "closes": closes,
        "answer_by": answer_by,
        "report_back": report_back,
        "retention": rule.id if rule else "",
        "voices_kept_until": min(kept, latest_kept(today)),
    }


def begins_with(program: Program, invited: Invited) -> dict[str, Any]:
    """Give what step 1 begins with where a unit asked leads for help. One query."""
    texts, data = invited.told, invited.told.entry.data
    points = DecisionPoint.objects.filter(project__program=program, project__slug=invited.project)
    point = points.filter(slug=invited.decision).first() if invited.decision else None
    return {
        "title": texts.say("title"),
        "decision": texts.say("decision"),
        "can_change": texts.say("open"),
        "partner": data["office"],
        "point": str(point.pk) if point else "",
        "level": f"{data['level']['framework']}/{data['level']['level']}",
    }


#: Words should read at this school grade, or below it.
GRADE = 8


@dataclass(frozen=True)
class InLanguage:
    """All that a signature stands for in one language, each text with what it is called, and whether a person checked it."""

    lang: str
    is_checked: bool
    texts: list[tuple[Promise, TextView]]
    questions: list[Question]
    statements: list[Statement]


def in_each_language(draft: Engagement, but: str = "") -> list[InLanguage]:
    """Give the words of a draft in each of its languages but the one that is shown already."""
    first = draft.languages[0]
    return [
        InLanguage(
            lang,
            lang == first or is_checked(draft, lang),
            [(LABELS[name], text) for name, text in texts_in(draft, lang).items()],
            questions_of(asked_of(draft), lang, first),
            statements_of(asked_of(draft), lang, first),
        )
        for lang in draft.languages
        if lang != but
    ]


def moves_of(
    draft: Engagement, lang: str, *, since: date | None = None
) -> list[tuple[EntryView, date, date]]:
    """Say how the decision of a draft moved since a day, oldest first: the entry, from which day and to which. Three queries at most.

    Without a day the newest move alone: nothing says when a draft was tied to its decision.
    """
    if draft.decision is None:
        return []
    cited = draft.decision.entry
    moves = [one for one, *_rest in indexes_citing(draft.program, [cited], [EntryKind.DECISION_MOVED])]
    found = entry_views(draft.program, [cited, *moves], lang) if moves else {}
    days = [date.fromisoformat(found[one].entry.data["on"]) for one in (cited, *moves) if moves]
    told = [(found[one], was, on) for one, was, on in zip(moves, days, days[1:], strict=False)]
    return [one for one in told if one[0].entry.date >= since] if since else told[-1:]


def texts_in(draft: Engagement, lang: str) -> dict[str, TextView]:
    """Give what a draft says in a language, as a page shows it."""
    found, words, first = {}, draft.words, draft.languages[0]
    for name in texts_of(draft):
        here = lang if words.get(lang, {}).get(name) else first
        text = words.get(here, {}).get(name, "")
        checked = here == first or is_checked(draft, here)
        maker = "person" if checked else "machine"
        found[name] = TextView(text, here, first, here == first, checked, maker, name)
    return found


def remarks(text: str, lang: str) -> list[str]:
    """Say what makes a question hard to read or to answer as it is meant; whoever writes it decides."""
    found = grade(text, fewest=1) if lang in LANGUAGES else None
    said = {
        Fault.DOUBLE: _(
            "This may ask two things at once. Two questions get two answers that you can tell apart."
        ),
        Fault.LEADING: _(
            "This may put an answer into people’s mouths. Ask it so that both yes and no are easy to say."
        ),
        Fault.LONG: _("This is long. People answer short questions more often."),
    }
    hard = _("This reads like school grade %(grade)d. Shorter words and sentences help.")
    reads = [hard % {"grade": round(found)}] if found and found >= GRADE + 0.5 else []
    return [*reads, *(said[fault] for fault in faults_of(text, lang))]


def remarks_on(question: Mapping[str, Any], first: str) -> list[str]:
    """Say what makes a question hard in each of its languages; those that are not the first by their name."""
    elsewhere = {lang: words for lang, words in question["words"].items() if lang != first}
    return remarks(question["words"].get(first, ""), first) + [
        f"{language(lang).name}: {one}" for lang, words in elsewhere.items() for one in remarks(words, lang)
    ]


def title_of(draft: Engagement, lang: str) -> tuple[str, str]:
    """Give a draft's title and its language: the reader's where it is written, else the first."""
    for code in (lang, draft.languages[0]):
        if title := draft.words.get(code, {}).get("title"):
            return str(title), code
    return draft.slug, "en"


def decision_choices(
    program: Program, lang: str, today: date, kept: int | None = None
) -> list[tuple[str, str]]:
    """List the decisions that an engagement can still be about, the next one first, and the one it is about already.

    Two queries.
    """
    points = list(
        DecisionPoint.objects.filter(Q(on__gte=today) | Q(pk=kept), project__program=program).order_by("on")
    )
    words = {one.index: one for one in entry_views_where(program, lang, kinds=[EntryKind.DECISION_SCHEDULED])}
    return [
        (str(one.pk), f"{words[one.entry].say('decision') or one.slug} ({day_in_words(one.on)})")
        for one in points
    ]
