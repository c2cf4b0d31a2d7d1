"""The community body destroys a key, second to a lead, where too few leads can. It never reads with one."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.chain.voices import actions
from alongside.chain.voices.models import EngagementKey
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import NotOpenToYou, Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import to
from alongside.ground.ui.done import Done, DoneAlready, after
from alongside.ground.ui.refusals import refusal_text


@open_to(Role.PERSON)
def destroy(request: ViewerRequest, entry: int) -> HttpResponseBase:
    """Let whoever acts for the community body destroy a key that one lead asked to destroy."""
    if not request.viewer.body:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    keys = EngagementKey.objects.filter(program=request.program, entry=entry).select_related("destroyed")
    if (key := keys.first()) is None:
        raise Http404
    if hasattr(key, "destroyed"):
        raise DoneAlready(to(request, "record:entry", index=key.destroyed.entry))
    problem = ""
    if request.method == "POST":
        given = {"program": request.program, "key": key, "body": request.viewer.body}
        try:
            actions.destroy_key_as_body(**given, now=request.now)
        except (Refused, actions.LegalHoldError) as error:
            problem = refusal_text(error, request.pack)
        else:
            return HttpResponseRedirect(after(to(request, "commitments:checks"), Done.RECORDED))
    return render(request, "voices/destroy.html", {"engagement": key.engagement, "problem": problem})
