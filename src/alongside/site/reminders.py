"""Letters that the clock sends: an answer or a reply is due, or an office has stayed silent."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.tasks import task
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.chain.asks.queries import learning_end, owed_on_a_list
from alongside.chain.asks.tasks import UNREASONED, VACANT
from alongside.cohort.messages.queries import person_by_pk
from alongside.ground.look.days import day_in_words
from alongside.ground.people.tasks import post
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import holders_of, pack_of, stewards_on


def send(program: Program, office: str, ask: int, due: date, stage: str, *, on: date) -> None:
    """Queue a letter to each who holds the office on a day, and before an answer is due to the stewards; only ids and dates wait there."""
    for held in holders_of(program, office, on):
        remind.enqueue(program.pk, held.person_id, ask, due.isoformat(), stage)
    watch = stage if stage.startswith(VACANT) else f"watch-{stage}"
    for watching in stewards_on(program, on) if stage.startswith(("before", VACANT)) else ():
        remind.enqueue(program.pk, watching.person_id, ask, due.isoformat(), watch)


@task
def remind(program_id: int, person_id: int, ask: int, due: str, stage: str) -> None:
    """Write to one who holds the office, in their language."""
    person = person_by_pk(person_id)
    if person is not None and person.email:
        with translation.override(person.language):
            program, day = Program.objects.get(pk=program_id), date.fromisoformat(due)
            subject, body = letter(program, ask, day, stage, person.language)
            post(subject, body, person.email)


def letter(program: Program, ask: int, due: date, stage: str, lang: str) -> tuple[str, str]:
    """Give the subject and the words of a letter, in the active language."""
    name = pack_of(program).name.say(lang)
    told = {"day": day_in_words(due), "ask": ask, "program": name}
    many = owed_on_a_list(program, ask, due)
    subject, first = _of_many(many, stage, told) if many > 1 else _of_one(stage, told)
    if stage == UNREASONED:
        last = _("If they contest the answer, your office can give its reasons in the reply.")
    else:
        last = _until_then(program, ask, due) or _(
            "If no answer is given, the record says so by itself the day after."
        )
    return f"{name}: {subject}", "\n\n".join([first, last, page(program, lang)]) + "\n"


def _of_one(stage: str, told: Mapping[str, object]) -> tuple[str, str]:
    """Give the subject and the first words of a letter about one ask."""
    if stage == "escalated":
        subject = _("Entry %(ask)s has no answer since %(day)s")
        first = _("An answer to entry %(ask)s of the record was due on %(day)s. None was given.")
    elif stage == UNREASONED:
        subject = _("Leads say that an answer gives no reasons: entry %(ask)s")
        first = _("Leads say on the record that your office’s answer to entry %(ask)s gives no reasons.")
    elif stage.startswith(VACANT):
        subject = _("Nobody holds an office that owes an answer: entry %(ask)s")
        first = _(
            "Entry %(ask)s of the record asks an office that nobody holds. The answer is due on %(day)s. "
            "Have the office given to someone, or see to it that its unit answers."
        )
    elif stage.startswith("raised"):
        subject = _("A reply is due on %(day)s: entry %(ask)s")
        first = _("Leads raised entry %(ask)s of the record to your office. It owes a reply by %(day)s.")
    else:
        subject = _("An answer is due on %(day)s: entry %(ask)s")
        first = _("Your office owes an answer to entry %(ask)s of the record by %(day)s.")
        if stage.startswith("watch"):
            first = _("The office that was asked owes an answer to entry %(ask)s of the record by %(day)s.")
    return subject % told, first % told


def _until_then(program: Program, ask: int, due: date) -> str:
    """Say until when nothing late is told of the unit that owes an answer; empty where it does not learn on its day."""
    until = learning_end(program, ask)
    if until is None or until < due:
        return ""
    return _("Your bureau learns until %(day)s. From the day after, the record says what is late.") % {
        "day": day_in_words(until)
    }


def _of_many(many: int, stage: str, told: Mapping[str, object]) -> tuple[str, str]:
    """Give the subject and the first words of a letter about questions that were sent together."""
    told = {**told, "n": many}
    if stage == "escalated":
        subject = _("%(n)d questions of one list have no answer since %(day)s: entry %(ask)s")
        first = _(
            "Answers to %(n)d questions of one list, entry %(ask)s of the record, were due on %(day)s. None was given."
        )
    elif stage.startswith(VACANT):
        subject = _("Nobody holds an office that owes answers to a list: entry %(ask)s")
        first = _(
            "%(n)d questions of one list, entry %(ask)s of the record, ask an office that nobody holds. The answers are due "
            "on %(day)s. Have the office given to someone, or see to it that its unit answers."
        )
    else:
        subject = _("%(n)d answers are due on %(day)s: entry %(ask)s")
        first = _(
            "Your office owes answers to %(n)d questions of one list, entry %(ask)s of the record, by %(day)s."
        )
        if stage.startswith("watch"):
            first = _(
                "The office that was asked owes answers to %(n)d questions of one list, entry %(ask)s of the record, by %(day)s."
            )
    return subject % told, first % told


def page(program: Program, lang: str) -> str:
    """Give the whole address of the desk where answers are written."""
    given = {"program": program.slug, "lang": lang}
    try:
        path = reverse("desks:unit", kwargs=given)
    except NoReverseMatch:
        path = reverse("program", kwargs={"program": program.slug})
    return f"{settings.ALONGSIDE.address}{path}"
