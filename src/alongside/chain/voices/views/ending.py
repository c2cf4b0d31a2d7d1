"""The community body destroys a key, second to a lead, where too few leads can. It never reads with one."""

from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.chain.voices.actions import keys
from alongside.chain.voices.models import EngagementKey
from alongside.ground.gate.roles import NotOpenToYou, Role, ViewerRequest, open_to, or_404
from alongside.ground.ui.addresses import to
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.press import Typed, posted, press


@open_to(Role.PERSON)
def destroy(request: ViewerRequest, entry: int) -> HttpResponseBase:
    """Let whoever acts for the community body destroy a key that one lead asked to destroy."""
    if not request.viewer.body:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    key = or_404(EngagementKey.objects.filter(program=request.program, entry=entry).first())
    if key.destroyed is not None:
        raise AlreadyDoneError(to(request, "record:entry", index=key.destroyed))
    form = Form(posted(request))

    def act(_typed: Typed) -> None:
        about = {"program": request.program, "key": key, "body": request.viewer.body}
        keys.destroy_key_as_body(**about, now=request.now)

    return press(request, form, act, after(to(request, "commitments:checks"), Done.RECORDED)) or render(
        request, "voices/destroy.html", {"engagement": key.engagement, "form": form}
    )
