"""What communities said before: on the same project, or in words like these; and which of it has no answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from alongside.core.grammar.v1.again import SAID_BEFORE
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Standing
from alongside.ground.record.queries.searching import Narrowed, called_like
from alongside.ground.record.queries.standing import standings
from alongside.ground.record.queries.telling import Told, indexes_citing, log_of, told

OWED = ("asked", "acknowledged", "deferred", "contested")
#: How many things in words like these are looked at.
MOST = 30


@dataclass(frozen=True)
class SaidBefore:
    """Something a community said or asked, and where it stands if it was asked of the City."""

    told: Told
    standing: Standing | None
    is_unanswered: bool

    @property
    def name(self) -> str:
        """Name the text that says what it is."""
        return next((one for one in ("title", "statement", "advice", "words") if one in self.told.texts), "")

    @property
    def said(self) -> str:
        """Give what was said, or an empty string where it was taken down."""
        return self.told.say(self.name)

    @property
    def lang(self) -> str:
        """Give the language that it is shown in."""
        return self.told.lang(self.name)


def said_before(
    program: Program, lang: str, *, titles: Iterable[str], project: int | None = None
) -> list[SaidBefore]:
    """List what communities said on a project, by its entry, or in words like these titles: what has no answer first.

    A thing is like a title if it is called by half of the words of it that are not everywhere, and by two of them.
    Nine queries, and four for each title.
    """
    log = log_of(program)
    if log is None:
        return []
    about = _on_project(program, project) if project is not None else set[int]()
    for title in titles:
        about.update(one.about for one in called_like(log, title, Narrowed(), MOST) if one.source == "entry")
    words = {index: one for index, one in told(program, about, lang).items() if one.entry.kind in SAID_BEFORE}
    found = seen_before(program, list(words.values()))
    return sorted(found, key=lambda one: (not one.is_unanswered, -one.told.index))


def seen_before(program: Program, found: Sequence[Told]) -> list[SaidBefore]:
    """Say where stands what a promise cites as said before. Two queries; none where it cites nothing."""
    if not found:
        return []
    stand = {one.ask: one for one in standings(program, ask__in=[one.index for one in found])}
    answers = indexes_citing(program, [one.index for one in found], ["reconstructed.answer"])
    replied = {cited for _citing, _kind, cited in answers}
    return [_said(one, stand.get(one.index), one.index in replied) for one in found]


def answered_on(program: Program, lang: str, project: int, most: int) -> list[tuple[Told, Told]]:
    """List what was asked on a project, each with its answer or what the office above replied, the newest first.

    Eight queries at most.
    """
    near = indexes_citing(program, _on_project(program, project), ["answer.given", "ask.raised"])
    raised = {citing: ask for citing, kind, ask in near if kind == "ask.raised"}
    above = indexes_citing(program, raised, ["raise.replied"])
    rows = [(ask, answer) for answer, kind, ask in near if kind == "answer.given"]
    rows = sorted([*rows, *((raised[one], reply) for reply, _kind, one in above)], key=itemgetter(1))[-most:]
    words = told(program, {index for row in rows for index in row}, lang)
    return [(words[ask], words[answer]) for ask, answer in reversed(rows)]


def _said(one: Told, standing: Standing | None, is_replied: bool) -> SaidBefore:  # noqa: FBT001 -- a fact beside two others
    old = one.entry.kind == "reconstructed.ask" and not is_replied
    return SaidBefore(one, standing, old or (standing is not None and standing.state in OWED))


def _on_project(program: Program, project: int) -> set[int]:
    """Find what was said in the engagements and consultations on a project, and the harm that was named. Three queries."""
    kinds = ("decision.scheduled", "consultation.opened", "harm.named")
    near = indexes_citing(program, [project], kinds)
    points = [citing for citing, _kind, _cited in near]
    held = _citing(program, points, ("engagement.promised", "consultation.opened"))
    said = _citing(program, [*points, *held], SAID_BEFORE)
    return {*points, *held, *said, *_citing(program, said, SAID_BEFORE)}


def _citing(program: Program, cited: Sequence[int], kinds: Sequence[str]) -> list[int]:
    return [citing for citing, _kind, _cited in indexes_citing(program, cited, kinds)]
