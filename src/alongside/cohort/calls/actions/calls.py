"""Draft a call and publish it. The linter reads every question, and a published call is no draft any more."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries.rules import (
    ASKED,
    PARTS,
    asked_texts,
    missing_words,
    most_it_can_pay,
    published_data,
    texts_in,
)
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.core.policy.linter import Hit, lint_question
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.texts.actions import translate_text
from alongside.ground.ui.languages import in_readers_words


class ForbiddenTopic(ValueError):  # noqa: N818 -- the name is a sentence
    """The call asks applicants for what the program's policy forbids to ask; no role can pass it."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.hits = hits
        first = hits[0]
        named = {
            "topic": first.name.say(get_language() or "en"),
            "statute": first.statute,
            "found": first.found,
        }
        words = _("A question asks about %(topic)s (“%(found)s”). Nobody may ask it: %(statute)s.")
        super().__init__(words % named)


@appends()
@transaction.atomic
def begin_call(
    *,
    program: Program,
    slug: str,
    languages: Sequence[str],
    words: Mapping[str, Mapping[str, Any]],
    now: datetime,  # noqa: ARG001 -- every action takes the time
    **terms: Any,
) -> Call:
    """Begin the draft of a call. `terms` are the other columns of models.Call. Nothing goes on the record yet."""
    kept = {lang: dict(texts) for lang, texts in words.items()}
    return Call.objects.create(program=program, slug=slug, languages=list(languages), words=kept, **terms)


@appends()
@transaction.atomic
def save_call(*, call: Call, changes: Mapping[str, Any], now: datetime) -> Call:  # noqa: ARG001 -- as above
    """Change columns of a draft. Raises Refused once it is published."""
    _hold_draft(call)
    for name, value in changes.items():
        setattr(call, name, value)
    call.save(update_fields=list(changes))
    return call


@appends()
@transaction.atomic
def save_part(*, call: Call, part: str, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:  # noqa: ARG001 -- as above
    """Replace the questions, the criteria or what is sought of a draft.

    A row holds `key`, by language `words` and, where there are any, `hint` or `means`, and its `points` or `least`.
    Wordings of its key in other languages are kept. Raises ForbiddenTopic where a question or what is sought asks for
    what the pack forbids, Refused once published.
    """
    _hold_draft(call)
    of = PARTS[part]
    said = {
        name: row.get(column, {})
        for row in rows
        for name, column in zip(of.names(row["key"]), ("words", of.below), strict=False)
    }
    asked = [words for name, texts in said.items() if name.startswith(ASKED) for words in texts.values()]
    refuse_forbidden(asked, pack_of(call.program))
    written = {name for name, words in said.items() if words.get(call.first_lang)}
    langs = dict.fromkeys([*call.words, *(lang for words in said.values() for lang in words)])
    own = tuple(f"{one}-" for one in (of.name, of.below) if one)
    call.words = {
        lang: {
            name: words
            for name, words in call.words.get(lang, {}).items()
            if name in written or not name.startswith(own)
        }
        | {name: words[lang] for name, words in said.items() if lang in words}
        for lang in langs
    }
    held = [{of.name: row["key"], of.number: row[of.number]} if of.number else row["key"] for row in rows]
    setattr(call, of.column, held)
    call.save(update_fields=["words", of.column])


@appends()
@transaction.atomic
def save_words(*, call: Call, lang: str, texts: Mapping[str, str], checked: bool, now: datetime) -> None:  # noqa: ARG001 -- as above
    """Write every text of a draft in one more language. `texts` maps names of the entry to words.

    Raises ForbiddenTopic or Refused.
    """
    _hold_draft(call)
    asked = [words for name, words in texts.items() if name.startswith(ASKED)]
    refuse_forbidden(asked, pack_of(call.program))
    call.words = {**call.words, lang: {**texts, "checked": checked}}
    call.save(update_fields=["words"])


def refuse_forbidden(texts: Sequence[str], pack: Pack) -> None:
    """Raise ForbiddenTopic where any of the texts touches a forbidden topic."""
    hits = [hit for text in texts for hit in lint_question(text, pack)]
    if hits:
        raise ForbiddenTopic(hits)


def _hold_draft(call: Call) -> None:
    """Read a draft anew when its turn has come, so that it is published as it is kept. Raises Refused once it is."""
    call.refresh_from_db(from_queryset=Call.objects.select_for_update())
    if call.entry is not None:
        raise Refused(_("This call is published; write a dated correction instead."))


def refuse_unready(call: Call, today: date) -> None:
    """Raise Refused, Refused or ForbiddenTopic where the draft cannot be published; the message is the cure."""
    pack = pack_of(call.program)
    refuse_forbidden(asked_texts(call), pack)
    if call.pay_amount is None and not pack.calls.unpaid_calls_allowed:
        raise Refused(
            _(
                "This call pays nothing. Say what it pays: the rules of this program allow no call without pay."
            )
        )
    if not call.questions:
        raise Refused(_("There is no question yet; write at least one."))
    if "panel" in call.selection and not call.rubric:
        raise Refused(_("A panel judges by a published rubric; write at least one line of it."))
    if call.closes < today:
        raise Refused(_("The day on which the call closes has passed; choose a later one."))
    if lacking := [lang for lang, count in missing_words(call).items() if count]:
        words = _("Some words are missing in %(language)s. Write them, or drop the language.")
        raise Refused(words % {"language": in_readers_words(lacking[0])})
    if call.not_to_exceed * call.seats > call.budget:
        raise Refused(
            _("Together, the agreements may cost more than the budget. Raise it, or lower what one may cost.")
        )
    if most_it_can_pay(call) > call.not_to_exceed:
        raise Refused(
            _("The pay can come to more than one agreement may cost. Raise that sum, or lower the pay.")
        )


@appends(EntryKind.CALL_PUBLISHED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def publish_call(*, call: Call, now: datetime) -> Call:
    """Put a call on the record in every language it is written in. Raises Refused and its kin."""
    _hold_draft(call)
    refuse_unready(call, local_date(now, pack_of(call.program)))
    first = call.first_lang
    texts = {name: Text(first, words) for name, words in texts_in(call, first).items()}
    draft = Draft(kind=EntryKind.CALL_PUBLISHED, by=["steward"], data=published_data(call), texts=texts)
    entry = append(program=call.program, drafts=[draft], now=now)[0]
    for lang in call.languages[1:]:
        checked = bool(call.words[lang].get("checked"))
        translate_text(
            program=call.program,
            entry=entry.index,
            by="steward",
            lang=lang,
            texts=texts_in(call, lang),
            made_by="person" if checked else "machine",
            reviewed=checked,
            now=now,
        )
    call.entry = entry.index
    call.save(update_fields=["entry"])
    return call
