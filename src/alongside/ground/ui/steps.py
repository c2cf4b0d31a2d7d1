"""What waits for someone, and what comes: apps give their steps, a desk collects and shows them."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from alongside.ground.gate.roles import Role, ViewerRequest
from alongside.ground.ui.addresses import ground_of, lang_of, to_from
from alongside.ground.ui.days import late_by

#: Who takes a step, where it is neither an office nor a lead who is named; the steward alone reads who takes which.
THE_STEWARD = gettext_lazy("You")
THE_LEADS = gettext_lazy("The community leads")
#: So far the steward's desk looks ahead.
AHEAD = timedelta(days=60)
#: What comes so soon stands open on every desk.
SOON = timedelta(days=7)
IN_SOON = format_lazy(gettext_lazy("In the next {days} days"), days=SOON.days)


class Step(NamedTuple):
    """A step that someone takes: a heading, one sentence, and the page that takes it in. A desk makes hundreds and shows some.

    Where it is about an entry, its heading says %(what)s instead of the entry's words: a desk reads those of the steps
    that it shows, all at once.
    """

    heading: str
    text: str | Promise
    href: str
    pen: str = "community"
    state: str = "owed"
    #: On the desks of staff: who takes it, what they do or where it stands, and by which day.
    owner: str | Promise = ""
    step: str | Promise = ""
    due: date | None = None
    #: Whether it waits now; else its day comes.
    waits: bool = True
    #: Whether it is done and goes on the record by itself: it can be called back, and waits for nobody.
    leaves_by_itself: bool = False
    #: Whether it stands before all else: it helps somebody to begin, or is held today.
    is_first: bool = False
    #: Whether it only tells what came of something: there is nothing to do.
    is_news: bool = False
    #: The day on which it came: of news the newest stands first, of what is due on one day the oldest.
    came: date | None = None
    #: The entry that it waits for, where others come to the same place: who sets it aside sets none of those aside.
    entry: int | None = None
    #: The language of the heading, where it is somebody's words.
    lang: str = ""
    #: Whether nobody but the viewer can take it; at a lead's desk, any lead can take all else.
    is_own: bool = False
    #: Whether it stands right after what ends today or tomorrow: what somebody wrote may name a day itself.
    is_soon: bool = False
    #: What somebody wrote, by its first words, and their language.
    wrote: str = ""
    wrote_in: str = ""
    #: What it is chosen by, where many of its kind can be done together.
    pick: int | None = None
    #: The entry that it is about, which of its texts names that, and what names it where that was taken down.
    about: int | None = None
    named: str = "title"
    instead: str = ""


class Desk:
    """The desk at which somebody sits today in one of their roles: the lead's week, the office desk, the steward's desk.

    `reads` are the kinds of entries that the apps at it look at, so that they are read at once; `seldom` is what they
    seldom find, so that one query tells of what there is any.
    """

    def __init__(
        self, request: ViewerRequest, role: Role, reads: Iterable[str] = (), seldom: Iterable["Seldom"] = ()
    ) -> None:
        self.request, self.role, self.reads, self.seldom = request, role, tuple(reads), tuple(seldom)
        self.program, self.pack, self.viewer = request.program, request.pack, request.viewer
        self.lang, self.today = lang_of(request), request.today
        self._ground = ground_of(request)
        self._read: dict[object, Any] = {}

    def to(self, name: str, **kwargs: object) -> str:
        """Give the address of a page by its name."""
        return to_from(self._ground, name, **kwargs)

    def name_of(self, app: str, href: str, entry: int | None = None) -> str:
        """Name a step by its app, its place and its entry, the same in every language, so that nothing of its words is kept."""
        return f"{app}:{href.partition(f'/{self.lang}/')[2]}" + ("" if entry is None else f"~{entry}")

    def is_near(self, day: date | None) -> bool:
        """Say whether a day comes so soon that the steward's desk shows it."""
        return day is not None and self.today <= day <= self.today + AHEAD

    def state(self, due: date | None) -> str:
        """Say whether something that is due on a day is late or owed."""
        return "late" if due is not None and due < self.today else "owed"

    def dated(
        self,
        heading: str,
        href: str,
        due: date,
        *,
        owner: str | Promise,
        step: str | Promise,
        text: str = "",
        pen: str = "community",
        **about: Any,
    ) -> Step:
        """Give what comes on a day, or is late since then: who takes it, what they do, and what it is about."""
        state = self.state(due)
        text = late_by((self.today - due).days) if state == "late" else text
        return Step(heading, text, href, pen, state, owner, step, due, waits=False, **about)

    def once[T](self, read: Callable[["Desk"], T]) -> T:
        """Read once what several apps, or an app and the page around it, show."""
        if read not in self._read:
            self._read[read] = read(self)
        found: T = self._read[read]
        return found


#: Gives the rows of which there is seldom any for whoever sits at a desk; None where that desk does not show them.
type Seldom = Callable[[Desk], QuerySet[Any] | None]
