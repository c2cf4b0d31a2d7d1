"""What everybody reads of an engagement: the list, its page, its form on paper, as a file, and in person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from importlib import resources
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from alongside.core.policy.pack import Pack
from alongside.core.sealing.leads import key_digits
from alongside.core.sealing.voice import Way
from alongside.core.sessions import Method, Session, is_planned, ways_planned
from alongside.core.workflow.engagements import EngagementStage
from alongside.core.xlsforms.writing import write
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.record.labels import days_to_hear
from alongside.ground.record.queries import head_of, packs_of
from alongside.ground.texts.queries import sounds_by_language
from alongside.ground.ui.addresses import asked_in, lang_of, to, to_if_there
from alongside.ground.ui.context import language
from alongside.ground.ui.pages import download, in_policy, plays_sounds
from alongside.work.engagements import asking
from alongside.work.engagements.queries import drafts, pages, promises, wording
from alongside.work.engagements.queries.sessions import (
    came_to,
    listening_in,
    sessions_shown,
    to_come_to,
)
from alongside.work.engagements.views.corrections import corrects

#: So many tables a note-taker can name.
MOST_TABLES = 12
#: What no browser shows as a page of this site, but saves.
FILE = "application/octet-stream"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sessions_said(request: ViewerRequest, found: Sequence[Session]) -> dict[str, Any]:
    """Give the sessions that people may come to, and those of which leads said how many came."""
    shown = sessions_shown(found, request.pack, request.today)
    return {"sessions": to_come_to(shown), "held": came_to(shown)}


def promise_shown(request: ViewerRequest, page: pages.Page, pack: Pack) -> dict[str, Any]:
    """Give a promise, or a draft of one, in the words of the pack that is in force with it."""
    decider = str(page.decision.entry.data["office"]) if page.decision else ""
    return {
        "page": page,
        "late": pages.late_words(page.unanswered, pack, lang_of(request), request.today),
        "put_off": pages.put_off_words(page.put_off, pack, lang_of(request)),
        "say": wording.wording(page.data, decider, pack, lang_of(request), now=request.pack),
        "keyholders": ["community"] * min(page.readers, 12),
    }


@open_to(Role.EVERYONE)
def open_list(request: ViewerRequest) -> HttpResponseBase:
    """List what people can take part in, what comes to a close, and what is over."""
    today, lang = request.today, lang_of(request)
    page = pages.listing(request.program, lang, today, request.GET.get("page"))
    groups: dict[str, list[pages.Item]] = {name: [] for name in pages.GROUPS}
    for one in pages.items_of(page, request.pack, lang, today):
        groups[pages.group_of(one.shown, today)].append(one)
    more = {"government": wording.government(request.pack, lang), "record_head": head_of(request.program)}
    return render(request, "engagements/open.html", {**groups, **more, "page": page})


@from_the_record
@open_to(Role.EVERYONE)
def engagement(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the promise first, then the form, on one page."""
    page, heard_in = _with_sounds(request, _promised(request, slug))
    context = {
        **_shown(request, page),
        **sessions_said(request, listening_in(request.program, slug)[1]),
        "correct_href": _correction(request, page),
        "heard_in": heard_in,
    }
    hears = context["can_speak"] and page.spoken
    response = (hear if hears else render)(request, "engagements/engagement.html", context)
    if page.state == EngagementStage.OPEN:
        # What was typed must not come back with Back; a cache in front may still keep the page (RFC 9213).
        response["Cache-Control"] = "no-store"
        if request.viewer.person_id is None:
            response["CDN-Cache-Control"] = "public, max-age=60"
    return response


def _with_sounds(request: ViewerRequest, page: pages.Page) -> tuple[pages.Page, Collection[str]]:
    """Give a promise with what leads say aloud of its questions, while people can speak; and the languages they say it in."""
    if page.entry is None or page.state != EngagementStage.OPEN:
        return page, ()
    every = sounds_by_language(request.program, page.entry)
    said = every.get(lang_of(request), {})
    return replace(page, questions=[replace(one, said=said.get(one.id)) for one in page.questions]), every


