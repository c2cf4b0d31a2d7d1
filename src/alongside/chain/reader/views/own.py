"""What a lead takes along to read and to sign where this site is not: the reader as one file, and what people sealed as another."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alongside.chain.keys import queries as keys
from alongside.chain.reader.queries import engagements_sealed_to, every_voice, sealed_to
from alongside.core.grammar.acts import GOOD_FOR
from alongside.core.grammar.releases import READER
from alongside.core.grammar.versions import KINDS as GRAMMAR
from alongside.core.grammar.versions import VERSION
from alongside.core.kinds import EntryKind
from alongside.core.sealing.saved import lines_of
from alongside.ground.gate.roles import NothingHere, Role, ViewerRequest, open_to
from alongside.ground.record.labels import COMPLETION, KINDS, TEXTS
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.context import language
from alongside.ground.ui.pages import download, in_policy
from alongside.work.engagements.asking import TAKEN_IN
from alongside.work.engagements.forms import ABOUT

type Called = dict[str, str | Promise]

#: The file is the same on every site of a release, so it is in the languages that every release is in.
LANGUAGES = ("en", "es", "vi", "ar")
LINES = "application/jsonl"
AN_HOUR = "public, max-age=3600"

#: What the page to sign calls what stands in an entry.
FACTS: Called = {
    "office": _("Office"),
    "answer_due": _("Answer by"),
    "reply_due": _("Answer by"),
    "milestone": _("Part of the promise"),
    "saw": _("How complete"),
    "completion": _("How complete"),
    "about": _("What it is about"),
    "lang": _("Language"),
    "made_by": _("Translated by"),
    "reviewed": _("Reviewed by a person"),
    "on": _("Day"),
    "seat": _("Place"),
    "paid_by": _("Paid by"),
    "works_for": _("Also works for"),
    "activities": _("Activities"),
    "questions": _("Questions"),
    "level": _("Level of participation"),
    "people": _("How many people came"),
    "quarter": _("Quarter"),
    "units": _("Bureaus"),
    "version": _("Version"),
    "answer_by": _("Answer by"),
    "cap": _("Voices that the leads plan to read"),
    "closes": _("Last day to speak"),
    "community": _("Asked by the leads alone"),
    "decided_on": _("Day of the decision"),
    "engagement": _("Name in the address"),
    "backup_days": _("Days until locked copies in backups are gone"),
    "form": _("Questions"),
    "k": _("No number below this is told"),
    "languages": _("Languages"),
    "readers": _("Who can read"),
    "recipient": _("Key"),
    "report_back": _("People hear back by"),
    "retention": _("Rule for how long voices are kept"),
    "unit": _("Bureau"),
    "voices_kept_until": _("Voices are kept until"),
    "workplan": _("The workplan"),
}


#: What it calls what is cited in a role that entries of several kinds can have.
CITED: Called = {"answer": _("Answer"), "before": _("What was said before"), "key": _("Key")}


def facts_called(kinds: Iterable[str]) -> Called:
    """Say what the page to sign calls what stands in entries of these kinds, and, after `cites=`, what they cite in each role."""
    cited: dict[str, set[str]] = {}
    for kind in kinds:
        for role, cites in GRAMMAR[kind].cites.items():
            cited.setdefault(role, set()).update(cites.kinds)
    return FACTS | {f"cites={role}": _cited(role, found) for role, found in sorted(cited.items())}


def _cited(role: str, kinds: Collection[str]) -> str | Promise:
    """Say what is cited in a role: what entries of that kind are called, where all are of one."""
    only = KINDS.get(*kinds) if len(kinds) == 1 else None
    return only or CITED.get(role) or _("Based on")


def values_called(names: Mapping[str, str]) -> Called:
    """Say what the page to sign calls what an entry holds in one word, beside these names; `name=word` is the word of one fact alone."""
    words = {"true": _("Yes"), "false": _("No"), "person": _("a person"), "machine": _("a machine")}
    words["any-lead-with-the-key"] = _("Any lead with the key")
    words |= {"paid_by=outside": _("Not paid by the City"), "paid_by=nobody": _("Not paid")}
    return {**words, **names, **COMPLETION, **dict(ABOUT)}


@never_cache
@open_to(Role.LEAD)
@require_GET
def own(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead what to save to read and to sign without this site."""
    rings = keys.keyrings_today(request.program, request.viewer, request.today)
    releases = RowsLog.of(request.program).every(EntryKind.SITE_RELEASED)
    context = {
        "release": releases[-1].index if releases else None,
        "rings": [seat.public_id for seat, _ring in rings],
        "engagements": engagements_sealed_to(request.program, rings, lang_of(request)),
        "sha256": sha256(reader_file()).hexdigest(),
        "name": READER,
        "six_words": keys.PASSPHRASE if request.program.is_demonstration else "",
    }
    return render(request, "reader/own.html", context)


@never_cache
@open_to(Role.LEAD)
@require_GET
def sealed(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give a lead what people sealed to the leads of an engagement, with their own keyring, as a file."""
    rings = keys.keyrings_today(request.program, request.viewer, request.today)
    saved = sealed_to(request.program, rings, slug)
    if saved is None:
        raise NothingHere
    voices = every_voice(request.program, saved.promise)
    return download(lines_of(saved, voices), f"{slug}-sealed.jsonl", LINES)


@open_to(Role.EVERYONE)
@require_GET
def reader(_request: ViewerRequest) -> HttpResponseBase:
    """Give the reader as one file: to be saved, and compared with the hash on the public log."""
    response = HttpResponse(reader_file(), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{READER}"'
    response["Cache-Control"] = AN_HOUR
    return response


@cache
def reader_file() -> bytes:
    """Write the reader of this release as one file: its policy lets the script and the style alone run that are in it, and nothing be sent."""
    files = resources.files("alongside.ground.ui") / "static"
    script, style = ((files / name).read_bytes() for name in ("dist/own.js", "ui/alongside.css"))
    context = {
        "bodies": [(language(code), _body(code)) for code in LANGUAGES],
        "script": script.decode(),
        "style": style.decode(),
        "script_hash": in_policy(script),
        "style_hash": in_policy(style),
    }
    with override("en"):
        return render_to_string("reader/own_file.html", context).encode()


def _body(code: str) -> str:
    """Write the page in a language."""
    context: dict[str, Any] = {
        "alone": True,
        "code": code,
        "version": VERSION,
        "kinds": [(name, KINDS[name], one.apart or GOOD_FOR.days) for name, one in GRAMMAR.items()],
        "facts": facts_called(GRAMMAR),
        "values": values_called({one: language(one).name for one in LANGUAGES}),
        "texts": TEXTS,
        "ways": TAKEN_IN.items(),
    }
    with override(code):
        return render_to_string("reader/parts/own_body.html", context)
