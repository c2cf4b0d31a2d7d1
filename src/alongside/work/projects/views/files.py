"""Bring a register in from a file: upload it, say what its columns are, look at what would change, say yes."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from alongside.core.registers.mapping import Plan, guess, unknown_values
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.refusals import said
from alongside.ground.people.models import Person
from alongside.work.projects import actions, queries, tasks
from alongside.work.projects.forms.files import FileForm, MappingForm
from alongside.work.projects.models import Import, Register
from alongside.work.projects.queries import files
from alongside.work.projects.queries.wording import STATES
from alongside.work.projects.views.doors import communities_of, names_of_communities, now, units_of

SHOWN = 5


def _theirs(request: AskedHttpRequest, number: int) -> Import:
    found = files.import_for(request.program, request.asker, number)
    if found is None:
        raise Http404
    return found


@open_to(Role.STAFF, Role.STEWARD)
def imports(request: AskedHttpRequest) -> HttpResponseBase:
    """List the files on their way, and where a new one is uploaded."""
    found = files.imports_for(request.program, request.asker)
    return render(request, "projects/imports.html", {"imports": found})


@csrf_exempt  # asked for below, after the file is let past the memory: a token must be read from the same body
@open_to(Role.STAFF, Role.STEWARD)
def upload(request: AskedHttpRequest) -> HttpResponseBase:
    """Take in a file of any size on disk, not in memory."""
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponseBase:
    asked: AskedHttpRequest = request  # type: ignore[assignment]  # the middleware has made it one
    form = _file_form(asked)
    if form.is_valid() and isinstance(request.user, Person):
        file = form.cleaned_data["file"]
        try:
            actions.refuse_without_room(program=asked.program, size=file.size)
        except actions.NoRoomForFile as error:
            form.add_error("file", said(error))
            return render(request, "projects/upload.html", {"form": form})
        register = _register(asked, form)
        pen = queries.pen_of(asked.asker, register.unit.slug if register.unit else "")
        made = actions.take_in_file(
            register=register,
            file_name=file.name,
            pieces=file.chunks(),
            by=request.user,
            pen=pen,
            now=now(),
            size=file.size,
        )
        return HttpResponseRedirect(to(request, "projects:map_file", number=made.pk))
    return render(request, "projects/upload.html", {"form": form})


def _file_form(request: AskedHttpRequest) -> FileForm:
    is_post, named = request.method == "POST", units_of(request)
    theirs = {one.slug for one in queries.units_for(request.program, request.asker)}
    return FileForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        registers=[(one.slug, one.title) for one in files.registers_for(request.program, request.asker)],
        units=[(slug, words) for slug, words in named.items() if slug in theirs],
        needs_unit=not request.asker.has(Role.STEWARD),
    )


def _register(request: AskedHttpRequest, form: FileForm) -> Register:
    """Give the register that a file is for; a new one where none was chosen."""
    typed = form.cleaned_data
    there = {one.slug: one for one in files.registers_for(request.program, request.asker)}
    if typed["register"] in there:
        return there[typed["register"]]
    units = {one.slug: one for one in queries.units_for(request.program, request.asker)}
    return actions.open_register(
        program=request.program,
        slug=queries.free_slug(files.register_slugs(request.program), typed["title"][:36], "register"),
        title=typed["title"],
        lang=lang_of(request),
        unit=units.get(typed["unit"]),
        source=typed["source"],
        license_name=typed["license"],
    )


@open_to(Role.STAFF, Role.STEWARD)
def map_file(request: AskedHttpRequest, number: int) -> HttpResponseBase:
    """Say what each column is, with real rows beside it; a preview changes nothing, going on has every row read."""
    of = _theirs(request, number)
    if of.confirmed_at:
        return HttpResponseRedirect(to(request, "projects:check_file", number=of.pk))
    sample = files.sample_of(of)
    plan = Plan.read(of.mapping) if of.mapping else guess(sample.headings, sample.rows)
    plan = plan.knowing(names_of_communities(request))
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        sample=sample,
        plan=plan,
        unknown=unknown_values(plan, sample.rows),
        communities=list(communities_of(request).items()),
    )
    if form.is_valid():
        held = actions.save_mapping(of=of, mapping=form.mapped.kept())
        if "preview" not in request.POST and not form.meets_words:
            tasks.begin_to_look(held, now())
            return HttpResponseRedirect(to(request, "projects:check_file", number=of.pk))
        return HttpResponseRedirect(
            to(request, "projects:map_file", number=of.pk)
            + ("#preview" if "preview" in request.POST else "#words")
        )
    headings, shown = files.preview(plan, sample, SHOWN if of.mapping else 0, communities_of(request))
    context = {"form": form, "of": of, "sample": sample, "shown": shown, "headings": headings}
    context["people"] = files.about_people(plan, sample)
    return render(request, "projects/map.html", context)


@open_to(Role.STAFF, Role.STEWARD)
def check_file(request: AskedHttpRequest, number: int) -> HttpResponseBase:
    """Show how far a file is, and once it was read, what is new, changed, gone and wrong, row by row."""
    of = _theirs(request, number)
    state = request.GET.get("rows", "")
    page = request.GET.get("page", "1")
    at = int(page) if page.isascii() and page.isdigit() and int(page[:8]) > 0 else 1
    ready = bool(of.looked_at) and not of.trouble and not of.confirmed_at
    counts = files.counts_of(of) if ready else {}
    state = state if state in STATES else next((one for one in STATES if counts.get(one)), "new")
    plan, sample = Plan.read(of.mapping), files.sample_of(of) if ready else files.Sample()
    context = {
        "of": of,
        "people": files.about_people(plan, sample),
        "kept": files.kept_as_they_are(plan, sample),
        "is_ready": ready,
        "is_moving": not (ready or of.trouble or of.listed_at),
        "coming": files.coming_of(of),
        "counts": [(one, words, counts.get(one, 0)) for one, words in STATES.items()],
        "state": state,
        "rows": files.rows_page(of, state, at) if ready else [],
        "page": files.pages_of(counts.get(state, 0), at),
        "query": f"rows={state}&",
    }
    return render(request, "projects/check.html", context)


@require_POST
@open_to(Role.STAFF, Role.STEWARD)
def confirm_file(request: AskedHttpRequest, number: int) -> HttpResponseBase:
    """Say yes to what was read of a file, or throw it away."""
    of = _theirs(request, number)
    if "drop" in request.POST:
        if not of.confirmed_at:
            actions.drop_file(of=of)
        return HttpResponseRedirect(to(request, "projects:imports"))
    if request.POST.get("revision") == str(of.revision) and actions.say_yes(of=of, now=now()):
        tasks.begin_to_bring(of, now())
    return HttpResponseRedirect(to(request, "projects:check_file", number=of.pk))
