"""Pages of texts: the translations of an entry, its words said aloud, and agreeing that a text is taken down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.forms import BaseForm, Form
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from alongside.core.entries import Entry
from alongside.core.grammar.texts import (
    BINDING,
    FROZEN,
    STANDING,
    is_a_leads,
    is_a_persons,
    may_translate,
    whose_words,
)
from alongside.core.kinds import is_from_sources
from alongside.core.refusals import Refused, UnusableInputError
from alongside.core.workflow.workplans import COMMUNITY
from alongside.ground.gate.roles import NotOpenToYou, Role, Viewer, ViewerRequest, open_to, or_404
from alongside.ground.record import queries, take_down_codes
from alongside.ground.record.labels import called, page_source, text_called
from alongside.ground.record.views import has_weight
from alongside.ground.texts import queries as texts_queries
from alongside.ground.texts.actions import say_aloud, take_away, translate_text
from alongside.ground.texts.forms import AgreeForm, Piece, SoundForm, TranslationForm
from alongside.ground.texts.models import Sound
from alongside.ground.ui import sounds
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import others
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.press import Typed, posted, press
from alongside.ground.ui.refusals import refusal_text


@never_cache
@open_to(Role.LEAD, Role.MANAGER)
def agree(request: ViewerRequest, index: int) -> HttpResponseBase:
    """Choose the text and write the ground; then show the code once. Nothing is taken down here, and nothing kept."""
    about = queries.entries_at(request.program, [index]).get(index)
    names = list(queries.hashes_standing(request.program, about)) if about else []
    if about is None or not names:
        raise Http404
    owners = texts_queries.who_must_agree(request.program, about)
    by = take_down_codes.pen_of(request.viewer, owners)
    form = AgreeForm(posted(request) if by else None, names=names, kind=about.kind)
    line = ""
    if request.method == "POST" and by and form.is_valid() and has_weight(request, form, by):
        name, program = form.cleaned_data["name"], request.program.slug
        given = {"ground": form.cleaned_data["ground"], "by": by}
        code = take_down_codes.agree(program=program, entry=index, name=name, **given)
        words = ["alongside", "text", "take-down", program, str(index), name, given["ground"], code]
        line = take_down_codes.command(words)
    back = to(request, "record:entry", index=index)
    context = {"form": form, "index": index, "line": line, "back": back, "owners": "" if by else owners}
    context["days"] = take_down_codes.GOOD_FOR.days
    context["takes_both"] = len(owners) > 1 and COMMUNITY in owners
    return render(request, "texts/agree.html", context)


TRANSLATORS = (Role.LEAD, Role.STAFF, Role.STEWARD)


@dataclass(frozen=True)
class Cut:
    """How the texts of an entry are cut into pieces and put together again."""

    apart: Callable[[dict[str, str]], Sequence[Piece]]
    together: Callable[[dict[str, str], dict[str, str]], dict[str, str]]


def _apart(texts: dict[str, str]) -> list[Piece]:
    return [
        Piece(name, text_called(name), words)
        for name, words in texts.items()
        if name not in texts_queries.IN_PARTS
    ]


WHOLE = Cut(_apart, lambda _texts, typed: typed)


@open_to(Role.EVERYONE)
def translations(request: ViewerRequest, index: int) -> HttpResponseBase:
    """Show the translations of an entry; leads, staff and the steward add one or review one here."""
    return page(request, index, WHOLE)


def page(request: ViewerRequest, index: int, cut: Cut) -> HttpResponseBase:
    """Show and take in translations of an entry whose texts are cut as `cut` says."""
    texts = or_404(texts_queries.texts_in_all(request.program, index))
    pieces = or_404(cut.apart(dict(texts.originals)) or None)
    if is_from_sources(texts.entry.kind):
        pieces = [replace(one, label=text_called(one.name, texts.entry.kind)) for one in pieces]
    into, may_write = _into(request, texts), request.viewer.has(*TRANSLATORS)
    if request.method == "POST" and not may_write:
        raise NotOpenToYou(frozenset(TRANSLATORS))
    form = _form(request, texts, pieces, into, cut) if into else None

    def act(typed: Typed) -> None:
        translate_text(
            program=request.program,
            entry=texts.entry.index,
            by=_pen(request.viewer, texts.entry),
            lang=into,
            texts=cut.together(dict(texts.originals), form.words() if form else {}),
            made_by=typed["made_by"],
            reviewed=typed["is_reviewed"],
            now=request.now,
        )

    if form and (went := press(request, form, act, after(f"{request.path}?into={into}", Done.RECORDED))):
        return went
    languages = [one.code for one in request.pack.languages if one.code not in texts.langs]
    context = {
        "texts": texts,
        "page_source": page_source([texts.entry.kind]),
        "label": called(texts.entry),
        "rows": [(one, texts.translations.get(one)) for one in languages],
        "into": into,
        "form": form if may_write else None,
        "is_frozen": texts.entry.kind in STANDING,
        "stays": _stays(request, texts, into) if request.method == "GET" else "",
    }
    return render(request, "texts/translations.html", context)


def _into(request: ViewerRequest, texts: texts_queries.Texts) -> str:
    """Give the language to translate into: the one chosen, else the reader's own, else the first that wants one."""
    there = [one.code for one in request.pack.languages if one.code not in texts.langs]
    wanting = texts.wanting(tuple(there))
    wished = (request.GET.get("into", ""), lang_of(request) if lang_of(request) in wanting else "")
    return next((one for one in (*wished, *wanting, *there) if one in there), "")


