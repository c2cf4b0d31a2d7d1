"""What communities said before on the subject of a draft, and which of it has no answer."""

from dataclasses import dataclass
from typing import Any

from alongside.ground.record.queries import SaidBefore, said_before
from alongside.work.engagements.models import Engagement

#: The record takes no more of them.
MOST_CITED = 50


@dataclass(frozen=True)
class Before:
    """What was said before, what has no answer first; and the reason for asking again, by language."""

    said: list[SaidBefore]
    reasons: dict[str, str]

    @property
    def unanswered(self) -> list[SaidBefore]:
        """List what has no answer."""
        return [one for one in self.said if one.is_unanswered]

    @property
    def lacks_reason(self) -> bool:
        """Say whether something has no answer and nobody says why it is asked again."""
        return bool(self.unanswered) and not self.reasons

    @property
    def cited(self) -> list[int]:
        """Give the entries that the promise cites, where it says why it asks again."""
        return sorted(one.told.index for one in self.said[:MOST_CITED]) if self.reasons else []


def asked_before(engagement: Engagement, lang: str = "en") -> Before:
    """Give what communities said before on a draft's project, or in words like its title in any of its languages."""
    words: dict[str, dict[str, Any]] = engagement.words
    titles = dict.fromkeys(texts["title"] for texts in words.values() if texts.get("title"))
    project = engagement.decision.project.entry if engagement.decision else None
    reasons = {code: texts["asked_again"] for code, texts in words.items() if texts.get("asked_again")}
    return Before(said_before(engagement.program, lang, titles=titles, project=project), reasons)
