"""Write a charter, put it up to be signed, sign it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import CharterDraft, Cohort
from alongside.cohort.seats.queries.charters import charter_now
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.charter import CHARTER_TEXTS, entry_hash
from alongside.core.words import has_words
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends


class CharterIsNotWhole(ValueError):  # noqa: N818 -- the name is a sentence
    """A part of the charter has no words, or nobody is named to hear appeals and alarms."""


class CharterHasChanged(ValueError):  # noqa: N818 -- the name is a sentence
    """What was read is not the charter that stands."""


class SignedAlready(ValueError):  # noqa: N818 -- the name is a sentence
    """This charter carries this signature."""


@appends()
def save_charter(
    *,
    cohort: Cohort,
    words: Mapping[str, Mapping[str, str]],
    appeals_to: str,
    alarms_to: str,
    now: datetime,
) -> CharterDraft:
    """Keep a charter that is being written. `words` maps a language to its parts; the first is the original."""
    values = {
        "words": {lang: dict(parts) for lang, parts in words.items()},
        "appeals_to": appeals_to,
        "alarms_to": alarms_to,
        "saved_at": now,
    }
    draft, _new = CharterDraft.objects.update_or_create(cohort=cohort, defaults=values)
    return draft


@appends("charter.adopted", "text.translated")
@transaction.atomic
def adopt_charter(*, draft: CharterDraft, now: datetime) -> Entry:
    """Put the charter up to be signed; from here on its words cannot change. A later one replaces it."""
    cohort = draft.cohort
    lang = next(iter(draft.words), "en")
    first = draft.words.get(lang, {})
    if not all(has_words(first.get(name, "")) for name in CHARTER_TEXTS):
        raise CharterIsNotWhole(_("A part of the charter has no words. Write every part first."))
    if not draft.appeals_to or not draft.alarms_to:
        raise CharterIsNotWhole(_("Name who hears appeals, and who hears alarms."))
    before = charter_now(cohort, lang)
    data = {"cohort": cohort.slug, "appeals_to": draft.appeals_to, "alarms_to": draft.alarms_to}
    cites = {"cohort": [cohort.entry], "replaces": [before.index] if before else []}
    texts = {name: Text(lang, first[name]) for name in CHARTER_TEXTS}
    entry = append(
        program=cohort.program,
        drafts=[Draft(kind="charter.adopted", by=["steward"], data=data, cites=cites, texts=texts)],
        now=now,
    )[0]
    translate_all(program=cohort.program, entry=entry.index, by="steward", words=draft.words, now=now)
    CharterDraft.objects.filter(pk=draft.pk).delete()
    return entry


@appends("charter.signed")
@transaction.atomic
def sign_charter(*, cohort: Cohort, by: str, read: str, now: datetime) -> Entry:
    """Sign the charter that stands. `read` is the hash of what the signer had before their eyes."""
    charter = charter_now(cohort, "en")
    if charter is None or read != entry_hash(charter.told.entry):
        raise CharterHasChanged(_("The charter is not the one you read. Read it again; then sign it."))
    if by in charter.signed:
        raise SignedAlready(_("You have signed this charter; once is enough."))
    draft = Draft(kind="charter.signed", by=[by], data={"hash": read}, cites={"charter": [charter.index]})
    return append(program=cohort.program, drafts=[draft], now=now)[0]