def _stays(request: ViewerRequest, texts: texts_queries.Texts, into: str) -> str:
    """Say why these words are not the viewer's to translate or to change (the grammar holds it); empty where they are."""
    viewer, about, there = request.viewer, texts.entry, texts.translations.get(into)
    if not any(may_translate(one, about) for one in viewer.pens):
        return _whose(about)
    if there is None or viewer.seat:
        return ""
    if whose_words(about) != "city" and is_a_leads(there.entry):
        return _(
            "A lead wrote or reviewed these words, so only leads change them. If something is wrong, write to the leads."
        )
    if is_a_persons(there.entry) and texts_queries.needs_a_lead(request.program, about):
        return _(
            "A person wrote or reviewed these words, so only leads change them. If something is wrong, write to the leads."
        )
    return ""


def _whose(about: Entry) -> str:
    """Say whose these words are to translate."""
    if about.kind in FROZEN:
        return _("Both sides signed these words in every language. Nobody changes them by a translation.")
    if about.kind in STANDING:
        return _(
            "People apply under these words, in each language as it was published. Nobody changes them by a translation."
        )
    if about.kind in BINDING:
        return _("An office is bound by these words. A lead or the program coordinator translates them.")
    if whose_words(about) == "city":
        return _(
            "The City wrote these words. The office that wrote them or the program coordinator translates them."
        )
    return _("These are not the words of your office. A lead or the program coordinator translates them.")


def _form(
    request: ViewerRequest, texts: texts_queries.Texts, pieces: Sequence[Piece], into: str, cut: Cut
) -> TranslationForm:
    before = texts.translations.get(into)
    given = {one.name: one.words for one in cut.apart(dict(before.words))} if before else {}
    typed = posted(request)
    initial = {"made_by": before.made_by, "is_reviewed": before.is_reviewed} if before else {}
    return TranslationForm(typed, pieces=pieces, given=given, initial=initial)


def _pen(viewer: Viewer, about: Entry) -> str:
    """Give the actor as which the viewer translates an entry; one that the grammar refuses where it is not theirs."""
    return next((one for one in viewer.pens if may_translate(one, about)), viewer.pens[0])


@open_to(Role.LEAD)
def aloud(request: ViewerRequest, index: int) -> HttpResponseBase:
    """Let a lead say a report-back, or the questions of a promise, aloud in the language of the page, or take a recording away."""
    lang = lang_of(request)
    found = or_404(texts_queries.aloud(request.program, index, lang))
    heard = texts_queries.sounds_of(request.program, index, lang)
    part = request.POST.get("part", "")
    pressed: BaseForm | None = None
    if request.method == "POST" and any(one.part == part for one in found.to_say):
        away = "away" in request.POST
        files = request.FILES or None
        pressed = Form(request.POST) if away else SoundForm(request.POST, files, prefix=part or None)
        act = partial(_take_away, request, heard.get(part)) if away else partial(_say, request, index, part)
        there = after(to(request, "texts:aloud", index=index), Done.UNHEARD if away else Done.HEARD)
        if went := press(request, pressed, act, there):
            return went
    forms = {one.part: SoundForm(prefix=one.part or None) for one in found.to_say}
    if isinstance(pressed, SoundForm):
        forms[part] = pressed
    rows = [(one, number, forms[one.part], heard.get(one.part)) for number, one in enumerate(found.to_say, 1)]
    heard_at = {one.part: sounds.address(request, index, one.digest, one.kind) for one in heard.values()}
    context = {
        "found": found,
        "rows": [(*row, heard_at.get(row[0].part, "")) for row in rows],
        "lang": lang,
        "form": pressed,
        "others": others(request, found.about.data["languages"]),
    }
    return render(request, "texts/aloud.html", context)


def _say(request: ViewerRequest, index: int, part: str, typed: Typed) -> None:
    content, by = typed["sound"].read(), request.viewer.seat or ""
    given = {"program": request.program, "about": index, "part": part, "lang": lang_of(request)}
    try:
        say_aloud(**given, content=content, by=by, now=request.now)
    except UnusableInputError as error:
        raise Refused(refusal_text(error), "sound") from None


def _take_away(request: ViewerRequest, said: Sound | None, _typed: Typed) -> None:
    """Take a recording away; where nobody hears one any more, there is nothing to do."""
    if said:
        take_away(sound=said, by=request.viewer.seat or "", now=request.now)


#: So long a browser or a cache plays a recording without asking again, in seconds: a lead may take it away.
A_DAY = 86_400


@open_to(Role.EVERYONE)
def sound(request: ViewerRequest, index: int, digest: str, kind: str) -> HttpResponseBase:
    """Give a recording of words of the log; its address names its bytes, and the log tells their hash."""
    found = or_404(texts_queries.sound_at(request.program, index, digest, kind))
    response = sounds.sound(
        request, bytes(found.content), found.kind, way="inline", name=f"{index}-{found.lang}"
    )
    response["Cache-Control"] = f"public, max-age={A_DAY}, immutable"
    return response
