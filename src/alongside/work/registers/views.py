"""Pages of registers: files on their way, what they would change, and the proof of one row."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from alongside.core.registers.choices import SORTS
from alongside.core.registers.mapping import BODY, COMMUNITIES, Plan, guess, unknown_values
from alongside.core.registers.rows import RowState
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.record import queries as record
from alongside.ground.record import take_down_codes
from alongside.ground.record.forms import GroundForm
from alongside.ground.texts import queries as queries_translating
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.pages import JSON, download
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.registers import actions, forms, queries, tasks
from alongside.work.registers.models import Import, Register


def names_of_communities(request: ViewerRequest) -> dict[str, str]:
    """Give the ids of communities by what they are called in any language of the pack, and by the ids themselves."""
    langs = [one.code for one in request.pack.languages]
    named = {one.name.say(lang): one.id for one in request.pack.communities for lang in langs}
    return named | {one.id: one.id for one in request.pack.communities}


def names_of_sorts(request: ViewerRequest) -> dict[str, str]:
    """Give the ids of the kinds of projects that only this pack has, by what they are called in any language, and by the ids themselves."""
    langs = [one.code for one in request.pack.languages]
    own = [one for one in request.pack.purpose.sorts if one.id not in SORTS]
    return {one.name.say(lang): one.id for one in own for lang in langs} | {one.id: one.id for one in own}


def names_of_bureaus(request: ViewerRequest) -> dict[str, str]:
    """Give the slugs of bureaus by what they are called in any language of the pack, and by the slugs themselves."""
    langs = [one.code for one in request.pack.languages]
    named = {one.name.say(lang): one.slug for one in request.pack.units for lang in langs}
    return named | {one.slug: one.slug for one in request.pack.units}


@open_to(Role.EVERYONE)
def row_json(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give one row of a file with its salt, and the proof that it stands under the root in the record."""
    listing = queries.listing_of(request.program, slug)
    found = or_404(queries.row_proof(request.program, listing.row) if listing and listing.row else None)
    reply = download(found.text, f"{slug}.row-proof.json", JSON)
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
    return render(request, "registers/imports.html", {"imports": found})


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
        actions.refuse_over_quota(program=asked.program, size=file.size)
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

    return press(asked, form, act, lambda made: to(asked, "registers:map_file", number=made.pk)) or render(
        request, "registers/upload.html", {"form": form}
    )


def _file_form(request: ViewerRequest) -> forms.FileForm:
    is_post, named = request.method == "POST", request.pack.units_in(lang_of(request))
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
    checking = to(request, "registers:check_file", number=of.pk)
    if of.confirmed_at:
        return HttpResponseRedirect(checking)
    sample = queries.sample_of(of)
    plan = Plan.read(of.mapping) if of.mapping else guess(sample.headings, sample.rows)
    plan = plan.knowing(COMMUNITIES, names_of_communities(request))
    if named := names_of_sorts(request):
        plan = plan.knowing("sort", named)
    pack, lang = request.pack, lang_of(request)
    choices = queries.choices_in(pack, lang) | {COMMUNITIES: dict(pack.communities_in(lang))}
    if of.register.unit is None:
        plan = plan.knowing(BODY, names_of_bureaus(request))
    form = forms.MappingForm(
        posted(request),
        sample=sample,
        plan=plan,
        unknown=unknown_values(plan, sample.rows),
        facts=pack.purpose.facts,
        meanings=choices | {BODY: dict(pack.units_in(lang))},
    )
    previews = "preview" in request.POST

    def act(_typed: Typed) -> str:
        held = actions.save_mapping(of=of, mapping=form.mapped.kept())
        if previews or form.meets_words:
            return to(request, "registers:map_file", number=of.pk) + ("#preview" if previews else "#words")
        tasks.begin_to_look(held, request.now)
        return checking

    if went := press(request, form, act, str):
        return went
    headings, shown = queries.preview(plan, sample, SHOWN if of.mapping else 0, choices)
    context = {"form": form, "of": of, "sample": sample, "shown": shown, "headings": headings}
    context["people"] = queries.about_people(plan, sample)
    return render(request, "registers/map.html", context)


@open_to(Role.STAFF, Role.STEWARD)
def check_file(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Show how far a file is, and once it was read, what is new, changed, gone and wrong, row by row."""
    of = _theirs(request, number)
    state = request.GET.get("rows", "")
    ready = bool(of.looked_at) and not of.trouble and not of.confirmed_at
    counts = queries.counts_of(of) if ready else {}
    if state not in queries.STATES:
        state = next((one for one in queries.STATES if counts.get(one)), RowState.NEW)
    page = Paginator(range(counts.get(state, 0)), queries.PAGE).get_page(request.GET.get("page"))
    plan, sample = Plan.read(of.mapping), queries.sample_of(of) if ready else queries.Sample()
    context = {
        "of": of,
        "people": queries.about_people(plan, sample),
        "kept": queries.kept_as_they_are(plan, sample),
        "is_ready": ready,
        "may_take_back": queries.may_take_back(of),
        "is_moving": not (ready or of.trouble or of.listed_at),
        "coming": queries.coming_of(of),
        "counts": [(one, words, counts.get(one, 0)) for one, words in queries.STATES.items()],
        "state": state,
        "rows": queries.rows_page(of, state, page.number) if ready else [],
        "page": page,
        "query": f"rows={state}&",
    }
    return render(request, "registers/check.html", context)


@require_POST
@open_to(Role.STAFF, Role.STEWARD)
def confirm_file(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Say yes to what was read of a file, or throw it away."""
    of = _theirs(request, number)
    if "drop" in request.POST:
        if not of.confirmed_at:
            actions.drop_file(of=of)
        return HttpResponseRedirect(to(request, "registers:imports"))
    pen = queries.pen_of(request.viewer, of.register.unit.slug if of.register.unit else "")
    is_as_read = request.POST.get("revision") == str(of.revision)
    if is_as_read and actions.say_yes(of=of, pen=pen, now=request.now):
        tasks.begin_to_bring(of, request.now)
    return HttpResponseRedirect(to(request, "registers:check_file", number=of.pk))


@require_POST
@open_to(Role.STAFF, Role.STEWARD)
def take_back(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Take a whole file out of its register again."""
    of = _theirs(request, number)
    pen = queries.pen_of(request.viewer, of.register.unit.slug if of.register.unit else "")
    made = actions.take_back(of=of, by=request.user, pen=pen, now=request.now)
    tasks.begin_to_list(made, request.now)
    return HttpResponseRedirect(to(request, "registers:check_file", number=made.pk))


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
    by = take_down_codes.pen_of(request.viewer, owners)
    form = GroundForm(posted(request) if by else None)
    if request.method == "POST" and by and form.is_valid():
        given = {"ground": form.cleaned_data["ground"], "by": by}
        code = take_down_codes.agree(program=request.program.slug, entry=entry, name=slug, **given)
        words = ["alongside", "text", "take-down-row", request.program.slug, slug, given["ground"], code]
        line = take_down_codes.command(words)
    back = to(request, "projects:project", slug=slug)
    context = {"form": form, "index": entry, "line": line, "back": back, "owners": "" if by else owners}
    context["days"] = take_down_codes.GOOD_FOR.days
    return render(request, "texts/agree.html", context)
