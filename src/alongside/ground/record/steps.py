"""What waits of the record: that rows of the database tell something else than its entries. And the words of all steps."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.entries import Entry
from alongside.core.grammar.keys import has_lost_key
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log
from alongside.ground.record.queries import Stand, TextView, Words, differing_entries
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.ground.ui.languages import apart
from alongside.ground.ui.numbers import counted
from alongside.ground.ui.steps import THE_STEWARD, Desk, Seldom, Step


def _differing(desk: Desk) -> QuerySet[Log]:
    return Log.objects.filter(program=desk.program).exclude(differing=[])


#: What waits seldom.
SELDOM = (_differing,)


def steps(desk: Desk) -> list[Step]:
    """Say to the steward that rows tell something else than the entries, with the first such entry. One query at most."""
    found = differing_entries(desk.program) if is_any(desk, _differing) else []
    if not found:
        return []
    text = ngettext(
        "Somebody changed the database past this site. It differs from %(n)s entry, number %(number)s.",
        "Somebody changed the database past this site. It differs from %(n)s entries, the first is number %(number)s.",
        len(found),
    ) % {"n": counted(len(found)), "number": counted(found[0])}
    return [
        Step(
            _("Pages do not show what the public log says"),
            text,
            desk.to("record:entry", index=found[0]),
            "city",
            "late",
            owner=THE_STEWARD,
            step=_(
                "Tell whoever runs the machine. They keep a copy, and make the pages anew from the public log."
            ),
        )
    ]


def kept[T](desk: Desk, read: Callable[..., T], *asked: Hashable) -> T:
    """Give what `read` reads of the record of a program, and of nothing else: that stays so until an entry comes or a text goes.

    All desks share what is kept; nobody changes it.
    """
    found: T = kept_of(read, desk.program, desk.request.stand, asked)
    return found


@lru_cache(maxsize=512)
def kept_of(read: Callable[..., Any], program: Program, _stand: Stand, asked: tuple[Hashable, ...]) -> Any:
    """Read once for each stand of a log."""
    return read(program, *asked)


def rows(desk: Desk) -> RowsLog:
    """Give the record as the rules look at it, with what steps ask of it, and what the apps at this desk look at. One query."""
    stand, kinds = desk.request.stand, (*ASKED, *desk.reads)
    log = RowsLog.at(desk.program, stand.log, stand.size, kept(desk, _seen))
    return log.know(kinds, kept(desk, _of_kinds, stand.log, stand.size, kinds))


def lost_own_key(desk: Desk) -> bool:
    """Say whether whoever sits at a desk reported their key lost: what takes a key of their own is for another lead, or waits for a new one."""
    return bool(desk.viewer.seat) and has_lost_key(desk.once(rows), desk.viewer.seat or "")


def _seen(_program: Program) -> dict[int, Entry]:
    """Give where entries are kept that a desk read by their numbers: an entry never changes."""
    return {}


def _of_kinds(program: Program, log: int, size: int, kinds: Sequence[str]) -> list[Entry]:
    lines = RowsLog.at(program, log, size).read(*kinds)
    return sorted((one for kind in kinds for one in lines.every(kind)), key=lambda one: one.index)


def there(desk: Desk) -> frozenset[Seldom]:
    """Of what the apps at a desk seldom find, give that of which there is any. One query."""
    asked = {one: found for one in desk.seldom if (found := one(desk)) is not None}
    if not asked:
        return frozenset()
    told = Program.objects.filter(pk=desk.program.pk).values_list(*map(Exists, asked.values())).get()
    return frozenset(one for one, is_there in zip(asked, told, strict=True) if is_there)


def is_any(desk: Desk, rows: Seldom) -> bool:
    """Say whether there is any of what a desk seldom finds. One that did not ask for all of it at once looks for itself."""
    return rows in desk.once(there) if rows in desk.seldom else rows(desk) is not None


#: A heading that is nothing but the words of an entry, in their own language.
ONLY_WORDS = "%(what)s"


def worded(steps: Iterable[Step], words: Words) -> list[Step]:
    """Say in the heading of each step what it is about."""
    return [one if one.about is None else _worded(one, words.get(one.about, {})) for one in steps]


def _worded(step: Step, texts: Mapping[str, TextView]) -> Step:
    shown = texts.get(step.named)
    what = shown.words if shown else step.instead
    if step.heading == ONLY_WORDS:
        return step._replace(heading=what, lang=shown.lang if shown else "")
    return step._replace(heading=step.heading % {"what": apart(what)})
