"""The record's pages: every entry, one entry with its proof, downloads and a feed; and which day it is."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import batched
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from alongside.core.entries import Entry, GrammarError
from alongside.core.grammar.versions import KINDS as GRAMMAR
from alongside.core.kinds import EntryKind, is_from_sources
from alongside.core.ledger.keys import to_base64
from alongside.core.ledger.policy import as_read, policy_in
from alongside.core.policy.pack import Pack
from alongside.core.tables import csv_lines
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.programs.comparing import Differs, compared, rules_in_words
from alongside.ground.programs.queries import pack_under
from alongside.ground.record import machine, queries, take_down_codes
from alongside.ground.record.actions import days, heads
from alongside.ground.record.actions import entries as record_entries
from alongside.ground.record.forms import DistrustForm, FaultForm, FilterForm, ResumeForm
from alongside.ground.record.labels import ENTERED_BY_SITE, called, decided, page_source, text_called
from alongside.ground.record.models import Head
from alongside.ground.record.places import read_at
from alongside.ground.record.rows import RowsLog
from alongside.ground.record.sentences import (
    Naming,
    Row,
    heading_of,
    named_in,
    rows_of,
    sentence,
    together,
    with_due,
    with_names,
)
from alongside.ground.record.signing import halted, vkey_if_any
from alongside.ground.ui.addresses import in_language, lang_of, to
from alongside.ground.ui.days import day_in_words, days_left
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.languages import dot, in_readers_words, listed
from alongside.ground.ui.pages import download
from alongside.ground.ui.press import Typed, posted, press
from alongside.ground.ui.refusals import refusal_text
from alongside.ground.ui.templatetags.ui import as_seat


def has_weight(request: ViewerRequest, form: Form, by: str) -> bool:
    """Say whether who agrees has a lead's weight, if they are a lead; tell on the form from when on, if not."""
    try:
        take_down_codes.refuse_a_new_seat(request.program, by, request.today)
    except GrammarError as error:
        form.add_error(None, refusal_text(error, request.pack))
    return not form.errors


@never_cache
@open_to(Role.LEAD)
def agree_to_resume(request: ViewerRequest) -> HttpResponseBase:
    """Read what is missing, write why the record goes on without it, and get the code that the operator needs."""
    stand, program = request.stand, request.program
    if stand is None or not halted(program, stand.size):
        raise Http404
    form = ResumeForm(posted(request))
    line = ""
    if form.is_valid() and has_weight(request, form, request.viewer.seat or ""):
        reason = form.cleaned_data["reason"]
        asked = {
            "entry": stand.size,
            "name": take_down_codes.resume_without(program),
            "ground": reason,
            "by": request.viewer.seat or "",
        }
        code = take_down_codes.agree(program=program.slug, **asked)
        words = ["alongside", "record", "resume", program.slug, "--without-mirror", reason, "--code", code]
        line = take_down_codes.command(words)
    context = {"form": form, "line": line, "kept": stand.size, "back": to(request, "record:entries")}
    context["days"] = take_down_codes.GOOD_FOR.days
    return render(request, "record/resume.html", context)


agree_to_resume.while_halted = True  # type: ignore[attr-defined]  # a mark that the middleware reads


@never_cache
@open_to(Role.LEAD)
def distrust_key(request: ViewerRequest) -> HttpResponseBase:
    """Say, with a lead's own signature, that somebody else may have the key of the log, and name the new one."""
    form = DistrustForm(posted(request), program=request.program)
    here = to(request, "record:entries")

    def act(typed: Typed) -> None:
        reason = record_entries.Text(lang_of(request), typed["reason"])
        by = request.viewer.seat or ""
        heads.distrust_key(program=request.program, new=typed["key"], reason=reason, by=by, now=request.now)

    went = press(request, form, act, after(here, Done.RECORDED))
    return went or render(request, "record/distrust_key.html", {"form": form, "back": here})


