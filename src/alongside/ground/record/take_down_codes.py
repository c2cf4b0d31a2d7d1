"""The codes by which a second role agrees to a take-down, or that the record goes on without what is lost: who, to what, on which ground. Nothing is stored."""

import shlex
from collections.abc import Collection
from datetime import date, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alongside.core.entries import SEAT, unit_of
from alongside.core.grammar.seats import refuse_new_seats
from alongside.core.refusals import Refused
from alongside.core.workflow.workplans import COMMUNITY
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.signing import has_key, is_next_key, signed_last

#: What stands for the whole record where a text has its name: to let it go on without what is lost, or what a wrong clock told.
RESUME = "resume"
FAULT = "fault"
GOOD_FOR = timedelta(days=14)


def pen_of(viewer: Viewer, owners: Collection[str]) -> str:
    """Give the actor who agrees: a lead's seat, or the office that signs for a unit; none where neither is an owner of the text."""
    offices = [viewer.office_in(unit, signing=True) for unit in sorted(viewer.manages)]
    if viewer.seat and (not owners or COMMUNITY in owners):
        return viewer.seat
    return next((one for one in offices if one and (not owners or unit_of(one) in owners)), "")


def refuse_a_new_seat(program: Program, by: str, today: date) -> None:
    """Raise GrammarError for a lead whose seat is too new to agree: the code would be refused when it is used."""
    if SEAT.match(by):
        refuse_new_seats(RowsLog.of(program), [by], today)


def resume_without(program: Program) -> str:
    """Name what is lost where a record goes on without it: a code for one loss stands for no later one."""
    return f"{RESUME} {signed_last(program)}"


def _signer(program: str, entry: int, name: str, ground: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="\n".join(("alongside.take-down", program, str(entry), name, ground)))


def agree(*, program: str, entry: int, name: str, ground: str, by: str) -> str:
    """Give the code by which a seat or an office agrees that one text of an entry, or one row, is taken down on a ground."""
    return _signer(program, entry, name, ground).sign(by)


def agreed(code: str, *, program: str, entry: int, name: str, ground: str) -> str:
    """Give the seat or office that made a code. Raises Refused where it was made for anything else, or long ago."""
    try:
        return _signer(program, entry, name, ground).unsign(code, max_age=GOOD_FOR)
    except signing.BadSignature:
        raise Refused(
            f"This code does not stand for this text and this ground, or it is older than {GOOD_FOR.days} days. A lead, or a manager for "
            "what their unit wrote, makes one on the page of the entry; then write the ground exactly as there."
        ) from None


NEW_KEY = "alongside.new-key"


def offer_key(program: Program, vkey: str) -> str:
    """Give the line by which a lead names the new key of a log: it shows that a machine of this site holds that key."""
    return signing.TimestampSigner(salt=f"{NEW_KEY} {program.slug}").sign(vkey)


def new_key(program: Program, line: str) -> str:
    """Give the key in a line. Raises ValidationError where no machine of this site made it, or long ago, and where it is not here any more.

    A machine without the keys cannot know the last: with a key that nobody has nothing could ever be signed again.
    """
    try:
        vkey = signing.TimestampSigner(salt=f"{NEW_KEY} {program.slug}").unsign(line, max_age=GOOD_FOR)
    except signing.BadSignature:
        vkey = ""
    if not vkey or (has_key(program) and not is_next_key(program, vkey)):
        raise ValidationError(
            _(
                "This line is not whole, or too old. Ask whoever runs the site for a new one, and copy all of it."
            )
        )
    return vkey


def command(words: list[str]) -> str:
    """Write a command so that a shell reads nothing in it but words, whatever somebody typed."""
    return shlex.join(words)
