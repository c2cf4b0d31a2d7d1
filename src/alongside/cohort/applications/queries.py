"""Read applications: for whoever holds the code, for whoever types them in or writes them down, and in counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.applications.models import (
    TIES,
    Application,
    Applications,
    Balance,
    ConflictForm,
    Contact,
    DemographicCount,
    Listener,
    Recording,
    Transcript,
    Unsaved,
    happened,
)
from alongside.cohort.calls.models import WRITES_DOWN, Call, Invitee
from alongside.cohort.calls.queries import NOT_SAID, PAGE, declared, helps
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota, by_category
from alongside.core.workflow.applications import GONE, EventKind
from alongside.ground.gate.roles import Viewer
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program


@dataclass(frozen=True)
class Step:
    """One page of an application: its name, of a question that of the entry, and whether it is done."""

    name: str
    is_done: bool = False

    @property
    def kind(self) -> str:
        """Give what sort of page it is; every question is of one sort."""
        return "question" if self.is_question else self.name

    @property
    def is_question(self) -> bool:
        """Say whether a question of the call is on the page."""
        return self.name.startswith("question-")


def steps_of(application: Application, pack: Pack) -> list[Step]:
    """List the pages of an application in their order, and which are done. Eight queries at most."""
    call = application.call
    said = dict(application.answers.values_list("section", "words"))
    spoken = set(application.recordings.values_list("section", flat=True))
    contact = Contact.objects.filter(application=application).first()
    steps = [Step("who", is_done=bool(contact and (contact.name or contact.organization)))]
    if call.seeks:
        steps.append(Step("brings", is_done=any(one in said for one in call.seeks)))
    steps += [Step(one, is_done=bool(said.get(one)) or one in spoken) for one in call.asked]
    if balanced_by := {one["category"] for one in call.quotas}:
        told = application.balance.values_list("category", flat=True)
        steps.append(Step("balance", is_done=balanced_by <= set(told)))
    steps.append(Step("needs", is_done=hasattr(application, "access_needs")))
    declared = ConflictForm.objects.filter(application=application).first()
    steps.append(Step("conflicts", is_done=declared is not None and declared.is_complete))
    if pack.calls.asked:
        steps.append(Step("about-you", is_done=application.was_counted))
    return [*steps, Step("review")]


#: Steps that may be left empty.
OPTIONAL = frozenset({"brings", "needs", "review"})


def lacks(application: Application, pack: Pack) -> list[str]:
    """List the steps that must be done before an application can be sent, and are not.

    Where someone else typed it in, the page that is only counted is not one of them: its sheet is typed in apart.
    """
    free = OPTIONAL | ({"about-you"} if EventKind.ASSISTED in application.days else set())
    return [one.name for one in steps_of(application, pack) if not one.is_done and one.name not in free]


def unsaved_on(application: Application, step: str) -> Unsaved | None:
    """Give what was typed on a page and could not be saved, or None. One query."""
    return Unsaved.objects.filter(application=application, step=step).first()


def application_by_code(call: Call, code_hash: str) -> Application | None:
    """Give the application that a code leads back to, with its call, or None. Two queries."""
    rows = Application.objects.filter(call=call, code_hash=code_hash)
    return rows.select_related("call__program").prefetch_related("events").first()


type Result = Callable[[Application], object | None]

_results: list[Result] = []


def results_are_told_by(told: Result) -> None:
    """Let the app that decides say what the owner of an application reads of it, or None."""
    _results.append(told)


def result_of(application: Application) -> object | None:
    """Give what became of an application, as its owner reads it; None where nothing is to be told yet."""
    return next((found for told in _results if (found := told(application))), None)


type IsRead = Callable[[Application], bool]

_reads: list[IsRead] = []


def reading_is_told_by(told: IsRead) -> None:
    """Let the app of readers say whether one of them has read an application, so that its words stand."""
    _reads.append(told)


def is_read(application: Application) -> bool:
    """Say whether a reader has read an application."""
    return any(told(application) for told in _reads)


def knows_voices(call: Call, person: Person) -> bool:
    """Say whether someone was ever to write recordings of a call down, did, or opened one. Two queries at most."""
    return (
        call.invitees.filter(person=person, role=WRITES_DOWN).exists()
        or Listener.objects.filter(call=call, person=person).exists()
    )


def has_applications(call: Call) -> bool:
    """Say whether someone has begun to apply. One query."""
    return Application.objects.filter(call=call).exists()


def _waiting(call: Call, viewer: Viewer) -> Applications:
    """Give the applications that the viewer typed in and that wait to be read back."""
    mine = call.applications.filter(events__kind=EventKind.ASSISTED, events__by=viewer.person_id)
    return mine.there().exclude(happened(EventKind.READ_BACK))


def typed_in_by(call: Call, viewer: Viewer) -> list[Application]:
    """List the applications that the viewer typed in and that wait to be read back. One query."""
    return list(_waiting(call, viewer).order_by("reference"))


def typed_in(call: Call, viewer: Viewer, reference: str) -> Application | None:
    """Give an application that the viewer typed in and that waits to be read back, or None. Two queries."""
    rows = _waiting(call, viewer).filter(reference=reference)
    return rows.select_related("call__program").prefetch_related("events").first()


def facts_of(applications: Sequence[UUID], quotas: Sequence[Quota]) -> dict[UUID, dict[str, str]]:
    """Give what each application has of each category; who left a question open would rather not say. One query."""
    names = list(by_category(quotas))
    found = {one: dict.fromkeys(names, NOT_SAID) for one in applications}
    rows = Balance.objects.filter(application__in=applications, category__in=names)
    known = {(one.category, one.value) for one in quotas}
    for application, category, value in rows.values_list("application", "category", "value"):
        if (category, value) in known:
            found[application][category] = value
    return found


def balance_of(application: Application) -> dict[str, str]:
    """Give what an applicant said for the balance. One query."""
    return dict(Balance.objects.filter(application=application).values_list("category", "value"))


@dataclass(frozen=True)
class Counted:
    """One answer with how many gave it, as a range; empty words stand for those who would rather not say."""

    words: str
    lang: str
    count: Band | Fewer

    @property
    def is_small(self) -> bool:
        """Say whether fewer than k gave it."""
        return isinstance(self.count, Fewer)


@dataclass(frozen=True)
class Asked:
    """One question that the pack demands, with the rule and its answers."""

    words: str
    lang: str
    rule: str
    rows: list[Counted]


def shown_from(call: Call) -> date:
    """Give the day from which counts are shown: nobody can apply any more, so none is seen to move with a person."""
    return call.closes + timedelta(days=1)


def counts_of(call: Call, pack: Pack, lang: str, today: date) -> list[Asked]:
    """Give the counts of a call by the pack's questions, every number as a range; none before `shown_from`. One query."""
    if today < shown_from(call):
        return []
    rows = DemographicCount.objects.filter(call=call).values_list("question", "choice", "count")
    there = {(question, choice): count for question, choice, count in rows}
    found = []
    for one in pack.calls.asked:
        answers = [(each.id, each.words.say(lang), each.words.lang_of(lang)) for each in one.choices]
        counted = [
            Counted(words, told, band(there.get((one.id, choice), 0), pack))
            for choice, words, told in [*answers, (NOT_SAID, "", lang)]
        ]
        found.append(Asked(one.words.say(lang), one.words.lang_of(lang), one.rule, counted))
    return found


