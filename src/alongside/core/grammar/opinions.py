"""Opinion maps: which votes were drawn, by what, and the hash of what came out."""

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.engagements import ENGAGEMENT
from alongside.core.grammar.releases import name
from alongside.core.grammar.shape import Kind, fail, fields, hex64
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.engagements import course_at


def is_drawn_after_the_last_day(entry: Entry, log: LogView) -> None:
    """Refuse the last map of an engagement while people can still choose, and a second one: nobody draws until it pleases."""
    promise = entry.cites["engagement"][0]
    course = course_at(promise, log)
    if course and course.is_taking(entry.date):
        fail("people can judge statements to {day}; the map is drawn the day after.", day=course.closes)
    if log.citing(promise, EntryKind.MAP_DRAWN):
        fail("the map of this engagement is drawn already; nothing more is needed.")


KINDS = (
    Kind(
        name=EntryKind.MAP_DRAWN,
        heading=_("The opinion map"),
        did=_("judged statements"),
        sentence=_(
            "The map of what people agreed and disagreed with was drawn after the last day. Its page shows it, in a picture and in words. Who keeps the choices can compute it again, and compare."
        ),
        says="The last map of an engagement: hashes of the votes (with a salt that stays with them), of the parameters and of the result, and what computed it.",
        pen="community",
        by=("clock",),
        data={
            "votes": hex64,
            "parameters": hex64,
            "result": hex64,
            "computed_by": fields({"method": name, "numpy": name, "scipy": name}),
        },
        cites=ENGAGEMENT,
        rules=(is_drawn_after_the_last_day,),
        first=3,
    ),
)
