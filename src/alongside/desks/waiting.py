"""What waits for someone: one line each, with a mark, a heading, one sentence and where to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.grammar.standings import PROMISES
from alongside.desks import queries, saying
from alongside.desks.queries import Course
from alongside.ground.gate import AskedHttpRequest
from alongside.ground.look.addresses import lang_of, to_if_there
from alongside.ground.look.tongues import apart

SOON = timedelta(days=21)


@dataclass(frozen=True)
class Item:
    """Something that waits."""

    heading: str
    text: str
    href: str
    pen: str = "community"
    state: str = "owed"
    lang: str = ""
    #: On the steward's desk: who has to act, what they do next, and by which day.
    owner: str = ""
    step: str = ""
    due: date | None = None


def for_lead(request: AskedHttpRequest, courses: Sequence[Course], lang: str, today: date) -> list[Item]:
    """List what waits for a lead: checks, contests, questions to the leads, signatures, voices, report-backs."""
    program, pack, asker = request.program, request.pack, request.asker
    items = _to_clarify(request, lang)
    paid_by = queries.paid_by_of(asker)
    for check in queries.to_check(program, pack, lang, asker.seat_id or 0, paid_by):
        text = _("%(unit)s says it is done. Check by %(day)s.") % {
            "unit": check.unit,
            "day": saying.day(check.verify_due),
        }
        href = to_if_there(request, "commitments:check", claim=check.claim)
        items.append(Item(_("Go and look: %(what)s") % {"what": apart(check.words)}, text, href))
    items += _answered(request, lang, today)
    return [
        *items,
        *_signatures(request),
        *[item for one in courses for item in _course(request, one, today)],
    ]


def _answered(request: AskedHttpRequest, lang: str, today: date) -> list[Item]:
    """List the answers that can be contested; many answers to questions are one line."""
    found, items = queries.to_contest(request.program, request.pack, lang, today), []
    questions = [one for one in found if one.is_question]
    if len(questions) > queries.MOST_QUESTIONS:
        heading = ngettext(
            "%(n)d answer to a question can be contested",
            "%(n)d answers to questions can be contested",
            len(questions),
        )
        text, href = _("Read them, and contest what is no answer."), to_if_there(request, "desks:questions")
        items.append(Item(heading % {"n": len(questions)}, text, href))
        found = [one for one in found if not one.is_question]
    for answer in found:
        text = _("Answered: %(decision)s. You can contest it until %(day)s.") % {
            "decision": answer.decision,
            "day": saying.day(answer.until),
        }
        href = to_if_there(request, "answers:contest", answer=answer.answer)
        items.append(Item(_("Read the answer: %(what)s") % {"what": apart(answer.title)}, text, href))
    return items


def _to_clarify(request: AskedHttpRequest, lang: str) -> list[Item]:
    items = []
    for one in queries.to_clarify(request.program, lang):
        heading = _("Say what you mean: %(what)s") % {"what": apart(one.say("title"))}
        href = to_if_there(request, "asks:clarify", ask=one.index)
        items.append(Item(heading, _("The office asked."), href))
    return items


def _signatures(request: AskedHttpRequest) -> list[Item]:
    signed = queries.signed_by(request.program)
    items = []
    for draft in queries.drafts_of_leads(request.program, lang_of(request)):
        if (draft.pk, request.asker.seat or "") not in signed:
            href = to_if_there(request, "engagements:draft", slug=draft.slug)
            items.append(
                Item(
                    _("Finish and sign: %(what)s") % {"what": apart(draft.title)},
                    _("It opens when both sides sign.") if draft.unit else _("It opens when leads sign."),
                    href,
                )
            )
    return items


def _course(request: AskedHttpRequest, one: Course, today: date) -> list[Item]:
    if not one.is_taking and not one.is_opened and not one.is_destroyed:
        href = to_if_there(request, "voices:read", slug=one.slug) or to_if_there(request, "voices:reader")
        text = _("The voices are in. Unlock the reader to open them.")
        return [Item(_("Open the voices: %(what)s") % {"what": apart(one.title)}, text, href)]
    if (one.is_opened or one.is_destroyed) and not one.is_reported and one.report_back - SOON <= today:
        href = to_if_there(request, "reports:write", promise=one.promise)
        text = _("Promised for %(day)s.") % {"day": saying.day(one.report_back)}
        return [Item(_("Report back: %(what)s") % {"what": apart(one.title)}, text, href)]
    if one.is_reported:
        href = to_if_there(request, "reports:write", promise=one.promise)
        text = _("People have heard back. You can close it.")
        return [Item(_("Close: %(what)s") % {"what": apart(one.title)}, text, href)]
    return []


def for_unit(request: AskedHttpRequest, owed: Sequence[queries.Owed]) -> list[Item]:
    """List what waits for a signature in the asker's units; `owed` names what their answers are about."""
    asker = request.asker
    signed = queries.signed_by(request.program)
    items = []
    for draft in queries.drafts_of_leads(request.program, lang_of(request)):
        if draft.unit not in asker.units:
            continue
        if any(place == draft.pk and "/" in actor for place, actor in signed):
            continue
        href = to_if_there(request, "engagements:sign", slug=draft.slug)
        text = _("A promise waits for your unit. It binds when a lead and a manager sign.")
        items.append(
            Item(_("Read and sign: %(what)s") % {"what": apart(draft.title)}, text, href, pen="city")
        )
    return [*items, *_to_sign(request, owed)]


def _to_sign(request: AskedHttpRequest, owed: Sequence[queries.Owed]) -> list[Item]:
    """List the answers that wait for the manager's signature; many answers to questions are one line."""
    titles = {one.about: one.title for one in owed}
    asker, items = request.asker, []
    drafts = queries.drafts_of_unit(request.program, sorted(asker.units)).values()
    sent = [one for one in drafts if hasattr(one, "sent") and one.unit in asker.manages]
    questions = {one.about for one in owed if one.is_question and not one.is_reply}
    together = {one.about for one in sent if one.about in questions and one.decision not in PROMISES}
    if len(together) > queries.MOST_QUESTIONS:
        words = ngettext(
            "%(n)s answer waits for your signature", "%(n)s answers wait for your signature", len(together)
        )
        text = _("Read them on one page, and sign them together.")
        items.append(
            Item(words % {"n": len(together)}, text, to_if_there(request, "answers:many"), pen="city")
        )
        sent = [one for one in sent if one.about not in together]
    for answer in sent:
        if answer.about in titles:
            href = to_if_there(request, "answers:answer", about=answer.about)
            on = answer.sent.sent_at.astimezone(ZoneInfo(request.pack.time_zone)).date()
            text = _("Sent for your sign-off on %(day)s.") % {"day": saying.day(on)}
            heading = _("Sign off the answer: %(what)s") % {"what": apart(titles[answer.about])}
            items.append(Item(heading, text, href, pen="city"))
    return items


def for_steward(request: AskedHttpRequest, today: date) -> list[Item]:
    """List the dates the steward looks after."""
    items = []
    for one in queries.under_way(request.program, lang_of(request), today):
        if not one.is_reported and one.report_back < today:
            text = _("The report-back was promised for %(day)s. The leads write it.") % {
                "day": saying.day(one.report_back)
            }
            href = to_if_there(request, "desks:thread", promise=one.promise)
            items.append(
                Item(
                    _("Late report-back: %(what)s") % {"what": apart(one.title)},
                    text,
                    href,
                    state="late",
                    owner=saying.leads(),
                    step=_("Write the report-back, in every language that was promised."),
                )
            )
    return items
