"""What an answer must hold before it goes to the manager; everything that lacks is told at once (promise 4)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from alongside.chain.answers.models import AnswerDraft
from alongside.core.clocks import latest_answer, latest_milestone, local_date
from alongside.core.grammar.v1.answers import PROMISES
from alongside.core.grammar.v1.bureaus import bureau_of, unit_of
from alongside.core.words import has_words
from alongside.ground.look.days import day_in_words
from alongside.ground.programs.queries import answers_today, pack_of
from alongside.ground.record.models import Standing

#: An advice point whose change is made already: a yes whose milestones are due, and claimed, on the day of the answer.
CHANGED = "changed"
YES = (*PROMISES, CHANGED)


class NotWhole(ValueError):  # noqa: N818 -- the name is a sentence
    """An answer lacks what its decision demands. `missing` says the cure by the form field to mend."""

    def __init__(self, missing: Mapping[str, str]) -> None:
        self.missing = dict(missing)
        super().__init__(" ".join(self.missing.values()))


def refuse_unless_whole(draft: AnswerDraft, now: datetime) -> None:
    """Raise NotWhole where the decision demands more (promise 4)."""
    missing = missing_from(draft, local_date(now, pack_of(draft.program)))
    if draft.decision == "deferred" and put_off(draft):
        missing["decision"] = _("“Not yet” was said once. Choose an answer.")
    if missing:
        raise NotWhole(missing)


def put_off(draft: AnswerDraft) -> bool:
    """Say whether what is answered was put off to a day before."""
    rows = Standing.objects.filter(log__program=draft.program, ask=draft.about)
    return rows.filter(decision="deferred").exists()


def missing_from(draft: AnswerDraft, today: date) -> dict[str, str]:
    """Say all that a draft lacks, by the form field to mend; nothing where it is whole."""
    found = {}
    if not draft.decision:
        found["decision"] = _("Choose an answer.")
    if not has_words(draft.reasons):
        found["reasons"] = _("Write the reasons, in words your neighbor would use.")
    if draft.decision == "deferred" and (draft.until is None or draft.until <= today):
        found["until"] = _("Write the day by which you will answer; it lies in the future.")
    elif draft.decision == "deferred" and draft.until and draft.until > latest_answer(today):
        found["until"] = _no_later_than(latest_answer(today))
    if draft.decision in YES:
        found |= _missing_from_a_yes(draft, today)
    return found


def _no_later_than(day: date) -> str:
    return _("Look at the year: choose a day no later than %(day)s.") % {"day": day_in_words(day)}


def _is_of_its_bureau(draft: AnswerDraft) -> bool:
    pack = pack_of(draft.program)
    owner, own = unit_of(draft.owner), answers_today(pack, draft.unit)
    return bureau_of(owner, pack.within) == bureau_of(own, pack.within)


def _missing_from_a_yes(draft: AnswerDraft, today: date) -> dict[str, str]:
    found = {}
    if not draft.owner:
        found["owner"] = _("Choose the office that owns this.")
    elif draft.decision == CHANGED and unit_of(draft.owner) != draft.unit:
        found["owner"] = _("What is changed already, your own unit did: choose one of its offices.")
    elif not _is_of_its_bureau(draft):
        found["owner"] = _("You promise for your own bureau: choose one of its offices.")
    if not draft.milestones:
        found["milestone_1"] = _("Write at least one milestone, with a day.")
    if not has_words(draft.evidence):
        found["evidence"] = _("Say what people can look at to see that it is done.")
    for one in draft.milestones:
        place = one["id"].removeprefix("m")
        if not has_words(one.get("words", "")):
            found[f"milestone_{place}"] = _("Say what will be done by this day.")
        if draft.decision != CHANGED and one.get("due", "") < today.isoformat():
            found[f"due_{place}"] = _("Write the day of this milestone; it is today or later.")
        elif one.get("due", "") > latest_milestone(today).isoformat():
            found[f"due_{place}"] = _no_later_than(latest_milestone(today))
    return found
