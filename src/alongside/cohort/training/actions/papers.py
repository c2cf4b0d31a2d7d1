"""The papers of a completed track: a proof its owner opens and closes, a letter, a credential."""

import secrets
import uuid
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.training.credentials import Badge, compose, did_of, make_key, sign
from alongside.cohort.training.credentials.keys import method_of
from alongside.cohort.training.credentials.proofs import stamp
from alongside.cohort.training.models import (
    Completion,
    Credential,
    LetterAsked,
    LetterWritten,
    Proof,
    ProofClosed,
)
from alongside.cohort.training.queries.wording import words_in
from alongside.core.clocks import local_date
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


class AnotherLetterWaits(ValueError):  # noqa: N818 -- the name is a sentence
    """A letter was asked for twice."""


def _today(program: Program, now: datetime) -> date:
    return local_date(now, pack_of(program))


@appends()
@transaction.atomic
def open_proof(*, completion: Completion, now: datetime) -> Proof:
    """Open a proof of a completion to whoever holds its address; give the one that is open, if one is."""
    standing = completion.proofs.filter(closed=None).first()
    return standing or Proof.objects.create(
        completion=completion,
        token=secrets.token_urlsafe(24),
        opened_on=_today(completion.track.program, now),
    )


@appends()
@transaction.atomic
def close_proof(*, completion: Completion, now: datetime) -> None:
    """Close every open proof of a completion, for good; a new one gets a new address."""
    for proof in completion.proofs.filter(closed=None):
        ProofClosed.objects.create(proof=proof, closed_on=_today(completion.track.program, now))


@appends()
@transaction.atomic
def ask_letter(*, completion: Completion, wish: str, now: datetime) -> LetterAsked:
    """Ask the program for a letter. Raises AnotherLetterWaits where it was asked for."""
    if LetterAsked.objects.filter(completion=completion).exists():
        raise AnotherLetterWaits(_("You asked for this letter already; the steward sees it on their desk."))
    return LetterAsked.objects.create(
        completion=completion, wish=wish, asked_on=_today(completion.track.program, now)
    )


@appends()
def write_letter(*, asked: LetterAsked, words: str, lang: str, now: datetime) -> LetterWritten:
    """Write the letter that was asked for, or write it anew."""
    day = _today(asked.completion.track.program, now)
    said = {"words": words, "lang": lang, "written_on": day}
    return LetterWritten.objects.update_or_create(asked=asked, defaults=said)[0]


@appends()
@transaction.atomic
def issue_credential(*, completion: Completion, lang: str, with_mail: bool, now: datetime) -> Credential:
    """Sign a credential for a completion, once; a later call gives the same one.

    It names nobody. With `with_mail` it holds a salted hash of the owner's email address, so that a wallet can match it.
    """
    standing = Credential.objects.filter(completion=completion).first()
    if standing:
        return standing
    program = completion.track.program
    issuer, key = did_of(settings.ALONGSIDE.address, program.slug), make_key(program)
    document = sign(
        compose(_badge(completion, issuer, lang, with_mail=with_mail)),
        key=key,
        method=method_of(issuer, key),
        created=stamp(now),
    )
    return Credential.objects.create(completion=completion, document=document, issued_on=_today(program, now))


def _badge(completion: Completion, issuer: str, lang: str, *, with_mail: bool) -> Badge:
    track = completion.track
    program = track.program
    name = words_in(track.texts.all(), lang)
    courses = [words_in(one.texts.all(), name.lang) for one in track.courses.exclude(offering=None)]
    mail = completion.person.email if with_mail else None
    return Badge(
        uuid=str(uuid.uuid4()),
        holder=str(uuid.uuid4()),
        issuer=issuer,
        program=pack_of(program).name.say(name.lang),
        url=f"{settings.ALONGSIDE.address}/{program.slug}/{name.lang}/training/",
        slug=track.slug,
        track=name.title,
        about="\n".join(one.about for one in courses),
        criteria="\n".join(one.title for one in courses),
        lang=name.lang,
        completed=completion.on,
        mail=(secrets.token_hex(16), mail) if mail else None,
    )
