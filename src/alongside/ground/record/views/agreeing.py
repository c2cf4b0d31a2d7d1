"""A lead, or a manager, agrees that a text is taken down, and gets the code that the operator needs."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from alongside.ground.gate import AskedHttpRequest, Asker, Role, open_to
from alongside.ground.record import agreeing, queries
from alongside.ground.record.forms import AgreeForm


@never_cache
@open_to(Role.LEAD, Role.MANAGER)
def agree(request: AskedHttpRequest, index: int) -> HttpResponseBase:
    """Choose the text and write the ground; then show the code once. Nothing is taken down here, and nothing kept."""
    texts = queries.texts_in_all(request.program, index)
    if texts is None:
        raise Http404
    form = AgreeForm(request.POST or None, names=list(texts.originals))
    code = ""
    if request.method == "POST" and form.is_valid():
        given = {"program": request.program.slug, "entry": index, "by": _pen(request.asker)}
        code = agreeing.agree(name=form.cleaned_data["name"], ground=form.cleaned_data["ground"], **given)
    return render(request, "record/agree.html", {"form": form, "texts": texts, "code": code})


def _pen(asker: Asker) -> str:
    """Give the actor who agrees: a lead's seat, or the office that signs for a unit."""
    return asker.seat or asker.office_in(min(asker.manages), signing=True) or ""
