"""What a pack forbids to ask, found in a question."""

from dataclasses import dataclass

from alongside.core.policy.folding import Folded, fold_lightly, ways_to_read
from alongside.core.policy.pack import Pack
from alongside.core.policy.shapes import Topic
from alongside.core.policy.words import Words


@dataclass(frozen=True)
class Hit:
    """A forbidden topic in a question. `where` is the span in the text as written, `found` what stands there."""

    topic: str
    name: Words
    statute: str
    reason: Words
    where: tuple[int, int]
    found: str


def lint_question(text: str, pack: Pack) -> list[Hit]:
    """Tell which forbidden topics of a pack a text asks about: one hit a topic, where it first stands.

    Read every text a person will see in a form with it: question, hint and each choice. Patterns of all
    languages are tried, so that a question in two languages is read too. No hits means that the text may
    be asked; a clever writer can still ask around it, which is why two people sign a promise.
    """
    light, heavy = fold_lightly(text), ways_to_read(text)
    hits = [_hit(topic, text, light, heavy) for topic in pack.forbidden]
    return [hit for hit in hits if hit is not None]


def _hit(topic: Topic, text: str, light: Folded, heavy: tuple[Folded, ...]) -> Hit | None:
    spans = [span for many in topic.patterns.values() for one in many for span in one.spans(light, heavy)]
    if not spans:
        return None
    fine = [span for many in topic.unless.values() for one in many for span in one.spans(light, heavy)]
    left = [span for span in spans if not any(a <= span[0] and span[1] <= b for a, b in fine)]
    if not left:
        return None
    start, end = min(left)
    return Hit(topic.id, topic.name, topic.statute, topic.reason, (start, end), text[start:end])