def how_many(calls: Sequence[Call]) -> dict[int, int]:
    """Count the applications that count of each call, for who runs the program. One query."""
    rows = Application.objects.live().filter(call__in=calls).values_list("call")
    return dict(rows.annotate(many=Count("pk", distinct=True)).order_by())


def languages_of(call: Call, pack: Pack) -> list[tuple[str, Band | Fewer]]:
    """Give in how many applications that count each language of a call is written, every number as a range. One query.

    Nothing may show them before `shown_from`.
    """
    rows = call.applications.live().values("lang").annotate(many=Count("pk", distinct=True)).order_by()
    there = {one["lang"]: one["many"] for one in rows}
    return [
        (lang, band(there.get(lang, 0), pack))
        for lang in [*call.languages, *sorted({*there} - {*call.languages})]
    ]


type Hoping = Callable[[Program, date], QuerySet[Application]]

_hoping: list[Hoping] = []


def hope_is_told_by(hoping: Hoping) -> None:
    """Let the app that offers places say which applications have one open, or wait for one, so that they are kept."""
    _hoping.append(hoping)


def due_to_be_erased(program: Program, today: date, *, unsent_before: date) -> list[Application]:
    """List applications to erase: taken back, never sent, or kept long enough after the choice. Three queries.

    A call that is not decided keeps what was sent, and so does whoever has or awaits an offer.
    """
    decided = Call.objects.filter(program=program).exclude(decided_on=None)
    days = decided.values_list("pk", "decided_on", "kept_days")
    over = [pk for pk, on, kept in days if on is not None and on + timedelta(days=kept) < today]
    withdrawn = Q(happened(EventKind.WITHDRAWN))
    unsent = ~Q(happened(EventKind.SENT)) & Q(call__closes__lt=unsent_before)
    kept = Q(call__in=over)
    for hoping in _hoping:
        kept &= ~Q(pk__in=hoping(program, today).values("pk"))
    rows = Application.objects.filter(withdrawn | unsent | kept, call__program=program)
    here = rows.exclude(happened(EventKind.ERASED))
    return list(here.select_related("call").prefetch_related("events"))


def to_write_down(program: Program, viewer: Viewer) -> list[tuple[Invitee, int]]:
    """List the calls whose recordings the viewer writes down, each with how many wait. Two queries at most."""
    found = helps(program, viewer, WRITES_DOWN)
    if not found:
        return []
    rows = Recording.objects.filter(
        application__in=Application.objects.live().filter(call__in=[one.call_id for one in found]),
        transcripts=None,
    )
    waiting = dict(rows.values_list("application__call").annotate(n=Count("pk")))
    return [(one, waiting.get(one.call_id, 0)) for one in found]