@never_cache
@open_to(Role.LEAD, Role.STEWARD)
def clock(request: ViewerRequest) -> HttpResponseBase:
    """Confirm the day that the clock shows; or, as a lead, get the code that tells its fault."""
    today, program = request.today, request.program
    stand = or_404(queries.clock_of(program, today))
    here = to(request, "record:clock")
    if request.method == "POST" and "day" in request.POST:
        form = Form(posted(request))

        def act(_typed: Typed) -> None:
            by = request.viewer.seat or "steward"
            if stand.waits and request.POST["day"] == today.isoformat():
                days.confirm_day(program=program, day=today, person=request.user, by=by, now=request.now)

        return press(request, form, act, after(here, Done.KEPT)) or render(
            request, "record/clock.html", {"stand": stand, "today": today, "form": form}
        )
    is_asked = request.method == "POST" and bool(stand.ahead and request.viewer.seat)
    asked = FaultForm(request.POST if is_asked else None)
    is_told = asked.is_valid() and has_weight(request, asked, request.viewer.seat or "")
    line = _line(request, asked, today) if is_told else ""
    mine = request.viewer.person_id in stand.confirmed
    return render(
        request,
        "record/clock.html",
        {"stand": stand, "today": today, "mine": mine, "form": asked, "line": line},
    )


def _line(request: ViewerRequest, form: FaultForm, today: date) -> str:
    """Write the command that tells the fault, with the code of the lead who agrees."""
    program, reason = request.program.slug, form.cleaned_data["reason"]
    asked = {
        "entry": today.toordinal(),
        "name": take_down_codes.FAULT,
        "ground": reason,
        "by": request.viewer.seat or "",
    }
    return take_down_codes.command(
        ["alongside", "record", "fault", program, reason, take_down_codes.agree(program=program, **asked)]
    )


FEED_LENGTH = 50


@from_the_record
@open_to(Role.EVERYONE)
def entries(request: ViewerRequest) -> HttpResponseBase:
    """Show every entry, newest first, filtered by pen, kind and day."""
    form = FilterForm(request.GET or None)
    wanted = form.wanted()
    found = queries.entry_list(request.program, lang_of(request), **wanted)
    head = queries.head_of(request.program)
    titles = queries.titles_of(request.program, named_in(found.told), lang_of(request))
    packs = queries.packs_of(request.program)
    rows = rows_of(found, packs, lang_of(request), head.size if head else 0, titles)
    context = {
        "form": form,
        "rows": [[one] for one in rows] if "kind" in wanted else together(rows),
        "page_source": page_source(one.entry.kind for one in found.told),
        "found": found,
        "record_head": head,
        "root": to_base64(bytes(head.root)) if head else "",
        **_witnessed(request, head),
        "vkey": vkey_if_any(request.program),
        "verifier": machine.archive_sha256(),
        "filters": form.as_query(),
        "unsigned": [(_(why), kinds) for why, kinds in ENTERED_BY_SITE.items()],
    }
    return render(request, "record/entries.html", context)


def _witnessed(request: ViewerRequest, head: Head | None) -> dict[str, Any]:
    """Name the witnesses of the rules, and give the last head that enough of them saw; one query, and none where there are none."""
    policy = policy_in(request.pack.witnesses)
    if policy is None or head is None:
        return {}
    shown = head if head.seen.get("enough") else queries.head_shown(request.program)
    return {
        "witnesses": [as_read(name) for name in policy.witnesses],
        "seen": shown if shown and shown.seen else None,
    }


@from_the_record
@open_to(Role.EVERYONE)
def entry(request: ViewerRequest, index: int) -> HttpResponseBase:
    """Show one entry: what it says, what it cites, what cites it, and its proof."""
    shown = queries.entry_views(request.program, [index], lang_of(request)).get(index)
    line = queries.line_at(request.program, index)
    if shown is None or line is None:
        raise Http404
    head, key = queries.head_at_least(request.program, index), vkey_if_any(request.program)
    path = queries.path_of(request.program, index, head) if head else []
    leaf = bytes(line.leaf).hex()
    lang, signed = lang_of(request), head is not None
    titles = queries.titles_of(request.program, named_in([shown]), lang)
    packs = queries.packs_of(request.program)
    context = {
        "shown": with_due(with_names(shown, packs.at(index), lang)),
        "may_agree": request.viewer.has(Role.LEAD, Role.MANAGER),
        "may_contest": request.viewer.has(Role.LEAD) and _is_contestable(request, shown.entry),
        "row": Row.of(shown, leaf, packs.at(index), lang, signed=signed, titles=titles),
        "says": GRAMMAR[shown.entry.kind].says,
        "by": listed(
            [
                *(packs.at(index).office_title(one, lang) for one in shown.entry.offices),
                *map(as_seat, shown.entry.seats),
            ]
        ),
        **_in_words(request, shown, packs.at(index), lang),
        "differences": _differences(packs, shown.entry),
        "rules": _rules(shown.entry),
        "raw": bytes(line.raw).decode(),
        "leaf": leaf,
        "head": head,
        "path": [step.hex() for step in path],
        "signature": queries.signature_of(request.program, shown.entry),
        "is_proved": head is not None and queries.is_proved(line, path, head, key),
        **_compared(request, shown.entry, lang),
        "first_langs": _first_langs(request, shown),
        "cited_by": _led_to(request, shown),
        "read_at": read_at(partial(to, request), shown.entry, _log_of(request)),
        "vkey": key,
        "verifier": machine.archive_sha256(),
    }
    return render(request, "record/entry.html", context)


