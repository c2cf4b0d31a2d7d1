"""Where a comment's place is, in words: for the leads' pages, and for the advice that quotes it."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.work.consultations.models import Comment
from alongside.work.consultations.queries.guides import heading_of

#: Where on a page, in the order of reading.
REGIONS: dict[str, str | Promise] = {
    "top-start": gettext_lazy("At the top, where a line begins"),
    "top-middle": gettext_lazy("At the top, in the middle"),
    "top-end": gettext_lazy("At the top, where a line ends"),
    "middle-start": gettext_lazy("Halfway down, where a line begins"),
    "middle": gettext_lazy("In the middle"),
    "middle-end": gettext_lazy("Halfway down, where a line ends"),
    "bottom-start": gettext_lazy("At the bottom, where a line begins"),
    "bottom-middle": gettext_lazy("At the bottom, in the middle"),
    "bottom-end": gettext_lazy("At the bottom, where a line ends"),
}
FIRST_STRONG, POP = "\u2068", "\u2069"  # words of another language keep their own direction
LONGEST = 160


def place_of(comment: Comment, product: str) -> str:
    """Say what a comment is about, in the language of the page: a place and a version, a heading, or the whole."""
    place = _of_anchor(comment.anchor)
    heading = heading_of(product, comment.heading)
    if not place:
        place = str(heading.name) if heading else _("The whole of it")
    if comment.version is None:
        return place
    return _("%(place)s, version %(n)d") % {"place": place, "n": comment.version.number}


def _of_anchor(anchor: dict[str, object]) -> str:
    kind = anchor.get("kind")
    if kind == "words":
        return _("The words %(words)s") % {"words": _quoted(anchor["exact"])}
    if kind == "cells" and "row" in anchor and "column" in anchor:
        return _("Row %(row)d, column %(name)s") % {"row": anchor["row"], "name": _quoted(anchor["name"])}
    if kind == "cells" and "column" in anchor:
        return _("The column %(name)s") % {"name": _quoted(anchor["name"])}
    if kind == "cells":
        return _("Row %(row)d") % {"row": anchor["row"]}
    if kind == "page":
        page = _("Page %(n)d") % {"n": anchor["page"]} if anchor["page"] else ""
        return ": ".join(filter(None, [page, str(REGIONS.get(str(anchor["region"]), ""))]))
    return _quoted(anchor["where"]) if kind == "where" else ""


def _quoted(words: object) -> str:
    said = " ".join(str(words).split())
    short = said if len(said) <= LONGEST else said[:LONGEST].rpartition(" ")[0] + " …"
    return f"{FIRST_STRONG}“{short}”{POP}"
