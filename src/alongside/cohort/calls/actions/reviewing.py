"""Invite readers, give them applications evenly and without conflicts, take in what they make of them. Nothing goes on the record."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from alongside.cohort.calls.models import (
    Application,
    Call,
    Invitee,
    NamesOpened,
    Reading,
    Score,
    Shortlist,
)
from alongside.cohort.calls.models.inviting import READER, WRITES_DOWN
from alongside.cohort.calls.queries import conflicts
from alongside.cohort.calls.queries.reading import blind
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.queries import ever_appointed, pack_of
from alongside.ground.record.declared import appends


def today_of(call: Call, now: datetime) -> date:
    """Give the program's local day."""
    return local_date(now, pack_of(call.program))


def refuse_before_it_closed(call: Call, now: datetime) -> date:
    """Raise Refused while people can still apply; give today."""
    today = today_of(call, now)
    if today <= call.closes:
        raise Refused(_("People can still apply. This begins on the day after the call closes."))
    return today


def refuse_after_the_shortlist(call: Call) -> None:
    """Raise Refused once the line is drawn."""
    if Shortlist.objects.filter(call=call).exists():
        raise Refused(_("The shortlist is made, so the reading is over."))


@appends()
@transaction.atomic
def invite_reader(
    *, call: Call, person: Person, kind: str, organizations: Sequence[str], now: datetime
) -> Invitee:
    """Let a person read for a call. `organizations` are those they belong to, as they said. Raises Refused."""
    refuse_after_the_shortlist(call)
    if kind != "staff" and ever_appointed(call.program, person.pk):
        raise Refused(
            _(
                "This person has or had an office, or runs the program. Invite them as staff, or choose another reader."
            )
        )
    invited = call.invitees.filter(person=person, ended_on=None).values_list("role", flat=True)
    if READER in invited:
        raise Refused(_("This person reads for this call already; nothing more is needed."))
    if WRITES_DOWN in invited:
        raise Refused(_("This person writes recordings down, so they know voices. Choose another reader."))
    return Invitee.objects.create(
        call=call,
        person=person,
        role=READER,
        kind=kind,
        organizations=list(organizations),
        invited_on=today_of(call, now),
    )


REASONS: dict[str, str | Promise] = {
    conflicts.OWN: later("This is the reader’s own application. Choose another reader."),
    conflicts.SAME: later(
        "The reader and the applicant name the same organization. Choose a reader from another one."
    ),
    conflicts.TIES: later(
        "The applicant declared ties to the government, so no staff may read it. Choose a lead or a community reader."
    ),
}


@appends()
@transaction.atomic
def assign(*, reader: Invitee, application: Application, now: datetime) -> Reading:
    """Give one application to one reader. Raises Refused or Refused."""
    today = refuse_before_it_closed(reader.call, now)
    refuse_after_the_shortlist(reader.call)
    near = Application.objects.with_ties().get(pk=application.pk)
    mine = next(one for one in conflicts.readers_of(reader.call) if one.reader.pk == reader.pk)
    if why := conflicts.conflict(mine, conflicts.facts_of([near])[near.pk]):
        raise Refused(str(REASONS[why]))
    if Reading.objects.filter(reader=reader, application=application).exists():
        raise Refused(_("This reader had this application before. Choose another reader."))
    return Reading.objects.create(reader=reader, application=application, assigned_on=today)


@appends()
@transaction.atomic
def recuse(*, reading: Reading, ground: str, now: datetime) -> None:
    """Lay a reading down because of a conflict; its points and words go, and another reader takes it."""
    refuse_after_the_shortlist(reading.reader.call)
    Score.objects.filter(reading=reading).delete()
    Reading.objects.filter(pk=reading.pk, recused_on=None).update(
        share=None, notes="", read_on=None, ground=ground, recused_on=today_of(reading.reader.call, now)
    )


@appends()
@transaction.atomic
def score(*, reading: Reading, given: Mapping[str, tuple[int, str]], notes: str, now: datetime) -> Reading:
    """Judge an application: key of a criterion to (points, reason). Can be changed until the shortlist. Raises Refused."""
    call = reading.reader.call
    refuse_after_the_shortlist(call)
    if not blind(reading, call.first_lang).is_whole:
        raise Refused(_("A recording is not written down yet. Come back when it is."))
    most = {one["criterion"]: one["points"] for one in call.rubric}
    lacking = sum(not 1 <= given.get(key, (0, ""))[0] <= top for key, top in most.items())
    if lacking:
        told = ngettext("Give points for %(n)d more line.", "Give points for %(n)d more lines.", lacking)
        raise Refused(told % {"n": lacking})
    for key in most:
        points, words = given[key]
        values = {"points": points, "words": words}
        Score.objects.update_or_create(reading=reading, criterion=key, defaults=values)
    share = 1000 * sum(given[key][0] for key in most) // sum(most.values())
    reading.share, reading.notes, reading.read_on = share, notes, today_of(call, now)
    reading.save(update_fields=["share", "notes", "read_on"])
    return reading


@appends()
def open_names(*, call: Call, person: Person, now: datetime) -> None:
    """Keep that someone opened the page of names before the shortlist; the record of the selection tells it."""
    if not Shortlist.objects.filter(call=call).exists():
        NamesOpened.objects.get_or_create(call=call, person=person, defaults={"on": today_of(call, now)})
