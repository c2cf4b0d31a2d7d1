"""Read drafts, for those who write and sign them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting
from alongside.core.canonical import canonical
from alongside.core.clocks import after_decision
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.engagements import PROMISE_TEXTS
from alongside.core.sealing.voice import form_hash
from alongside.core.words import has_words
from alongside.ground.gate import Asker, Role
from alongside.ground.look.addresses import short_name
from alongside.ground.programs.models import Office, Program
from alongside.ground.record.models import Line, Log
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Engagement, Signature
from alongside.work.engagements.queries.questions import parts_of
from alongside.work.projects.models import DecisionPoint

#: Words that begin other addresses beside a draft's.
RESERVED = {"new"}


def draft_hash(engagement: Engagement) -> str:
    """Hash everything a signature stands for, in hexadecimal."""
    value = {
        "slug": engagement.slug,
        "partner": engagement.partner.public_id if engagement.partner else "",
        "decision": engagement.decision.entry if engagement.decision else -1,
        "decided_on": str(engagement.decision.on) if engagement.decision else "",
        "invitation": -1 if engagement.invitation is None else engagement.invitation,
        "level": [engagement.framework, engagement.level],
        "languages": engagement.languages,
        "retention": engagement.retention,
        "dates": [str(engagement.closes), str(engagement.report_back), str(engagement.answer_by)],
        "cap": engagement.cap,
        "kept_until": str(engagement.voices_kept_until),
        "words": engagement.words,
        "form": engagement.form,
    }
    return hashlib.sha256(canonical(value)).hexdigest()


def offices_that_sign(engagement: Engagement) -> list[str]:
    """List the offices that sign for the unit of a draft; none of a community engagement. One query."""
    if engagement.partner is None:
        return []
    found = Office.objects.filter(unit=engagement.partner.unit_id, signs=True).select_related("unit")
    return [one.public_id for one in found]


def signing_now(engagement: Engagement, today: date) -> list[str]:
    """List who signed the draft exactly as it stands and can sign today: offices, and leads of neither side's other."""
    rows = Signature.objects.filter(engagement=engagement, draft=draft_hash(engagement)).order_by("signed_at")
    signed = list(rows.values_list("actor", flat=True))
    offices = [one for one in signed if "/" in one]
    seats = [one for one in signed if "/" not in one]
    return [*acting(engagement.program, seats, today, against=offices), *offices]


def _rows(program: Program) -> QuerySet[Engagement]:
    related = ("program", "partner__unit", "decision__project", "decision__office__unit", "opening")
    return Engagement.objects.filter(program=program).select_related(*related).prefetch_related("signatures")


def _theirs(program: Program, asker: Asker) -> QuerySet[Engagement]:
    """Give the engagements an asker works on: all for leads, those with their own units for staff."""
    rows = _rows(program)
    return rows if asker.has(Role.LEAD) else rows.filter(partner__unit__slug__in=asker.units)


def drafts_for(program: Program, asker: Asker) -> list[Engagement]:
    """List the engagements that the asker works on: drafts first, then the newest. Two queries."""
    found = list(_theirs(program, asker).order_by("-pk"))
    return sorted(found, key=lambda one: hasattr(one, "opening"))


def waiting_for(program: Program, asker: Asker) -> list[Engagement]:
    """List the drafts whose partner is one of the asker's units. Two queries."""
    rows = _rows(program).filter(partner__unit__slug__in=asker.units, opening=None)
    return list(rows.order_by("-pk"))


def draft_for(program: Program, asker: Asker, slug: str) -> Engagement | None:
    """Give a draft that is not open yet and that the asker works on, or None. Two queries."""
    return _theirs(program, asker).filter(slug=slug, opening=None).first()


def is_there(program: Program, slug: str) -> bool:
    """Say whether there is an engagement of this name, a draft or open."""
    return Engagement.objects.filter(program=program, slug=slug).exists()


