"""A unit asks leads for help in one form; leads take it or decline it; what nobody answers stays in sight."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.record.queries import entry_views, packs_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.pages import page_of
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.invitations import actions, queries
from alongside.work.invitations.forms import InvitationForm, ReasonForm
from alongside.work.projects.forms import levels_of
from alongside.work.projects.queries import UNKNOWN_LEVEL


def _the(request: ViewerRequest, slug: str) -> queries.Invited:
    return or_404(queries.invitation(request.program, request.pack, lang_of(request), request.today, slug))


def _is_left(request: ViewerRequest, found: queries.Invited) -> bool:
    return queries.is_left_to_others(request.program, found, request.viewer, request.today)


@open_to(Role.EVERYONE)
def invitations(request: ViewerRequest) -> HttpResponseBase:
    """List what units ask leads to help with; a lead sees first what is about their own projects."""
    lang, touched = lang_of(request), request.GET.get("community", "")
    log = RowsLog.at(request.program, request.stand.log, request.stand.size)
    found = queries.invitations(log, request.pack, request.today)
    if request.viewer.has(Role.LEAD):
        found = queries.sorted_for(found, queries.worked_on(log, request.viewer))
    page = page_of(
        [one for one in found if not touched or touched in one.communities], request.GET.get("page")
    )
    shown = queries.with_words(request.program, list(page), lang)
    context = {
        "rows": [(one, request.pack.office_title(one.told.entry.data["office"], lang)) for one in shown],
        "page": page,
        "filters": urlencode({"community": touched}),
        "communities": list(request.pack.communities_in(lang).items()),
        "touched": touched,
        "may_invite": request.viewer.has(Role.STAFF),
    }
    return render(request, "invitations/invitations.html", context)


@open_to(Role.EVERYONE)
def invitation(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show one invitation, who answered, and what followed."""
    found, lang = _the(request, slug), lang_of(request)
    data, frozen = found.told.entry.data, packs_of(request.program).at(found.told.index)
    named, level = frozen.communities_in(lang), frozen.level(data["level"])
    taken_by = found.taken.entry.by[0] if found.taken else ""
    may_take = request.viewer.has(Role.LEAD) and found.stage.may_be_taken
    is_left = may_take and _is_left(request, found)
    context = {
        "found": found,
        "office": frozen.office_title(data["office"], lang),
        "level": level.name.say(lang) if level else _(UNKNOWN_LEVEL),
        "touches": [named.get(one, one) for one in found.communities],
        "may_take": may_take and not is_left,
        "is_left_to_others": may_take and is_left,
        "may_decline": may_take and not is_left and not found.answers,
        "may_go_on": found.is_held and taken_by == request.viewer.seat,
        "may_withdraw": found.stage.may_be_taken and data["unit"] in request.viewer.answers_for,
    }
    return render(request, "invitations/invitation.html", context)


def _form(request: ViewerRequest) -> InvitationForm:
    lang, today = lang_of(request), request.today
    points = queries.points_of(request.program, request.viewer, today)
    words = entry_views(request.program, [one.entry for one in points], lang)
    return InvitationForm(
        posted(request),
        points=[
            (str(one.pk), f"{words[one.entry].say('decision')} ({day_in_words(one.on)})") for one in points
        ],
        levels=levels_of(request.pack, lang),
        communities=list(request.pack.communities_in(lang).items()),
        currency=request.pack.pay.currencies[0],
        today=today,
    )


@open_to(Role.STAFF)
def invite(request: ViewerRequest) -> HttpResponseBase:
    """Ask leads for help, in one form; it is public when it is sent."""
    form = _form(request)

    def act(typed: Typed) -> str:
        points = queries.points_of(request.program, request.viewer, request.today)
        point = next((one for one in points if str(one.pk) == typed["point"]), None)
        unit = point.project.unit.slug if point else ""
        entry = actions.invite(
            program=request.program,
            slug=free_slug(queries.slugs_of(request.program), typed["title"], "invitation"),
            office=request.viewer.office_in(unit) or request.viewer.offices[0],
            level=typed["level"],
            words={name: typed[name] for name in ("title", "decision", "open")},
            lang=lang_of(request),
            project=point.project.entry if point else None,
            decision=point.entry if point else None,
            now=request.now,
            **{name: typed[name] for name in ("needed_by", "pay", "interpretation", "communities")},
        )
        return to(request, "invitations:invitation", slug=entry.data["invitation"])

    context = {"form": form, "currency": request.pack.pay.currencies[0]}
    return press(request, form, act, str) or render(request, "invitations/invite.html", context)


@open_to(Role.LEAD)
@require_POST
def take(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Take it as a lead; the page then leads on to a draft."""
    found = _the(request, slug)
    seat, now = request.viewer.seat or "", request.now
    if found.stage.may_be_taken and not _is_left(request, found):
        actions.take(program=request.program, invitation=found.told.index, seat=seat, now=now)
    return HttpResponseRedirect(to(request, "invitations:invitation", slug=slug))


def _reason(
    request: ViewerRequest, found: queries.Invited, heading: str, act: Callable[[Typed], object]
) -> HttpResponseBase:
    form = ReasonForm(posted(request))
    return press(request, form, act, to(request, "invitations:invitation", slug=found.slug)) or render(
        request, "invitations/reason.html", {"form": form, "found": found, "heading": heading}
    )


@open_to(Role.LEAD)
def decline(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Decline as a lead, with the reason in public."""
    found = _the(request, slug)
    if found.answers or _is_left(request, found):
        raise Http404

    def act(typed: Typed) -> None:
        about = {
            "program": request.program,
            "invitation": found.told.index,
            "seat": request.viewer.seat or "",
        }
        actions.decline(**about, words=typed["words"], lang=lang_of(request), now=request.now)

    return _reason(request, found, _("Decline to help"), act)


@open_to(Role.STAFF)
def withdraw(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Take it back as the unit that asked, with the reason in public."""
    found = _the(request, slug)
    office = or_404(request.viewer.office_in(found.told.entry.data["unit"]))
    if not found.stage.may_be_taken:
        raise Http404

    def act(typed: Typed) -> None:
        about = {"program": request.program, "invitation": found.told.index, "office": office}
        actions.withdraw(**about, words=typed["words"], lang=lang_of(request), now=request.now)

    return _reason(request, found, _("Withdraw it"), act)
