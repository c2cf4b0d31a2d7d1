"""A completed track as its owner sees it, and as whoever holds the paper does."""

from dataclasses import dataclass
from datetime import date

from alongside.cohort.training.models import (
    Completion,
    Credential,
    LetterAsked,
    LetterWritten,
    Proof,
    TrackText,
)
from alongside.cohort.training.queries.wording import words_in
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program


@dataclass(frozen=True)
class PaperShown:
    """A completion with its papers: the open proof, the letter as asked and as written, the credential; or None."""

    completion: Completion
    text: TrackText
    courses: list[str]
    proof: Proof | None
    letter: LetterAsked | None
    written: LetterWritten | None
    credential: Credential | None


def completion_for(program: Program, asker: Asker, pk: int, lang: str) -> PaperShown | None:
    """Give a completion of the asker's own, or None. Eight queries."""
    found = Completion.objects.filter(pk=pk, person=asker.person_id or 0, track__program=program)
    one = found.select_related("track__program", "person").prefetch_related("track__texts").first()
    if one is None:
        return None
    courses = one.track.courses.exclude(offering=None).order_by("place").prefetch_related("texts")
    return PaperShown(
        completion=one,
        text=words_in(one.track.texts.all(), lang),
        courses=[words_in(each.texts.all(), lang).title for each in courses],
        proof=one.proofs.filter(closed=None).first(),
        letter=LetterAsked.objects.filter(completion=one).first(),
        written=LetterWritten.objects.filter(asked__completion=one).first(),
        credential=Credential.objects.filter(completion=one).first(),
    )


@dataclass(frozen=True)
class ProofShown:
    """What a proof says: which track, in which month. Nothing of the person."""

    text: TrackText
    month: date


def proof_by_token(program: Program, token: str, lang: str) -> ProofShown | None:
    """Give what an open proof says, or None for one that was closed or never was. Two queries."""
    found = Proof.objects.filter(token=token, closed=None, completion__track__program=program)
    proof = found.select_related("completion__track").prefetch_related("completion__track__texts").first()
    if proof is None:
        return None
    done = proof.completion
    return ProofShown(words_in(done.track.texts.all(), lang), done.on.replace(day=1))
