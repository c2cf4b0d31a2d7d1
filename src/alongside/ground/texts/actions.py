"""Write to public texts: translate them, say them aloud, take one down by two roles, place a legal hold and lift it; erase nothing while one stands."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.core.entries import Entry
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.sounds import standing_sound
from alongside.core.grammar.texts import FORM
from alongside.core.kinds import EntryKind
from alongside.core.recordings import cleaned
from alongside.core.refusals import Refused
from alongside.ground.gate.limits import LARGEST_FILE, MEGABYTE, refuse_without_room
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.actions.words import lose_words, renew_pages
from alongside.ground.record.declared import appends
from alongside.ground.record.models import (
    Log,
)
from alongside.ground.record.queries import is_under_hold, texts_going
from alongside.ground.record.returning import made_again
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.models import Sound


@appends(EntryKind.TEXT_TRANSLATED)
def translate_text(
    *,
    program: Program,
    entry: int,
    by: str,
    lang: str,
    texts: Mapping[str, str],
    made_by: str,
    reviewed: bool,
    now: datetime,
) -> list[Entry]:
    """Add a translation of an entry's texts; say who made it and whether a person reviewed it."""
    draft = Draft(
        kind=EntryKind.TEXT_TRANSLATED,
        by=[by],
        data={"lang": lang, "reviewed": reviewed, "made_by": made_by},
        cites={"of": [entry]},
        texts={name: Text(lang, words) for name, words in texts.items() if words},
    )
    return append(program=program, drafts=[draft], now=now)