@plays_sounds
def hear(request: ViewerRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Show a page that may use the microphone, and play what it recorded."""
    response = render(request, template, context)
    response["Permissions-Policy"] = "microphone=(self)"
    return response


@from_the_record
@open_to(Role.EVERYONE)
def paper(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the form for print, with its promise, and where a sheet goes that somebody printed alone."""
    page = _speaking(request, slug)
    said = sessions_said(request, listening_in(request.program, slug)[1])
    context = {**_on_paper(request, page), **said, "call": request.pack.phone}
    return render(request, "engagements/paper.html", context)


@open_to(Role.LEAD)
def stubs(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let a lead print forms of which each has the digits of a receipt, on the form and on a stub."""
    page = _speaking(request, slug)
    context = {**_on_paper(request, page), "counts": (10, 1, 5, 20, 40), "address": _look_up(request)}
    return render(request, "engagements/stubs.html", context)


@open_to(Role.LEAD)
def worker(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the script that keeps the page of `in_person` on a lead's phone; it works for addresses beside its own alone."""
    _promised(request, slug)
    script = resources.files("alongside.ground.ui") / "static/dist/kit.js"
    return HttpResponse(
        script.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@open_to(Role.LEAD)
def in_person(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let a lead write down, and lock, what somebody wrote on paper or said; where nobody can speak, say what waits on the device."""
    page = _promised(request, slug)
    if page.state != EngagementStage.OPEN:
        return _waits_here(request, page)
    show = hear if page.spoken else render
    response = show(request, "engagements/in_person.html", _taking(request, page))
    response["Cache-Control"] = "no-store"
    return response


def _taking(request: ViewerRequest, page: pages.Page) -> dict[str, Any]:
    """Give what the page of a lead who takes in what people say shows."""
    methods, found = listening_in(request.program, page.slug)
    stands = [one for one in found if not one.cancelled]
    shown = [one for one in sessions_shown(stands, request.pack, request.today) if not one.is_over]
    context = _shown(request, page)
    # Who hands in a paper that the program takes from anyone is heard, too, whatever the leads planned.
    taken = ways_planned(methods) | {one.kind for one in request.pack.routes}
    return {
        **context,
        "prints": is_planned(Method.PAPER, methods),
        "key_digits": key_digits(page.data["recipient"]),
        "address": _look_up(request),
        "sessions": shown,
        "asked_in_words": [one for one in page.questions if one.kind == "text" and Way.SESSION in taken],
        "tables": range(1, MOST_TABLES + 1),
        "followed": f"{request.get_host()}{to(request, 'engagements:engagement', slug=page.slug)}",
        "ways": [(way, words) for way, words in asking.TAKEN_IN.items() if way in taken],
        "learned": asking.LEARNED.items(),
    }


@open_to(Role.LEAD)
def kit(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the page of `in_person` in every language as one file, for a computer without a connection.

    Its policy lets the script and the style alone run whose hashes the log names, and lets nothing be sent: what is locked leaves it as a file.
    """
    page = _speaking(request, slug)
    files = resources.files("alongside.ground.ui") / "static"
    named = "dist/hearing.js" if page.spoken else "dist/taking.js"
    script, style = ((files / name).read_bytes() for name in (named, "ui/alongside.css"))
    codes = [one.code for one in request.pack.languages if one.code in page.data["languages"]]
    context = {
        "page": page,
        "bodies": [(language(code), _kit_in(request, slug, code)) for code in codes],
        "script": script.decode(),
        "style": style.decode(),
        "script_hash": in_policy(script),
        "style_hash": in_policy(style),
    }
    response = render(request, "engagements/kit.html", context, content_type=FILE)
    response["Content-Disposition"] = f'attachment; filename="{slug}.html"'
    response["Cache-Control"] = "no-store"
    return response


def _kit_in(request: ViewerRequest, slug: str, code: str) -> str:
    asked = asked_in(request, code)
    with override(code):
        context = {**_taking(asked, _speaking(asked, slug)), "alone": True}
        return render_to_string("engagements/parts/kit_body.html", context, asked)


def _waits_here(request: ViewerRequest, page: pages.Page) -> HttpResponseBase:
    """Tell a lead what still waits on the device, with the status that a voice gets now: a page that was kept there stays."""
    is_paused = page.state == EngagementStage.PAUSED
    status = HTTPStatus.LOCKED if is_paused else HTTPStatus.GONE
    response = render(request, "engagements/waits_here.html", {"page": page}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _promised(request: ViewerRequest, slug: str) -> pages.Page:
    return or_404(pages.engagement_page(request.program, lang_of(request), slug, request.today))


def _speaking(request: ViewerRequest, slug: str) -> pages.Page:
    """Give the promise of an engagement where people can speak now, or answer that there is no page."""
    page = _promised(request, slug)
    return or_404(page if page.state == EngagementStage.OPEN else None)


def _on_paper(request: ViewerRequest, page: pages.Page) -> dict[str, Any]:
    """Give what a form for print shows."""
    reading = page.texts.get("reading")
    says = reading is not None and wording.says_who_reads(reading.words, reading.lang)
    return {**_shown(request, page), "says_who_reads": says}


def _look_up(request: ViewerRequest) -> str:
    """Give the address at which a receipt is looked up, as people type it."""
    return f"{request.get_host()}/r"


def _shown(request: ViewerRequest, page: pages.Page) -> dict[str, Any]:
    """Give what the page of a promise needs beside the promise itself."""
    frozen = packs_of(request.program).at(page.entry or 0)
    post = to_if_there(request, "voices:take_in", slug=page.slug)
    return {
        **promise_shown(request, page, frozen),
        "post_href": post,
        "can_speak": bool(post and page.questions) and page.state == EngagementStage.OPEN,
        "days": days_to_hear(page.course, page.decision_day, request.today) if page.course else None,
        "neutral_href": _neutral(lang_of(request)),
        "thread_href": to_if_there(request, "desks:thread", promise=page.entry),
        "record_head": head_of(request.program),
        "today": request.today,
    }


def _correction(request: ViewerRequest, page: pages.Page) -> str:
    """Give the address of the form that corrects a promise to whoever may sign a correction; else an empty string."""
    if page.state == EngagementStage.CLOSED or not request.viewer.roles & {Role.LEAD, Role.MANAGER}:
        return ""
    found = drafts.open_for(request.program, request.viewer, page.slug)
    return to(request, "engagements:correct", slug=page.slug) if found and corrects(request, found) else ""


def _neutral(lang: str) -> str:
    """Give the address of the receipt page, which names no program; a tab that loads it again speaks as before."""
    try:
        return reverse("receipts:follow", args=[lang])
    except NoReverseMatch:
        return "/r"


@from_the_record
@open_to(Role.EVERYONE)
def xlsform(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the questions that were promised as an XLSForm, to take along."""
    form, languages, title = or_404(promises.promised_questions(request.program, slug))
    return xlsform_file(form, languages, slug, title)


def xlsform_file(
    form: Mapping[str, Any], languages: Sequence[str], slug: str, title: str
) -> HttpResponseBase:
    """Give the questions of a form as an XLSForm to save."""
    or_404(form.get("questions"))
    tongues = {code: language(code).name for code in languages}
    return download(write(form, name=slug, title=title, tongues=tongues), f"{slug}.xlsx", XLSX)
