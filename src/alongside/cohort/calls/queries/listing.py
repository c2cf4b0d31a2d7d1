"""The list of panels as the steward sees it before the lottery is announced: how it came out, and everyone's chance."""

from collections import Counter
from dataclasses import dataclass

from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries.balancing import Balanced, facts_of, panels_asked, told_quotas
from alongside.core.policy.pack import Pack
from alongside.core.quotas import PANELS, Quota, chances, short_of
from alongside.core.workflow.calls import PanelsStage


@dataclass(frozen=True)
class PanelsPage:
    """Where the list stands; `state` is empty where nobody asked for one."""

    state: str
    quotas: list[Quota]
    told: list[Balanced]
    short: frozenset[tuple[str, str]] = frozenset()
    smallest: int = 0
    largest: int = 0
    count: int = PANELS

    @property
    def is_done(self) -> bool:
        """Say whether the list was made, or it is known why not."""
        return self.state not in {"", PanelsStage.WAITING}


def panels_page(call: Call, pack: Pack, lang: str) -> PanelsPage:
    """Give how the list of panels came out; counts of a pool as ranges. Four queries."""
    asked = panels_asked(call)
    if asked is None:
        return PanelsPage("", [], [])
    quotas = [Quota(**one) for one in asked.quotas]
    made = getattr(asked, "made", None)
    if made is None:
        return PanelsPage(PanelsStage.WAITING, quotas, told_quotas(asked.quotas, pack, lang))
    members = list(call.applications.live().filter(pk__in=made.members).values_list("pk", flat=True))
    facts = {str(one): values for one, values in facts_of(members, quotas).items()}
    counts = Counter(pair for values in facts.values() for pair in values.items())
    short = short_of(quotas, facts, call.seats) if made.problem == PanelsStage.SHORT else []
    spread = chances(made.panels, range(len(made.members))) if made.panels else {}  # type: ignore[arg-type]  # places stand for tickets here
    return PanelsPage(
        state=made.problem or PanelsStage.MADE,
        quotas=quotas,
        told=told_quotas(asked.quotas, pack, lang, counts),
        short=frozenset((one.category, one.value) for one in short),
        smallest=min(spread.values(), default=0),
        largest=max(spread.values(), default=0),
        count=len(made.panels),
    )
