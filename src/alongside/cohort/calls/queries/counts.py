"""What applicants are counted by, where the pack demands it: ranges by answer, tied to no application and to no reader."""

from dataclasses import dataclass
from datetime import date, timedelta

from alongside.cohort.calls.models import Call, DemographicCount
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy.pack import Pack

NOT_SAID = "rather-not-say"


@dataclass(frozen=True)
class Counted:
    """One answer with how many gave it, as a range; empty words stand for those who would rather not say."""

    words: str
    lang: str
    count: Band | Fewer

    @property
    def is_small(self) -> bool:
        """Say whether fewer than k gave it."""
        return isinstance(self.count, Fewer)


@dataclass(frozen=True)
class Asked:
    """One question that the pack demands, with the rule and its answers."""

    words: str
    lang: str
    rule: str
    rows: list[Counted]


def shown_from(call: Call) -> date:
    """Give the day from which counts are shown: nobody can apply any more, so none is seen to move with a person."""
    return call.closes + timedelta(days=1)


def counts_of(call: Call, pack: Pack, lang: str, today: date) -> list[Asked]:
    """Give the counts of a call by the pack's questions, every number as a range; none before `shown_from`. One query."""
    if today < shown_from(call):
        return []
    rows = DemographicCount.objects.filter(call=call).values_list("question", "choice", "count")
    there = {(question, choice): count for question, choice, count in rows}
    found = []
    for one in pack.calls.asked:
        answers = [(each.id, each.words.say(lang), each.words.lang_of(lang)) for each in one.choices]
        counted = [
            Counted(words, told, band(there.get((one.id, choice), 0), pack))
            for choice, words, told in [*answers, (NOT_SAID, "", lang)]
        ]
        found.append(Asked(one.words.say(lang), one.words.lang_of(lang), one.rule, counted))
    return found