def _log_of(request: ViewerRequest) -> RowsLog:
    return RowsLog.at(request.program, request.stand.log, request.stand.size)


def _led_to(request: ViewerRequest, shown: queries.EntryView) -> list[tuple[int, str, str, str]]:
    """Tell of the entries that cite this one, oldest first: the number, what it is called with how late, and of which promise with the language of that.

    A promise of the City is named by each of its milestones, with its day. One query more where there is one.
    """
    found = queries.followed(request.program, shown.entry)
    made = [one.index for one in found if one.kind == EntryKind.COMMITMENT_MADE]
    words = queries.texts_of(request.program, made, lang_of(request)) if made else {}
    told = []
    for one in found:
        promised = one.data["milestones"] if one.kind == EntryKind.COMMITMENT_MADE else ()
        for step in promised:
            said = words.get(one.index, {}).get(step["id"])
            due = _("due on %(day)s") % {"day": day_in_words(date.fromisoformat(step["due"]))}
            label = f"{called(one)}{dot()}{due}"
            told.append((one.index, label, said.words if said else "", said.lang if said else ""))
        if not promised:
            told.append(_cited_by(one, shown))
    return told


def _cited_by(citing: Entry, shown: queries.EntryView) -> tuple[int, str, str, str]:
    name = str(citing.data.get("milestone", ""))
    late = citing.kind == EntryKind.COMMITMENT_LATE
    label = f"{called(citing)}, {days_left(-citing.data['days'])}" if late else called(citing)
    return citing.index, label, shown.say(name), shown.lang(name)


def _is_contestable(request: ViewerRequest, entry: Entry) -> bool:
    """Say whether an entry is an answer that leads can still contest, or whose contest they can join."""
    if entry.kind != EntryKind.ANSWER_GIVEN:
        return False
    last = entry.date + timedelta(days=request.pack.clocks.contest_days)
    standings = queries.standings(request.program, answer=entry.index)
    return any(one.owes_reply or (one.contest is None and request.today <= last) for one in standings)


def _differences(packs: queries.Packs, entry: Entry) -> list[Differs]:
    """List everything that rules which were adopted say otherwise than those before; nothing for the first, and for other entries."""
    if entry.kind != EntryKind.POLICY_ADOPTED:
        return []
    return compared(packs.at(entry.index), pack_under(entry.data["pack"]))


def _rules(entry: Entry) -> list[tuple[object, str]]:
    """List the numbers of rules that were adopted; nothing for other entries."""
    if entry.kind != EntryKind.POLICY_ADOPTED:
        return []
    return list(rules_in_words(pack_under(entry.data["pack"])))


def _compared(request: ViewerRequest, entry: Entry, lang: str) -> dict[str, object]:
    """Tell which words of an entry are not those that it hashes; names of them as pages call them."""
    found = queries.compared(request.program, entry, lang)
    kind = _spoken_of(entry, queries.entry_views(request.program, entry.cites.get("of", ()), lang)).kind
    changed, gone = (
        sorted({text_called(one, kind) for one in names}) for names in (found.changed, found.gone)
    )
    return {"changed": listed(changed), "gone": listed(gone), "taken_down": found.taken_down}


