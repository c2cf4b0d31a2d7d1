"""A lead, or a manager, agrees that a text is taken down, and gets the code that the operator needs."""

from datetime import UTC, datetime

from django.forms import Form
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from alongside.core.clocks import local_date
from alongside.core.grammar import GrammarError
from alongside.core.grammar.v1.workplans import COMMUNITY
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import to
from alongside.ground.look.refusals import said
from alongside.ground.record import agreeing, queries
from alongside.ground.record.forms import AgreeForm, ResumeForm
from alongside.ground.record.signing import halted


def has_weight(request: AskedHttpRequest, form: Form, by: str) -> bool:
    """Say whether who agrees has a lead's weight, if they are a lead; tell on the form from when on, if not."""
    try:
        agreeing.refuse_a_new_seat(request.program, by, local_date(datetime.now(tz=UTC), request.pack))
    except GrammarError as error:
        form.add_error(None, said(error, request.pack))
    return not form.errors


@never_cache
@open_to(Role.LEAD, Role.MANAGER)
def agree(request: AskedHttpRequest, index: int) -> HttpResponseBase:
    """Choose the text and write the ground; then show the code once. Nothing is taken down here, and nothing kept."""
    about = queries.entries_at(request.program, [index]).get(index)
    names = list(queries.hashes_standing(request.program, about)) if about else []
    if about is None or not names:
        raise Http404
    owners = queries.who_must_agree(request.program, about)
    by = agreeing.pen_of(request.asker, owners)
    form = AgreeForm(request.POST or None if by else None, names=names, kind=about.kind)
    line = ""
    if request.method == "POST" and by and form.is_valid() and has_weight(request, form, by):
        name, program = form.cleaned_data["name"], request.program.slug
        given = {"ground": form.cleaned_data["ground"], "by": by}
        code = agreeing.agree(program=program, entry=index, name=name, **given)
        words = ["alongside", "text", "take-down", program, str(index), name, given["ground"], code]
        line = agreeing.command(words)
    back = to(request, "record:entry", index=index)
    context = {"form": form, "index": index, "line": line, "back": back, "owners": "" if by else owners}
    context["takes_both"] = len(owners) > 1 and COMMUNITY in owners
    return render(request, "record/agree.html", context)


@never_cache
@open_to(Role.LEAD)
def agree_to_resume(request: AskedHttpRequest) -> HttpResponseBase:
    """Read what is missing, write why the record goes on without it, and get the code that the operator needs."""
    stand, program = request.stand, request.program
    if stand is None or not halted(program, stand.size):
        raise Http404
    form = ResumeForm(request.POST or None)
    line = ""
    if request.method == "POST" and form.is_valid() and has_weight(request, form, request.asker.seat or ""):
        reason = form.cleaned_data["reason"]
        asked = {
            "entry": stand.size,
            "name": agreeing.RESUME,
            "ground": reason,
            "by": request.asker.seat or "",
        }
        code = agreeing.agree(program=program.slug, **asked)
        words = ["alongside", "record", "resume", program.slug, "--without-mirror", reason, "--code", code]
        line = agreeing.command(words)
    context = {"form": form, "line": line, "kept": stand.size, "back": to(request, "record:entries")}
    return render(request, "record/resume.html", context)


agree_to_resume.while_halted = True  # type: ignore[attr-defined]  # a mark that the middleware reads
