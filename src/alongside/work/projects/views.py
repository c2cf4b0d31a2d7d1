"""The register of city projects: its list, a page for each project and decision, and what staff and leads do there."""

import csv
import json
from collections.abc import Iterator
from http import HTTPStatus

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from alongside.core.reconcile import harmless
from alongside.core.registers.mapping import Plan, guess, unknown_values
from alongside.core.registers.rows import RowState
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.record import agreeing
from alongside.ground.record import queries as record
from alongside.ground.record.forms import GroundForm
from alongside.ground.record.queries import head_of, packs_of
from alongside.ground.record.signing import vkey_if_any
from alongside.ground.texts import queries as queries_translating
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.projects import actions, forms, queries, tasks
from alongside.work.projects.models import DecisionPoint, Import, Listing, Project, Register


def units_of(request: ViewerRequest) -> dict[str, str]:
    """Give what units are called in the language of the page, by slug."""
    return {one.slug: one.name.say(lang_of(request)) for one in request.pack.units}


def communities_of(request: ViewerRequest) -> dict[str, str]:
    """Give what communities of the pack are called in the language of the page, by id."""
    return {one.id: one.name.say(lang_of(request)) for one in request.pack.communities}


def names_of_communities(request: ViewerRequest) -> dict[str, str]:
    """Give the ids of communities by what they are called in any language of the pack, and by the ids themselves."""
    langs = [one.code for one in request.pack.languages]
    named = {one.name.say(lang): one.id for one in request.pack.communities for lang in langs}
    return named | {one.id: one.id for one in request.pack.communities}


def offices_of(request: ViewerRequest) -> list[tuple[str, str]]:
    """List the offices of the pack with what they are called, for a choice."""
    return [(one, request.pack.office_title(one, lang_of(request))) for one in request.pack.offices]


def levels_of(request: ViewerRequest) -> list[tuple[str, str]]:
    """List the levels of participation that may be promised, as framework/level with their names, for a choice."""
    lang = lang_of(request)
    return [
        (f"{one.id}/{level.id}", f"{one.name.say(lang)}: {level.name.say(lang)}")
        for one in request.pack.frameworks
        for level in one.shown
    ]


def theirs(request: ViewerRequest, slug: str) -> Project:
    """Give a project that the viewer may write about; else there is no such page."""
    return or_404(queries.project_for(request.program, request.viewer, slug))


def their_point(request: ViewerRequest, slug: str, decision: str) -> DecisionPoint:
    """Give a decision that the viewer may write about; else there is no such page."""
    return or_404(queries.point_for(request.program, request.viewer, slug, decision))


def _lines(request: ViewerRequest) -> Iterator[queries.Exported]:
    form = forms.NarrowForm(request.GET, pack=request.pack, lang=lang_of(request))
    return queries.exported(request.program, lang_of(request), form.narrow, request.today)


class _Echo:
    """What a CSV writer writes to, so that each row can be sent on at once."""

    @staticmethod
    def write(line: str) -> str:
        """Give the line back."""
        return line


def _cell(value: object) -> str:
    return harmless(" ".join(map(str, value)) if isinstance(value, list) else str(value))


@open_to(Role.EVERYONE)
def projects_csv(request: ViewerRequest) -> HttpResponseBase:
    """Give the register as CSV; cells that a spreadsheet would run are made harmless."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield writer.writerow(queries.HEADINGS)
        for one in _lines(request):
            yield writer.writerow([_cell(one.get(name, "")) for name in queries.HEADINGS])

    return _file(lines(), "text/csv; charset=utf-8", "projects.csv")


@open_to(Role.EVERYONE)
def projects_json(request: ViewerRequest) -> HttpResponseBase:
    """Give the register as JSON, imported projects with everything their file says, without email addresses."""

    def parts() -> Iterator[str]:
        yield '{"projects": ['
        for place, one in enumerate(_lines(request)):
            yield f"{',' if place else ''}\n{json.dumps(one, ensure_ascii=False)}"
        yield "\n]}\n"

    return _file(parts(), "application/json", "projects.json")


def _file(parts: Iterator[str], content_type: str, name: str) -> HttpResponseBase:
    reply = StreamingHttpResponse(parts, content_type=content_type)
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    reply["Access-Control-Allow-Origin"] = "*"
    return reply


@open_to(Role.EVERYONE)
def row_json(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give one row of a file with its salt, and the proof that it stands under the root in the record."""
    listing = queries.listing_of(request.program, slug)
    found = or_404(queries.row_proof(request.program, listing.row) if listing and listing.row else None)
    reply = HttpResponse(found.text, content_type="application/json")
    reply["Content-Disposition"] = f'attachment; filename="{slug}.row-proof.json"'
    reply["Cache-Control"] = "public, max-age=5"
    reply["Access-Control-Allow-Origin"] = "*"
    return reply


