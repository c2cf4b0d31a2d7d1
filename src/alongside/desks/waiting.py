"""What waits for someone: one line each, with a mark, a heading, one sentence and where to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.asks.queries import to_hand_on
from alongside.chain.findings.queries import to_attest
from alongside.cohort.seats.queries import seconds_awaited
from alongside.core.grammar.suspensions import first_day
from alongside.core.workflow.asks import PROMISES
from alongside.desks import queries, saying
from alongside.desks.queries import Course, LeftToOthers
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.record import queries as record
from alongside.ground.record.queries import packs_of, told_otherwise
from alongside.ground.ui.addresses import lang_of, to, to_if_there
from alongside.ground.ui.languages import apart
from alongside.ground.ui.templatetags.ui import counted

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


def for_lead(
    request: ViewerRequest, courses: Sequence[Course], left: LeftToOthers, lang: str, today: date
) -> list[Item]:
    """List what waits for a lead: checks, contests, questions to the leads, signatures, voices, report-backs.

    What they leave to others because a bureau pays or employs them waits on the desks of those.
    """
    program, pack, viewer = request.program, request.pack, request.viewer
    items = _to_clarify(request, left, lang)
    for check in queries.to_check(program, pack, lang, queries.seat_of(viewer)):
        text = _("%(unit)s says it is done. Check by %(day)s.") % {
            "unit": check.unit,
            "day": saying.day(check.verify_due),
        }
        href = to_if_there(request, "commitments:check", claim=check.claim)
        items.append(Item(_("Go and look: %(what)s") % {"what": apart(check.words)}, text, href))
    items += _answered(request, left, lang, today)
    items += _to_join(request, left, lang)
    return [
        *items,
        *_to_read(request, lang, today),
        *_seconds(request, today),
        *_signatures(request),
        *[
            _to_correct(request, one)
            for one in queries.to_correct(program, pack, lang, today)
            if viewer.seat in one.leads
        ],
        *_to_confirm(request, courses),
        *[item for one in courses for item in _course(request, one, left, today)],
    ]


def _seconds(request: ViewerRequest, today: date) -> list[Item]:
    """Say how many steps wait for the viewer as the second lead; checks and findings stand by themselves."""
    awaited = seconds_awaited(request.program, today)
    mine = [
        one
        for one in awaited
        if one.step not in {"check", "finding"}
        and request.viewer.seat in [each.public_id for each in one.leads]
    ]
    if not mine:
        return []
    text = ngettext(
        "%(n)s step that one lead took waits for a second one.",
        "%(n)s steps that one lead took wait for a second one.",
        len(mine),
    ) % {"n": len(mine)}
    return [Item(_("Be the second lead"), text, to_if_there(request, "seats:seconds"))]


def _answered(request: ViewerRequest, left: LeftToOthers, lang: str, today: date) -> list[Item]:
    """List the answers that this lead can contest; many answers to questions are one line."""
    found = [one for one in queries.to_contest(request.program, lang, today) if not left.ask(one.ask)]
    items = []
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


def _to_join(request: ViewerRequest, left: LeftToOthers, lang: str) -> list[Item]:
    """List the contests of other leads to which this one can add words."""
    found = queries.to_join(request.program, request.viewer.seat or "", lang)
    text = _(
        "Another lead says that this is no answer. You can add your words until the reply, due on %(day)s."
    )
    return [
        Item(
            _("Add your words: %(what)s") % {"what": apart(one.title)},
            text % {"day": saying.day(one.until)},
            to_if_there(request, "answers:contest", answer=one.answer),
        )
        for one in found
        if not left.ask(one.ask)
    ]


def _to_read(request: ViewerRequest, lang: str, today: date) -> list[Item]:
    """List what the City told or promised and leads have to see; many answers to questions are one line."""
    found, items = queries.to_read(request.program, request.pack, lang, today), []
    questions = [one for one in found if one.is_question]
    if len(questions) > queries.MOST_QUESTIONS:
        heading = ngettext("%(n)d question was answered", "%(n)d questions were answered", len(questions))
        text, href = _("Read what you were told."), to_if_there(request, "desks:questions")
        items.append(Item(heading % {"n": len(questions)}, text, href))
        found = [one for one in found if not one.is_question]
    for one in found:
        heading, text = _("Read the answer: %(what)s"), _("Answered on %(day)s.")
        if one.is_yes:
            heading = _("The City said yes: %(what)s")
            text = _("Promised on %(day)s. Read what, who does it and by when.")
        items.append(
            Item(
                heading % {"what": apart(one.title)}, text % {"day": saying.day(one.on)}, _place(request, one)
            )
        )
    return items


def _place(request: ViewerRequest, one: queries.ToRead) -> str:
    """Say where an ask stands with its answer: in a thread, among the questions, in a change list, or on the record."""
    if one.promise is not None:
        return f"{to(request, 'desks:thread', promise=one.promise)}#ask-{one.ask}"
    if one.is_question:
        return to(request, "desks:question", ask=one.ask)
    if one.consultation:
        return f"{to(request, 'desks:changes', slug=one.consultation)}#ask-{one.ask}"
    return to(request, "record:entry", index=one.ask)


def _to_correct(request: ViewerRequest, one: queries.ToCorrect) -> Item:
    text = _("The other side signed it on %(day)s. It counts when you sign too.")
    if not one.unit:
        text = _("Another lead signed it on %(day)s. It counts when you sign too.")
    return Item(
        _("Sign the correction: %(what)s") % {"what": apart(one.title)},
        text % {"day": saying.day(_local(request, one.proposed_at))},
        to(request, "engagements:sign_correction", slug=one.slug, pk=one.pk),
        pen="both",
    )


def _local(request: ViewerRequest, at: datetime) -> date:
    return at.astimezone(ZoneInfo(request.pack.time_zone)).date()


def _to_confirm(request: ViewerRequest, courses: Sequence[Course]) -> list[Item]:
    """List the engagements with a small finding that another lead signed and that a second lead has to read."""
    waiting = to_attest(request.program, request.viewer.seat_id or 0)
    return [
        Item(
            _("Confirm a small finding: %(what)s") % {"what": apart(one.title)},
            _("It rests on few voices, so a second lead reads it, and publishes it."),
            to(request, "voices:read", slug=one.slug),
        )
        for one in courses
        if one.promise in waiting
    ]


def _to_clarify(request: ViewerRequest, left: LeftToOthers, lang: str) -> list[Item]:
    items = []
    for one in (each for each in queries.to_clarify(request.program, lang) if not left.ask(each.index)):
        heading = _("Say what you mean: %(what)s") % {"what": apart(one.say("title"))}
        href = to_if_there(request, "asks:clarify", ask=one.index)
        items.append(Item(heading, _("The office asked."), href))
    return items


def _signatures(request: ViewerRequest) -> list[Item]:
    items = []
    for draft in queries.drafts_of_leads(request.program, lang_of(request)):
        if draft.both_signed:
            heading, text = _("Open it: %(what)s"), _("Everyone who has to sign signed it. A lead opens it.")
            href = to(request, "engagements:finish", slug=draft.slug)
            items.append(Item(heading % {"what": apart(draft.title)}, text, href))
        elif request.viewer.seat not in draft.signers:
            href = to_if_there(request, "engagements:draft", slug=draft.slug)
            items.append(
                Item(
                    _("Finish and sign: %(what)s") % {"what": apart(draft.title)},
                    _("It opens when both sides sign.") if draft.unit else _("It opens when leads sign."),
                    href,
                )
            )
    return items


def _course(request: ViewerRequest, one: Course, left: LeftToOthers, today: date) -> list[Item]:
    if not one.is_taking and not one.is_opened and not one.is_destroyed:
        href = to_if_there(request, "voices:read", slug=one.slug) or to_if_there(request, "voices:reader")
        text = _("The voices are in. Unlock the reader to open them.")
        return [Item(_("Open the voices: %(what)s") % {"what": apart(one.title)}, text, href)]
    is_soon = not one.is_reported and one.report_back - SOON <= today
    if (one.is_opened or one.is_destroyed) and is_soon and not left.report(one.promise):
        href = to_if_there(request, "reports:write", promise=one.promise)
        text = _("Promised for %(day)s.") % {"day": saying.day(one.report_back)}
        return [Item(_("Report back: %(what)s") % {"what": apart(one.title)}, text, href)]
    if one.is_reported:
        href = to_if_there(request, "reports:write", promise=one.promise)
        text = _("People have heard back. You can close it.")
        return [Item(_("Close: %(what)s") % {"what": apart(one.title)}, text, href)]
    return []


def for_unit(request: ViewerRequest, owed: Sequence[queries.Owed], today: date) -> list[Item]:
    """List what waits for a signature in the viewer's units, and for those that were merged into them; `owed` names what their answers are about."""
    viewer = request.viewer
    items = []
    for draft in queries.drafts_of_leads(request.program, lang_of(request)):
        if draft.unit not in viewer.units or draft.unit_signed:
            continue
        href = to_if_there(request, "engagements:sign", slug=draft.slug)
        text = _("A promise waits for your unit. It binds when a lead and a manager sign.")
        items.append(
            Item(_("Read and sign: %(what)s") % {"what": apart(draft.title)}, text, href, pen="city")
        )
    corrections = queries.to_correct(request.program, request.pack, lang_of(request), today)
    items += [
        _to_correct(request, one) for one in corrections if one.waits_for_unit and viewer.signs_for(one.unit)
    ]
    return [
        *items,
        *_of_merged_units(request, today),
        *_without_reasons(request, today),
        *_to_sign(request, owed),
    ]


