"""Read one application for whoever holds its code: its steps, what is saved, and what it still lacks."""

from dataclasses import dataclass

from alongside.cohort.calls.models import (
    Application,
    Call,
    ConflictForm,
    Contact,
    Unsaved,
)
from alongside.core.policy.pack import Pack
from alongside.core.workflow.applications import EventKind
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


def published_call(program: Program, slug: str) -> Call | None:
    """Give a published call by its name, whether it is open today or not. One query."""
    rows = Call.objects.filter(program=program, slug=slug, entry__isnull=False)
    return rows.select_related("program").first()
