"""What the texts of an entry are called on pages, in plain words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.ground.record.labels import is_from_sources

#: What a text of an entry is called beside its translation; a number follows where there are several.
TEXTS: dict[str, str | Promise] = {
    "about": _("What it is about"),
    "access": _("What you can count on"),
    "advised_by": _("Words"),
    "advice": _("What the leads advise"),
    "agenda": _("Agenda"),
    "appeal": _("How to object"),
    "ask": _("What was asked"),
    "asked_again": _("Why we ask again"),
    "can_change": _("What can change"),
    "cannot_change": _("What cannot change"),
    "changes": _("How this charter changes"),
    "check": _("What the leads saw"),
    "choosing": _("How people are chosen"),
    "claim": _("What the City says"),
    "clarification": _("Words"),
    "conduct": _("How we treat each other, and when a seat ends"),
    "consent": _("What their words are used for"),
    "consultation": _("How the public was asked"),
    "contest": _("Words"),
    "correction": _("The correction, and why"),
    "data_used": _("What data it uses"),
    "datasets": _("Datasets"),
    "decision": _("Decision"),
    "decisions": _("How we decide"),
    "documents": _("Documents"),
    "doing": _("What you would do"),
    "evidence": _("Evidence"),
    "file": _("The file"),
    "form": _("The questions"),
    "ground": _("On what ground"),
    "license": _("License"),
    "link": _("Where it stands"),
    "links": _("Links"),
    "meetings": _("How we meet"),
    "minority": _("Minority position"),
    "minutes": _("Minutes"),
    "name": _("Name"),
    "open": _("What is still open"),
    "outcome": _("What was decided"),
    "oversight": _("Who watches over it"),
    "people_in_data": _("What it knows of people"),
    "plan": _("The workplan"),
    "position": _("Minority position"),
    "purpose": _("What it is for"),
    "question": _("The question"),
    "quote": _("Words"),
    "reading": _("Who can read what you write"),
    "reason": _("The reason"),
    "reasons": _("Reasons"),
    "reply": _("Words"),
    "role": _("Words"),
    "seed_source": _("Where the seed comes from"),
    "seeks": _("Whom the call seeks"),
    "source": _("Where the file comes from"),
    "sources": _("Source"),
    "statement": _("What we heard"),
    "summary": _("What it is about"),
    "title": _("In one line"),
    "vendors": _("Who sells or runs it"),
    "what": _("What the leads should look at"),
    "widened": _("The reason"),
    "words": _("Words"),
}


#: What a text is called in an entry from old sources, where nobody here heard or said it.
FROM_SOURCES: dict[str, str | Promise] = {"statement": _("What the source says")}


def text_called(name: str, kind_of_entry: str = "") -> str:
    """Say what a text of an entry is called, such as `minutes` or `decision-2`; its own name where we have no words."""
    if is_from_sources(kind_of_entry) and name in FROM_SOURCES:
        return str(FROM_SOURCES[name])
    kind, _dash, number = name.rpartition("-") if name.rpartition("-")[2].isdecimal() else (name, "", "")
    return f"{TEXTS[kind]} {number}".strip() if kind in TEXTS else name