def unwritten(call: Call) -> QuerySet[Recording]:
    """Give the recordings that nobody has written down yet."""
    return Recording.objects.filter(application__in=call.applications.live(), transcripts=None)


def recordings_of(call: Call) -> list[tuple[Recording, int]]:
    """List the recordings to write down, in no order that tells anything, each with its question's place, one page. One query."""
    places = {name: place for place, name in enumerate(call.asked, 1)}
    rows = unwritten(call).select_related("application").order_by("application", "section")
    return [(one, places[one.section]) for one in rows[:PAGE]]


def recording_by(call: Call, pk: int) -> Recording | None:
    """Give one recording of a call, or None."""
    rows = Recording.objects.filter(application__in=call.applications.live(), pk=pk)
    return rows.select_related("application__call__program").first()


def to_invite_again(program_id: int, today: date) -> list[Application]:
    """List applicants of calls that have closed who asked for a letter about the next one, where one is open. Two queries."""
    calls = Call.objects.filter(program=program_id, entry__isnull=False)
    if not calls.filter(opens__lte=today, closes__gte=today).exists():
        return []
    rows = Application.objects.live().filter(
        call__program=program_id, call__closes__lt=today, contact__may_write_again=True
    )
    return list(rows.exclude(contact__email="").select_related("call", "contact"))


def transcripts_of(application: Application) -> dict[str, str]:
    """Give by question how what was spoken is written down. One query."""
    rows = Transcript.objects.filter(recording__application=application).order_by("pk")
    return dict(rows.values_list("recording__section", "words"))


@dataclass(frozen=True)
class Row:
    """One page of an application: its name, the question on it, what was said, and whether it is still missing."""

    step: Step
    asked: str
    asked_lang: str
    said: str
    has_sound: bool = False
    written: str = ""

    @property
    def is_missing(self) -> bool:
        """Say whether the application cannot be sent before this page is filled in."""
        return not self.step.is_done and self.step.name not in OPTIONAL


def review_of(application: Application, steps: Sequence[Step], lang: str, pack: Pack) -> list[Row]:
    """Give what is saved on each page but the last, and how what was spoken is written down. Nine queries."""
    call = application.call
    answers = dict(application.answers.values_list("section", "words"))
    sounds = set(application.recordings.values_list("section", flat=True))
    written = transcripts_of(application)
    said = {
        "who": _who(application),
        "brings": "\n".join(call.say(one, lang)[0] for one in call.seeks if one in answers),
        "conflicts": _conflicts(application),
        "balance": _balance(application, pack, lang),
        "needs": application.access_needs.words if hasattr(application, "access_needs") else "",
    }
    rows = []
    for step in steps:
        if step.is_question:
            asked, told = call.say(step.name, lang)
            words, heard = answers.get(step.name, ""), written.get(step.name, "")
            rows.append(Row(step, asked, told, words, step.name in sounds, heard))
        elif step.name != "review":
            rows.append(Row(step, "", lang, said.get(step.name, "")))
    return rows


def _who(application: Application) -> str:
    contact = getattr(application, "contact", None)
    if contact is None:
        return ""
    sender = _("An organization") if contact.sender == "organization" else ""
    parts = (sender, contact.name, contact.organization, contact.phone, contact.email, contact.other)
    return "\n".join(one for one in parts if one)


def _conflicts(application: Application) -> str:
    """Say each question of the conflict form with its answer, so that it can be read back. No query beside the form's."""
    filed = getattr(application, "conflict_form", None)
    if filed is None:
        return ""
    asked = zip(declared(), (getattr(filed, name) for name in TIES), strict=True)
    lines = [f"{words} {_('Yes') if said else _('No')}" for words, said in asked if said is not None]
    return "\n".join([*lines, *filed.organizations, *([filed.words] if filed.words else [])])


def _balance(application: Application, pack: Pack, lang: str) -> str:
    """Say what was chosen for the balance of the draw, in the words of the pack. One query."""
    found = []
    for name, value in balance_of(application).items():
        category = pack.calls.category(name)
        words = [one.words.say(lang) for one in category.choices if one.id == value] if category else []
        found += words or [_("I would rather not say")]
    return "\n".join(found)


@dataclass(frozen=True)
class Received:
    """One page of applications in an order that tells nothing, and how many there are of each state."""

    rows: list[Application]
    counts: Mapping[str, int]
    number: int
    last: int


def applications_of(call: Call, number: int) -> Received:
    """Give a page of applications, ordered by their random references. Three queries, however many there are."""
    here = ~Q(happened(*GONE))
    counts = call.applications.aggregate(
        all=Count("pk"),
        sent=Count("pk", filter=Q(happened(EventKind.SENT)) & here),
        withdrawn=Count("pk", filter=Q(happened(EventKind.WITHDRAWN))),
    )
    last = max(1, -(-counts["all"] // PAGE))
    at = min(max(1, number), last)
    rows = call.applications.prefetch_related("events").order_by("reference")
    return Received(list(rows[(at - 1) * PAGE : at * PAGE]), counts, at, last)