def _first_langs(request: ViewerRequest, shown: queries.EntryView) -> list[tuple[str, str]]:
    """List the languages that translated words of an entry were first written in, each with this page in it; none where none is translated."""
    if shown.entry.kind == EntryKind.TEXT_TRANSLATED:
        return []
    langs = dict.fromkeys(one.original_lang for one in shown.texts.values() if not one.is_original)
    return [(in_readers_words(one), in_language(request, one)) for one in langs]


def _in_words(request: ViewerRequest, shown: queries.EntryView, pack: Pack, lang: str) -> dict[str, object]:
    """Tell what an entry says beside its texts: its sentence, what it names, its event, and what it rests on."""
    entry = shown.entry
    indexes = {index for indexes in entry.cites.values() for index in indexes}
    cited = queries.entry_views(request.program, indexes, lang)
    spoken = _spoken_of(entry, cited)
    unspoken = next((one for one in [*cited.values(), shown] if one.index == spoken.index), shown).lines
    naming = Naming(pack, lang, cited)
    named = [
        *decided(entry),
        *naming.offered(entry),
        *naming.papers(entry),
        *naming.promised(entry),
        *naming.backups(entry),
        *naming.reply_due(entry),
        *naming.corrected(entry),
        *naming.facts(entry),
    ]
    named += [(_("Where its day stands"), _link_to(request, queries.day_set_by(request.program, entry)))]
    return {
        "page_source": page_source([spoken.kind]),
        "event": spoken.data if is_from_sources(spoken.kind) else None,
        "sentence": sentence(entry, queries.disputed_before(request.program, entry)),
        "unspoken": [(text_called(name), lines) for name, lines in unspoken.items()],
        "named": [(term, value) for term, value in named if value],
        "rests_on": [
            (one.index, called(one.entry), *heading_of(one, entry.data.get("milestone", "")))
            for one in cited.values()
        ],
    }


def _link_to(request: ViewerRequest, index: int | None) -> str:
    if index is None:
        return ""
    href, words = to(request, "record:entry", index=index), _("Entry %(number)s") % {"number": index}
    return format_html('<a href="{}">{}</a>', href, words)


def _spoken_of(entry: Entry, cited: Mapping[int, queries.EntryView]) -> Entry:
    """Give the entry whose words an entry holds: of a translation the one that it translates, else itself."""
    return (
        next((one.entry for one in cited.values()), entry)
        if entry.kind == EntryKind.TEXT_TRANSLATED
        else entry
    )


#: So many lines of a file are sent at once.
AT_ONCE = 500


@open_to(Role.EVERYONE)
def entries_csv(request: ViewerRequest) -> HttpResponseBase:
    """Give the filtered entries as CSV, or say what does not fit in the filter; cells that a spreadsheet would run are made harmless."""
    form = FilterForm(request.GET or None)
    wanted = form.wanted()
    if form.errors:
        return HttpResponseBadRequest(form.problems(), content_type="text/plain; charset=utf-8")
    rows = queries.exported(queries.lines_where(request.program, **wanted))
    lines = csv_lines(["entry", "date", "pen", "kind", "by", "leaf"], rows)
    parts = ("".join(some) for some in batched(lines, AT_ONCE))
    return download(parts, "record.csv")


@from_the_record
@open_to(Role.EVERYONE)
def feed(request: ViewerRequest) -> HttpResponseBase:
    """Give the newest entries as an Atom feed."""
    found = queries.entry_list(request.program, lang_of(request), most=FEED_LENGTH)
    here = request.build_absolute_uri(to(request, "record:entries"))
    atom = Atom1Feed(
        title=request.pack.words("name", lang_of(request)), link=here, description=_("The public log")
    )
    titles = queries.titles_of(request.program, named_in(found.told), lang_of(request))
    packs = queries.packs_of(request.program)
    for row in rows_of(found, packs, lang_of(request), found.size, titles):
        address = request.build_absolute_uri(to(request, "record:entry", index=row.index))
        atom.add_item(
            title=f"{row.index}: {row.label}",
            link=address,
            description=row.about,
            unique_id=f"{request.program.origin}#{row.index}",
            updateddate=_midday(row.date),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _midday(day: date) -> datetime:
    """Give a moment for formats that want one; the record knows days alone."""
    return datetime.combine(day, time(12), tzinfo=UTC)
