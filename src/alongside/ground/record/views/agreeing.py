"""A lead, or a manager, agrees that a text is taken down, and gets the code that the operator needs."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import to
from alongside.ground.record import agreeing, queries
from alongside.ground.record.forms import AgreeForm, ResumeForm
from alongside.ground.record.signing import halted


@never_cache
@open_to(Role.LEAD, Role.MANAGER)
def agree(request: AskedHttpRequest, index: int) -> HttpResponseBase:
    """Choose the text and write the ground; then show the code once. Nothing is taken down here, and nothing kept."""
    texts = queries.texts_in_all(request.program, index)
    if texts is None:
        raise Http404
    form = AgreeForm(request.POST or None, names=list(texts.originals), kind=texts.entry.kind)
    line = ""
    if request.method == "POST" and form.is_valid():
        name, program = form.cleaned_data["name"], request.program.slug
        given = {"ground": form.cleaned_data["ground"], "by": agreeing.pen_of(request.asker)}
        code = agreeing.agree(program=program, entry=index, name=name, **given)
        words = ["alongside", "text", "take-down", program, str(index), name, given["ground"], code]
        line = agreeing.command(words)
    back = to(request, "record:entry", index=index)
    return render(request, "record/agree.html", {"form": form, "index": index, "line": line, "back": back})


@never_cache
@open_to(Role.LEAD)
def agree_to_resume(request: AskedHttpRequest) -> HttpResponseBase:
    """Read what is missing, write why the record goes on without it, and get the code that the operator needs."""
    stand, program = request.stand, request.program
    if stand is None or not halted(program, stand.size):
        raise Http404
    form = ResumeForm(request.POST or None)
    line = ""
    if request.method == "POST" and form.is_valid():
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