def _of_merged_units(request: ViewerRequest, today: date) -> list[Item]:
    """List for the office above what units owe that the rules have no more: it hands each ask on."""
    found = to_hand_on(request.program, request.viewer)
    if not found:
        return []
    packs, lang = packs_of(request.program), lang_of(request)
    told = record.told(request.program, [one.ask for one in found], lang)
    text = _("It was asked of %(office)s, which is no longer in the rules. The answer is due on %(day)s.")
    return [
        Item(
            _("Move it to the right unit: %(what)s") % {"what": apart(told[one.ask].say("title"))},
            text
            % {
                "office": apart(packs.at(one.ask).office_title(one.office, lang)),
                "day": saying.day(one.answer_due),
            },
            to(request, "asks:transfer", ask=one.ask),
            pen="city",
            state="late" if one.answer_due < today else "owed",
        )
        for one in found
    ]


def _without_reasons(request: ViewerRequest, today: date) -> list[Item]:
    """List the answers of the viewer's units of which leads say that they give no reasons.

    Each stands here until a contest has its reply, or no contest can come any more.
    """
    clocks = request.pack.clocks
    days = clocks.contest_days + clocks.reply_days
    first = first_day(today, days, queries.idle_in(request.program, today))
    found = queries.marked_of(request.program, lang_of(request), sorted(request.viewer.answers_for), first)
    text = _("It is on the public record. If they contest it, you can give the reasons in the reply.")
    return [
        Item(
            _("Leads say that your answer gives no reasons: %(what)s") % {"what": apart(told.say("title"))},
            text,
            to(request, "record:entry", index=answer),
            pen="city",
        )
        for answer, told in found
    ]