def draft_to_sign(program: Program, asker: Asker, slug: str) -> Engagement | None:
    """Give a draft whose partner is one of the asker's units, or None. Two queries."""
    return _rows(program).filter(slug=slug, opening=None, partner__unit__slug__in=asker.units).first()


def open_for(program: Program, asker: Asker, slug: str) -> Engagement | None:
    """Give an engagement whose promise is frozen, for its leads, its unit and the steward, or None."""
    rows = _rows(program)
    if not asker.has(Role.STEWARD, Role.LEAD):
        rows = rows.filter(partner__unit__slug__in=asker.answers_for)
    return rows.filter(slug=slug).exclude(opening=None).first()


def signers(engagement: Engagement) -> list[str]:
    """List who signed the draft as it stands, from signatures already read."""
    now = draft_hash(engagement)
    return [one.actor for one in engagement.signatures.all() if one.draft == now]


def texts_of(engagement: Engagement) -> tuple[str, ...]:
    """Name the texts that a draft needs in every language: the reason for asking again only where one is given."""
    again = any(words.get("asked_again") for words in engagement.words.values())
    return (*PROMISE_TEXTS, "asked_again") if again else PROMISE_TEXTS


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
            for question in engagement.form.get("questions", ())
            if not all(has_words(part.get(lang) or "") for part in parts_of(question))
        ]
    return found


def late_days(engagement: Engagement) -> dict[str, date]:
    """Give the days of a draft that come after its decision, by their names."""
    decided = engagement.decision.on if engagement.decision else None
    answer_by = engagement.answer_by if engagement.partner else None
    return after_decision(decided, closes=engagement.closes, answer_by=answer_by)


def key_of(engagement: Engagement) -> tuple[Entry, list[str]] | None:
    """Give the key of an engagement made last, and the seats that opened its test voice; None before it is made."""
    rows = RowsLog(Log.objects.get(program=engagement.program))
    made = rows.about("key.made", engagement.slug)
    if not made:
        return None
    tests = rows.citing(made[-1].index, "key.tested")
    return made[-1], sorted({seat for one in tests for seat in one.seats})


def promise_data(engagement: Engagement, k: int, recipient: str) -> dict[str, Any]:
    """Give the data of the promise that a draft would become."""
    data: dict[str, Any] = {
        "engagement": engagement.slug,
        "community": engagement.partner is None,
        "level": {"framework": engagement.framework, "level": engagement.level},
        "languages": list(engagement.languages),
        "readers": "any-lead-with-the-key",
        "retention": engagement.retention,
        "closes": engagement.closes.isoformat(),
        "report_back": engagement.report_back.isoformat(),
        "k": k,
        "cap": engagement.cap,
        "recipient": recipient,
        "form": form_hash(engagement.form),
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


def free_slug(program: Program, title: str) -> str:
    """Find a name for an address that no engagement of the program has or had a key for, from a title in any script."""
    base = short_name(title, 50) or "engagement"
    taken = set(
        Engagement.objects.filter(program=program, slug__startswith=base).values_list("slug", flat=True)
    )
    made = Line.objects.filter(log__program=program, kind="key.made", subject__startswith=base)
    taken |= set(made.values_list("subject", flat=True))  # of a draft that was thrown away, the key stays
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken | RESERVED)


def chosen(program: Program, typed: Mapping[str, str]) -> dict[str, Any]:
    """Turn what a lead chose in step 1 into the office, the decision and the level of a draft."""
    unit, _, office = typed["partner"].partition("/")
    offices = Office.objects.filter(unit__program=program, unit__slug=unit, slug=office)
    points = DecisionPoint.objects.filter(project__program=program, pk=typed["point"] or 0)
    framework, _, level = typed["level"].partition("/")
    return {
        "partner": offices.select_related("unit").first() if office else None,
        "decision": points.first() if typed["point"] else None,
        "framework": framework,
        "level": level,
    }


def seat_of(asker: Asker) -> Seat:
    """Give the asker's seat. Raises Seat.DoesNotExist for someone who is no lead."""
    return Seat.objects.get(pk=asker.seat_id or 0)