@appends(EntryKind.TEXT_TRANSLATED)
def translate_all(
    *, program: Program, entry: int, by: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> list[Entry]:
    """Add every language but the first of `words` (language to {name: words}), as not yet reviewed by a person."""
    written: list[Entry] = []
    for lang in list(words)[1:]:
        if any(words[lang].values()):
            written += translate_text(
                program=program,
                entry=entry,
                by=by,
                lang=lang,
                texts=words[lang],
                made_by="machine",
                reviewed=False,
                now=now,
            )
    return written


#: What browsers do not play.
UNPLAYED = "amr"


@appends(EntryKind.SOUND_GIVEN)
@transaction.atomic
def say_aloud(
    *, program: Program, about: int, part: str, lang: str, content: bytes, by: str, now: datetime
) -> Sound:
    """Let everyone hear words of the log in a lead's own voice, in place of the recording before; its file loses titles, places and times.

    `part` is the id of a question, or empty for a report-back. The same file once more says nothing new. Raises Refused, GrammarError, UnusableInputError
    where it is no sound that we know.
    """
    if len(content) > LARGEST_FILE:
        words = _("This file is larger than %(most)s MB. Say it more briefly.")
        raise Refused(words % {"most": LARGEST_FILE // MEGABYTE}, "sound")
    refuse_without_room(len(content), "sound")
    kind, clean = cleaned(content)
    if kind == UNPLAYED:
        raise Refused(_("Browsers do not play this kind of sound. Send MP3, M4A, WAV or OGG."), "sound")
    rows = RowsLog(Log.objects.select_for_update().get(program=program))
    sha256 = hashlib.sha256(clean).hexdigest()
    given = standing_sound(rows, about, lang, part)
    if given is None or given.data["sha256"] != sha256:
        said = {"lang": lang, "sha256": sha256} | ({"part": part} if part else {})
        draft = Draft(kind=EntryKind.SOUND_GIVEN, by=[by], data=said, cites={"of": [about]})
        (given,) = append(program=program, drafts=[draft], now=now)
    named = {"program": program, "about": about, "lang": lang, "part": part}
    Sound.objects.filter(**named).delete()
    made = Sound.objects.create(
        **named, kind=kind, sha256=sha256, content=clean, entry=given.index, on=given.date
    )
    renew_pages(program=program)
    return made


@appends(EntryKind.SOUND_WITHDRAWN)
@transaction.atomic
def take_away(*, sound: Sound, by: str, now: datetime) -> None:
    """Let nobody hear a recording any more, and say so on the log; raise GrammarError while a legal hold stands."""
    draft = Draft(kind=EntryKind.SOUND_WITHDRAWN, by=[by], cites={"sound": [sound.entry]})
    append(program=sound.program, drafts=[draft], now=now)
    sound.delete()
    renew_pages(program=sound.program)


@appends()
def drop_replaced(*, program: Program, entries: Sequence[Entry]) -> None:
    """Delete the recordings that the log, as it was taken back, says were replaced or taken away."""
    for one in entries:
        if one.kind == EntryKind.SOUND_WITHDRAWN:
            Sound.objects.filter(program=program, entry=one.cites["sound"][0]).delete()
        else:
            same = {"about": one.cites["of"][0], "lang": one.data["lang"], "part": one.data.get("part", "")}
            Sound.objects.filter(program=program, entry__lt=one.index, **same).delete()


@appends()
def drop_with_words(*, program: Program, entries: Sequence[Entry]) -> None:
    """Delete the recordings that say what these entries take down: a report-back in one language, or every question."""
    for gone in texts_going(program, entries):
        said = Sound.objects.filter(program=program, about=gone.entry)
        (said.exclude(part="") if gone.name == FORM else said.filter(part="", lang=gone.name)).delete()


@appends(EntryKind.TEXT_ERASED)
@transaction.atomic
def erase_text(
    *,
    program: Program,
    entry: int,
    sha256: str,
    ground: str,
    by: Sequence[str],
    now: datetime,
    lang: str = "en",
) -> Entry:
    """Take a text, or a file that an entry hashes, down for good: two roles, a legal ground. The entry says so first, then salt and words go."""
    texts, cites = {"ground": Text(lang, ground)}, {"of": [entry]}
    draft = Draft(kind=EntryKind.TEXT_ERASED, by=by, data={"sha256": sha256}, cites=cites, texts=texts)
    (erased,) = append(program=program, drafts=[draft], now=now)
    made_again(program, [erased])  # while the words are here, by which each app knows its copies
    lose_words(log=Log.objects.get(program=program), erased=[erased])
    return erased


@appends(EntryKind.HOLD_PLACED)
def place_hold(*, program: Program, ground: str, by: str, now: datetime, lang: str = "en") -> Entry:
    """Place a legal hold: nothing is erased and no key destroyed until it is lifted."""
    draft = Draft(kind=EntryKind.HOLD_PLACED, by=[by], texts={"ground": Text(lang, ground)})
    return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.HOLD_LIFTED)
def lift_hold(*, program: Program, hold: int, by: str, now: datetime) -> Entry:
    """Lift a legal hold."""
    return append(
        program=program, drafts=[Draft(kind=EntryKind.HOLD_LIFTED, by=[by], cites={"hold": [hold]})], now=now
    )[0]


class LegalHoldError(Refused):
    """A legal hold is in force: nothing is erased and no key destroyed."""


def refuse_under_hold(program: Program) -> None:
    """Raise LegalHoldError while a legal hold stands."""
    if is_under_hold(program):
        raise LegalHoldError(
            _("A court or an audit has asked that nothing be deleted for now. Try again later.")
        )


@appends()
@transaction.atomic
def erase_on_its_day(*, program: Program, today: date, rows: Sequence[QuerySet[Any]]) -> int:
    """Erase those of a program's rows whose day to be erased (`erase_on`) has come; none while a legal hold stands. Give how many went."""
    return erase_rows(program=program, rows=[one.filter(erase_on__lte=today) for one in rows])


@appends()
@transaction.atomic
def erase_rows(*, program: Program, rows: Sequence[QuerySet[Any]]) -> int:
    """Erase rows of a program whose time is over; none while a legal hold stands. Give how many went."""
    if is_under_hold(program):
        return 0
    gone = sum(one.count() for one in rows)
    for one in rows:
        one.delete()
    return gone


@appends(
    EntryKind.RECONSTRUCTED_PROMISE,
    EntryKind.RECONSTRUCTED_VOICES,
    EntryKind.RECONSTRUCTED_FINDING,
    EntryKind.RECONSTRUCTED_ASK,
    EntryKind.RECONSTRUCTED_ANSWER,
    EntryKind.RECONSTRUCTED_COMMITMENT,
    EntryKind.RECONSTRUCTED_DELIVERY,
    EntryKind.RECONSTRUCTED_REPORT,
    EntryKind.RECONSTRUCTED_GAP,
    EntryKind.TEXT_TRANSLATED,
)
def reconstruct(
    *,
    program: Program,
    step: str,
    data: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
    sources: Sequence[str],
    follows: Sequence[int] = (),
    by: Sequence[str] = ("steward",),
    now: datetime,
) -> Entry:
    """Enter an event from old sources: dated today, with its own date in `data`, and its sources, without a clock.

    `words` maps a language to {title, statement}; the first is the original. A lead stands in `by` beside the steward for
    what the community said.
    """
    lang = next(iter(words))
    texts = {name: Text(lang, words[lang][name]) for name in ("title", "statement")}
    texts["sources"] = Text(NO_LANGUAGE, "\n".join(sources))
    draft = Draft(
        kind=f"reconstructed.{step}", by=by, data=data, cites={"follows": list(follows)}, texts=texts
    )
    (entry,) = append(program=program, drafts=[draft], now=now)
    translate_all(program=program, entry=entry.index, by="steward", words=words, now=now)
    return entry
