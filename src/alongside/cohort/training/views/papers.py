"""The papers of a completed track: the certificate, the proof without a name, the letter, the credential."""

import json
from datetime import UTC, datetime

import segno
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from alongside.cohort.training import actions, queries
from alongside.cohort.training.forms import CredentialForm, LetterWish
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to


def _paper(request: AskedHttpRequest, completion: int) -> queries.PaperShown:
    found = queries.completion_for(request.program, request.asker, completion, lang_of(request))
    if found is None:
        raise Http404
    return found


def _back(request: AskedHttpRequest, completion: int, anchor: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(to(request, "training:papers", completion=completion) + f"#{anchor}")


@open_to(Role.PERSON)
def papers(request: AskedHttpRequest, completion: int) -> HttpResponseBase:
    """Show the owner the papers of a completed track, and let them choose."""
    context = {
        "paper": _paper(request, completion),
        "wish": LetterWish(),
        "credential": CredentialForm(),
        "mail": bool(getattr(request.user, "email", None)),
    }
    return render(request, "training/papers.html", context)


@open_to(Role.PERSON)
def certificate(request: AskedHttpRequest, completion: int) -> HttpResponseBase:
    """Give the certificate to print, with a QR to the proof where its owner opened one."""
    found = _paper(request, completion)
    address = ""
    if found.proof:
        address = request.build_absolute_uri(to(request, "training:proof", token=found.proof.token))
    context = {"paper": found, "address": address, "code": _code(address) if address else ""}
    return render(request, "training/certificate.html", context)


def _code(address: str) -> SafeString:
    """Draw an address as a QR, as SVG without styles."""
    made = segno.make(address, error="m", micro=False)
    drawn = made.svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308 -- segno draws squares from an address that we built


@open_to(Role.PERSON)
@require_POST
def switch(request: AskedHttpRequest, completion: int) -> HttpResponseBase:
    """Open the proof, or close it."""
    found, now = _paper(request, completion), datetime.now(tz=UTC)
    act = actions.close_proof if found.proof else actions.open_proof
    act(completion=found.completion, now=now)
    return _back(request, completion, "proof")


@open_to(Role.EVERYONE)
def proof(request: AskedHttpRequest, token: str) -> HttpResponseBase:
    """Say to whoever holds the paper what was completed, without a name; nobody may keep the page."""
    found = queries.proof_by_token(request.program, token, lang_of(request))
    response = render(request, "training/proof.html", {"proof": found}, status=200 if found else 404)
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.PERSON)
@require_POST
def ask_letter(request: AskedHttpRequest, completion: int) -> HttpResponseBase:
    """Ask the program for a letter."""
    found, form = _paper(request, completion), LetterWish(request.POST)
    if form.is_valid() and not found.letter:
        actions.ask_letter(
            completion=found.completion, wish=form.cleaned_data["wish"], now=datetime.now(tz=UTC)
        )
    return _back(request, completion, "letter")


@open_to(Role.PERSON)
def letter(request: AskedHttpRequest, completion: int) -> HttpResponseBase:
    """Give the letter to print."""
    found = _paper(request, completion)
    if found.written is None:
        raise Http404
    return render(request, "training/letter.html", {"paper": found})


@open_to(Role.PERSON)
@require_POST
def issue(request: AskedHttpRequest, completion: int) -> HttpResponseBase:
    """Sign the credential."""
    found, form = _paper(request, completion), CredentialForm(request.POST)
    wants = form.is_valid() and form.cleaned_data["with_mail"]
    actions.issue_credential(
        completion=found.completion, lang=lang_of(request), with_mail=wants, now=datetime.now(tz=UTC)
    )
    return _back(request, completion, "credential")


@open_to(Role.PERSON)
def credential(request: AskedHttpRequest, completion: int) -> HttpResponseBase:
    """Give the credential as a file."""
    found = _paper(request, completion)
    if found.credential is None:
        raise Http404
    document = json.dumps(found.credential.document, ensure_ascii=False, indent=2)
    response = HttpResponse(document, content_type="application/vc")
    response["Content-Disposition"] = f'attachment; filename="{found.completion.track.slug}.credential.json"'
    return response
