"""A lead's own portfolio: the page, and the PDF with a name that is typed in for it and kept nowhere."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alongside.desks.keeping import Section, sections_of
from alongside.desks.paper import UnsetError, set_paper
from alongside.desks.queries.keeping import kept_of
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import language
from alongside.ground.ui.days import day_in_words

LONGEST = 120


class NameForm(forms.Form):
    """The name that the PDF shall bear, if any."""

    name = forms.CharField(
        label=_("Your name, as it shall stand on the paper"),
        max_length=LONGEST,
        required=False,
        help_text=_("It goes into the file and is kept nowhere. Leave it empty for a paper without a name."),
    )


@open_to(Role.PERSON)
def portfolio(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead what they take along, and give it as PDF with the name they type in; also when the seat is over."""
    kept = kept_of(request.program, request.viewer, lang_of(request), request.today)
    if kept is None:
        raise Http404
    sections = sections_of(kept, request.today)
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _file(set_paper("portfolio.typ", data_of(request, sections, form.cleaned_data["name"])))
        except UnsetError:
            cure = _(
                "Some letters cannot be set in a PDF here. Print this page instead and choose “Save as PDF”."
            )
            form.add_error(None, cure)
    response = render(request, "desks/portfolio.html", {"form": form, "sections": sections})
    response["Cache-Control"] = "private, no-store"
    return response


def data_of(request: ViewerRequest, sections: list[Section], name: str) -> dict[str, Any]:
    """Give what the template of the PDF reads: words alone, each with its language and direction."""
    here, program = language(lang_of(request)), request.pack.name.say(lang_of(request))
    day = {"day": day_in_words(request.today)}
    return {
        "title": gettext("Portfolio: %(program)s") % {"program": program},
        "name": name.strip(),
        "lang": here.tag[:2],
        "dir": here.dir,
        "intro": gettext("Work as a community lead, counted from the public record on %(day)s.") % day,
        "check": gettext("Anyone can check this at %(address)s")
        % {"address": request.build_absolute_uri(to(request, "record:entries"))},
        "sections": [_section(one, here.code) for one in sections],
    }


def _section(one: Section, lang: str) -> dict[str, Any]:
    lines = [
        {
            "title": line.title,
            "lang": language(line.lang or lang).tag[:2],
            "dir": language(line.lang or lang).dir,
            "text": line.text,
        }
        for line in one.lines
    ]
    return {"heading": one.heading, "why": one.why, "lines": lines}


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="portfolio.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