SHOWN = 5


def _theirs(request: ViewerRequest, number: int) -> Import:
    return or_404(queries.import_for(request.program, request.viewer, number))


@open_to(Role.STAFF, Role.STEWARD)
def imports(request: ViewerRequest) -> HttpResponseBase:
    """List the files on their way, and where a new one is uploaded."""
    found = queries.imports_for(request.program, request.viewer)
    return render(request, "projects/imports.html", {"imports": found})


@csrf_exempt  # asked for below, after the file is let past the memory: a token must be read from the same body
@open_to(Role.STAFF, Role.STEWARD)
def upload(request: ViewerRequest) -> HttpResponseBase:
    """Take in a file of any size on disk, not in memory."""
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponseBase:
    asked: ViewerRequest = request  # type: ignore[assignment]  # the middleware has made it one
    form = _file_form(asked)

    def act(typed: Typed) -> Import:
        file = typed["file"]
        actions.refuse_without_room(program=asked.program, size=file.size)
        register = _register(asked, form)
        return actions.take_in_file(
            register=register,
            file_name=file.name,
            pieces=file.chunks(),
            by=asked.user,
            pen=queries.pen_of(asked.viewer, register.unit.slug if register.unit else ""),
            now=asked.now,
            size=file.size,
        )

    return press(asked, form, act, lambda made: to(asked, "projects:map_file", number=made.pk)) or render(
        request, "projects/upload.html", {"form": form}
    )


def _file_form(request: ViewerRequest) -> forms.FileForm:
    is_post, named = request.method == "POST", units_of(request)
    theirs = {one.slug for one in queries.units_for(request.program, request.viewer)}
    return forms.FileForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        registers=[(one.slug, one.title) for one in queries.registers_for(request.program, request.viewer)],
        units=[(slug, words) for slug, words in named.items() if slug in theirs],
        needs_unit=not request.viewer.has(Role.STEWARD),
    )


def _register(request: ViewerRequest, form: forms.FileForm) -> Register:
    """Give the register that a file is for; a new one where none was chosen."""
    typed = form.cleaned_data
    there = {one.slug: one for one in queries.registers_for(request.program, request.viewer)}
    if typed["register"] in there:
        return there[typed["register"]]
    units = {one.slug: one for one in queries.units_for(request.program, request.viewer)}
    return actions.open_upload(
        program=request.program,
        slug=free_slug(queries.register_slugs(request.program), typed["title"][:36], "register"),
        title=typed["title"],
        lang=lang_of(request),
        unit=units.get(typed["unit"]),
        source=typed["source"],
        license_name=typed["license"],
    )