def _to_sign(request: ViewerRequest, owed: Sequence[queries.Owed]) -> list[Item]:
    """List the answers that wait for the manager's signature; many answers to questions are one line."""
    titles = {one.about: one.title for one in owed}
    viewer, items = request.viewer, []
    drafts = queries.drafts_of_unit(request.program, sorted(viewer.answers_for)).values()
    sent = [one for one in drafts if hasattr(one, "sent") and viewer.signs_for(one.unit)]
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
            on = saying.day(_local(request, answer.sent.sent_at))
            text = _("Sent for your sign-off on %(day)s.") % {"day": on}
            heading = _("Sign off the answer: %(what)s") % {"what": apart(titles[answer.about])}
            items.append(Item(heading, text, href, pen="city"))
    return items


def _held_by_nobody(request: ViewerRequest, today: date) -> list[Item]:
    items = []
    for office, asks in queries.owed_by_nobody(request.program, request.pack, today).items():
        title = request.pack.office_title(office, lang_of(request))
        text = ngettext(
            "%(n)d answer waits, due on %(day)s.", "%(n)d answers wait, the first due on %(day)s.", len(asks)
        )
        due = min(one.due or one.answer_due for one in asks)
        items.append(
            Item(
                _("Nobody holds an office that owes an answer: %(office)s") % {"office": apart(title)},
                text % {"n": len(asks), "day": saying.day(due)},
                to(request, "seats:people"),
                pen="city",
                state="late" if due < today else "owed",
                owner=saying.steward(),
                step=_("Give the office to someone."),
                due=due,
            )
        )
    return items


def _changed_rows(request: ViewerRequest) -> list[Item]:
    """Say that rows of the database tell something else than the entries, with the first such entry. One query."""
    found = told_otherwise(request.program)
    if not found:
        return []
    text = ngettext(
        "Somebody changed the database past this site. It differs from %(n)s entry, number %(number)s.",
        "Somebody changed the database past this site. It differs from %(n)s entries, the first is number %(number)s.",
        len(found),
    ) % {"n": counted(len(found)), "number": counted(found[0])}
    return [
        Item(
            _("Pages do not show what the record says"),
            text,
            to(request, "record:entry", index=found[0]),
            "city",
            state="late",
            owner=saying.steward(),
            step=_(
                "Tell whoever runs the machine. They keep a copy, and make the pages anew from the record."
            ),
        )
    ]


def for_steward(request: ViewerRequest, today: date) -> list[Item]:
    """List offices that owe an answer and that nobody holds, the dates the steward looks after, and rows that were changed."""
    items = [*_changed_rows(request), *_held_by_nobody(request, today)]
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