@open_to(Role.STAFF, Role.STEWARD)
def map_file(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Say what each column is, with real rows beside it; a preview changes nothing, going on has every row read."""
    of = _theirs(request, number)
    checking = to(request, "projects:check_file", number=of.pk)
    if of.confirmed_at:
        return HttpResponseRedirect(checking)
    sample = queries.sample_of(of)
    plan = Plan.read(of.mapping) if of.mapping else guess(sample.headings, sample.rows)
    plan = plan.knowing(names_of_communities(request))
    form = forms.MappingForm(
        posted(request),
        sample=sample,
        plan=plan,
        unknown=unknown_values(plan, sample.rows),
        communities=list(communities_of(request).items()),
    )
    previews = "preview" in request.POST

    def act(_typed: Typed) -> str:
        held = actions.save_mapping(of=of, mapping=form.mapped.kept())
        if previews or form.meets_words:
            return to(request, "projects:map_file", number=of.pk) + ("#preview" if previews else "#words")
        tasks.begin_to_look(held, request.now)
        return checking

    if went := press(request, form, act, str):
        return went
    headings, shown = queries.preview(plan, sample, SHOWN if of.mapping else 0, communities_of(request))
    context = {"form": form, "of": of, "sample": sample, "shown": shown, "headings": headings}
    context["people"] = queries.about_people(plan, sample)
    return render(request, "projects/map.html", context)


@open_to(Role.STAFF, Role.STEWARD)
def check_file(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Show how far a file is, and once it was read, what is new, changed, gone and wrong, row by row."""
    of = _theirs(request, number)
    state = request.GET.get("rows", "")
    ready = bool(of.looked_at) and not of.trouble and not of.confirmed_at
    counts = queries.counts_of(of) if ready else {}
    state = (
        state
        if state in queries.STATES
        else next((one for one in queries.STATES if counts.get(one)), RowState.NEW)
    )
    page = Paginator(range(counts.get(state, 0)), queries.PAGE).get_page(request.GET.get("page"))
    plan, sample = (
        Plan.read(of.mapping),
        queries.sample_of(of) if ready else queries.Sample(),
    )
    context = {
        "of": of,
        "people": queries.about_people(plan, sample),
        "kept": queries.kept_as_they_are(plan, sample),
        "is_ready": ready,
        "is_moving": not (ready or of.trouble or of.listed_at),
        "coming": queries.coming_of(of),
        "counts": [(one, words, counts.get(one, 0)) for one, words in queries.STATES.items()],
        "state": state,
        "rows": queries.rows_page(of, state, page.number) if ready else [],
        "page": page,
        "query": f"rows={state}&",
    }
    return render(request, "projects/check.html", context)


@require_POST
@open_to(Role.STAFF, Role.STEWARD)
def confirm_file(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Say yes to what was read of a file, or throw it away."""
    of = _theirs(request, number)
    if "drop" in request.POST:
        if not of.confirmed_at:
            actions.drop_file(of=of)
        return HttpResponseRedirect(to(request, "projects:imports"))
    if request.POST.get("revision") == str(of.revision) and actions.say_yes(of=of, now=request.now):
        tasks.begin_to_bring(of, request.now)
    return HttpResponseRedirect(to(request, "projects:check_file", number=of.pk))


@require_POST
@open_to(Role.LEAD)
def join(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Say that the lead works on a project, or no longer does, whichever is not so yet."""
    found = or_404(queries.project_of(request.program, slug))
    shown = or_404(queries.project_page(request.program, lang_of(request), slug, request.today))
    works = request.viewer.seat in {one.public_id for one in shown.seats}
    if works == ("leave" in request.POST):
        move = actions.leave_project if works else actions.join_project
        move(project=found, seat=request.viewer.seat or "", now=request.now)
    return HttpResponseRedirect(to(request, "projects:project", slug=slug) + "#leads")


@open_to(Role.LEAD)
def harm(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Name harm in a project, on the record."""
    lang = lang_of(request)
    found = or_404(queries.project_of(request.program, slug))
    shown = or_404(queries.project_page(request.program, lang, slug, request.today))
    findings = [
        (str(one.finding.index), Truncator(one.finding.say("statement")).chars(120)) for one in shown.spoken
    ]
    form = forms.HarmForm(posted(request), pack=request.pack, lang=lang, findings=findings)

    def act(typed: Typed) -> None:
        actions.name_harm(
            project=found,
            seat=request.viewer.seat or "",
            harms=typed["harms"],
            communities=typed["communities"],
            findings=[int(one) for one in typed.get("findings", ())],
            words={lang: {"words": typed["words"]}},
            now=request.now,
        )

    onward = to(request, "projects:project", slug=slug) + "#harms"
    return press(request, form, act, onward) or render(
        request, "projects/harm.html", {"form": form, "project": shown}
    )


@never_cache
@open_to(Role.LEAD, Role.MANAGER)
def agree(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write the ground, and show the code by which a row that came in from a file is taken down. Nothing is kept."""
    listing = queries.listing_of(request.program, slug)
    row = listing.row if listing else None
    if listing is None or row is None or row.erased is not None or row.came_with.entry is None:
        raise Http404
    line, entry = "", row.came_with.entry
    owners = queries_translating.who_must_agree(
        request.program, record.entries_at(request.program, [entry])[entry]
    )
    by = agreeing.pen_of(request.viewer, owners)
    form = GroundForm(posted(request) if by else None)
    if request.method == "POST" and by and form.is_valid():
        given = {"ground": form.cleaned_data["ground"], "by": by}
        code = agreeing.agree(program=request.program.slug, entry=entry, name=slug, **given)
        words = ["alongside", "text", "take-down-row", request.program.slug, slug, given["ground"], code]
        line = agreeing.command(words)
    back = to(request, "projects:project", slug=slug)
    context = {"form": form, "index": entry, "line": line, "back": back, "owners": "" if by else owners}
    return render(request, "texts/agree.html", context)


@open_to(Role.EVERYONE)
def projects(request: ViewerRequest) -> HttpResponseBase:
    """List the register, a page at a time, narrowed by what is asked for."""
    lang, today = lang_of(request), request.today
    form = forms.NarrowForm(request.GET, pack=request.pack, lang=lang)
    page = queries.list_page(request.program, lang, form.narrow, today, request.GET.get("page", "1"))
    units = units_of(request)
    rows = [(one, units.get(one.listing.unit) or one.body or one.listing.unit) for one in page.lines]
    context = {"page": page, "rows": rows, "form": form, "record_head": page.head}
    context["may_register"] = request.viewer.has(Role.STAFF, Role.STEWARD)
    return render(request, "projects/projects.html", context)


@open_to(Role.EVERYONE)
def project(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show a project: its facts, decisions, harm that was named, what communities said, and who works on it."""
    lang = lang_of(request)
    listing = queries.listing_of(request.program, slug)
    found = queries.project_page(request.program, lang, slug, request.today) if listing else None
    if listing is None or (found is None and listing.row is None):
        return _gone(request, slug)
    units, row = units_of(request), listing.row
    context = {
        "listing": listing,
        "row": row,
        "unit": units.get(listing.unit) or (row.facts.get("body") if row else "") or listing.unit,
        "may_write": queries.may_write_about(request.viewer, listing.unit),
        "vkey": vkey_if_any(request.program) if row else "",
        "is_changed": row is not None and not queries.is_as_it_came(row),
        "today": request.today,
        "is_unit": request.viewer.works_for(listing.unit),
        "may_agree": request.viewer.has(Role.LEAD, Role.MANAGER),
    }
    if found is None:
        context["lines"] = lines = queries.row_lines(row, request.pack, lang) if row else []
        context["gaps"] = [one.label for one in lines if not one.parts]
        context["record_head"] = head_of(request.program)
        context["may_adopt"] = request.viewer.has(Role.STAFF, Role.STEWARD)
        return render(request, "projects/imported.html", context)
    context |= queries.page_of(found, packs_of(request.program), request.pack, lang, request.viewer)
    return render(request, "projects/project.html", context)


def _gone(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Say that what stood here was taken down, and where the record says why; else there is no such page."""
    row = or_404(queries.erased_row(request.program, slug))
    return render(request, "projects/taken_down.html", {"row": row}, status=HTTPStatus.GONE)


@open_to(Role.EVERYONE)
def decision(request: ViewerRequest, slug: str, decision: str) -> HttpResponseBase:
    """Show one decision: what is decided, by which office, when, what is open, and the engagements on it."""
    today, lang = request.today, lang_of(request)
    found = or_404(queries.project_page(request.program, lang, slug, today))
    point = or_404(found.decision(decision))
    packs = packs_of(request.program)
    context = {
        "project": found,
        "point": point,
        "office": packs.at(point.told.index).office_title(point.office, lang),
        "level": queries.level_in_words(point, packs.at(point.promise.index), lang),
        "days": (point.on - today).days,
        "record_head": found.head,
        "may_write": queries.may_write_about(request.viewer, found.unit),
    }
    return render(request, "projects/decision.html", context)


@open_to(Role.STAFF, Role.STEWARD)
def register(request: ViewerRequest) -> HttpResponseBase:
    """Put a project on the register, and on the record."""
    return _register_writing(request, None)


@open_to(Role.STAFF, Role.STEWARD)
def adopt(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Put a project that came in from a file on the record by itself, at the address that it has."""
    listing = queries.listing_of(request.program, slug)
    if listing is None or listing.project or listing.row is None:
        raise Http404
    return _register_writing(request, listing)


def _register_writing(request: ViewerRequest, listing: Listing | None) -> HttpResponseBase:
    lang, named = lang_of(request), units_of(request)
    units = {unit.slug: unit for unit in queries.units_for(request.program, request.viewer)}
    choices = [(slug, words) for slug, words in named.items() if slug in units]
    facts = listing.row.facts if listing and listing.row else {}
    begun = {"title": str(facts.get("name", ""))[:140], "summary": facts.get("summary", "")}
    begun |= {"unit": listing.unit if listing else ""}
    form = forms.ProjectForm(posted(request), units=choices, initial=begun)

    def act(typed: Typed) -> str:
        taken = queries.slugs_like(request.program, typed["title"])
        made = actions.register_project(
            program=request.program,
            slug=listing.slug if listing else free_slug(taken, typed["title"], "project"),
            unit=units[typed["unit"]],
            by=queries.pen_of(request.viewer, typed["unit"]),
            words={lang: {name: typed[name] for name in ("title", "summary")}},
            listing=listing,
            now=request.now,
        )
        return to(request, "projects:project", slug=made.slug)

    return press(request, form, act, str) or render(request, "projects/register.html", {"form": form})


@open_to(Role.STAFF, Role.STEWARD)
def describe(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Tell facts of a project, on the record."""
    found, lang = theirs(request, slug), lang_of(request)
    shown = or_404(queries.project_page(request.program, lang, slug, request.today))
    standing = queries.facts_for_form(shown) | {"summary": shown.summary.say("summary")}
    form = forms.FactsForm(posted(request), pack=request.pack, lang=lang, standing=standing)

    def act(_typed: Typed) -> None:
        choices, words = form.told
        if choices or words:
            actions.describe_project(
                project=found,
                by=queries.pen_of(request.viewer, found.unit.slug),
                choices=choices,
                words={lang: words} if words else {},
                now=request.now,
            )

    return press(request, form, act, to(request, "projects:project", slug=slug)) or render(
        request, "projects/describe.html", {"form": form, "project": shown}
    )


@open_to(Role.STAFF, Role.STEWARD)
def schedule(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Put a dated decision of a project on the record."""
    found, lang = theirs(request, slug), lang_of(request)
    form = forms.DecisionForm(
        posted(request), offices=offices_of(request), levels=levels_of(request), today=request.today
    )

    def act(typed: Typed) -> str:
        framework, _, level = typed["level"].partition("/")
        made = actions.schedule_decision(
            project=found,
            slug=free_slug(queries.decisions_of(found), typed["decision"], "decision"),
            on=typed["on"],
            office=queries.office_by_id(request.program, typed["office"]),
            by=queries.pen_of(request.viewer, found.unit.slug),
            words={lang: {name: typed[name] for name in ("decision", "open")}},
            level=(framework, level) if level else None,
            asked=typed["asked"],
            now=request.now,
        )
        return to(request, "projects:decision", slug=slug, decision=made.slug)

    return press(request, form, act, str) or render(
        request, "projects/schedule.html", {"form": form, "slug": slug}
    )


@open_to(Role.STAFF, Role.STEWARD)
def move(request: ViewerRequest, slug: str, decision: str) -> HttpResponseBase:
    """Give a decision another day, with the reason, on the record."""
    point = their_point(request, slug, decision)
    form = forms.MoveForm(posted(request), today=request.today)

    def act(typed: Typed) -> None:
        by = queries.pen_of(request.viewer, point.project.unit.slug)
        words = {lang_of(request): {"reason": typed["reason"]}}
        actions.move_decision(point=point, on=typed["on"], by=by, words=words, now=request.now)

    onward = to(request, "projects:decision", slug=slug, decision=decision)
    return press(request, form, act, onward, at="on") or render(request, "projects/move.html", {"form": form})


@open_to(Role.STAFF, Role.STEWARD)
def made(request: ViewerRequest, slug: str, decision: str) -> HttpResponseBase:
    """Tell what was decided, on the record."""
    point = their_point(request, slug, decision)
    form = forms.MadeForm(posted(request), today=request.today)

    def act(typed: Typed) -> None:
        by = queries.pen_of(request.viewer, point.project.unit.slug)
        words = {lang_of(request): {"outcome": typed["outcome"]}}
        actions.make_decision(point=point, on=typed["on"], by=by, words=words, now=request.now)

    onward = to(request, "projects:decision", slug=slug, decision=decision)
    return press(request, form, act, onward, at="on") or render(request, "projects/made.html", {"form": form})
