"""Read report-backs: what leads write, and the one page people read."""

from dataclasses import dataclass

from alongside.chain.reports.models import ReportDraft
from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.queries import EntryView


@dataclass(frozen=True)
class Reporting:
    """An engagement whose people are to hear back."""

    promise: EntryView
    languages: list[str]
    draft: ReportDraft | None
    report: EntryView | None
    is_closed: bool
    covers: list[int]

    @property
    def is_to_say(self) -> bool:
        """Say whether leads write it: there is none yet, or words of it were taken down."""
        return self.report is None or set(self.report.texts) < set(self.report.entry.texts)


def reporting(program: Program, promise: int, lang: str) -> Reporting | None:
    """Give an engagement's report-back as far as it is, or None where there is no such promise. Five queries."""
    citing = record.indexes_citing(program, [promise])
    reports = [one for one, kind, _cited in citing if kind == EntryKind.REPORT_PUBLISHED]
    told = record.entry_views(program, [promise, *reports], lang)
    found = told.get(promise)
    if found is None or found.entry.kind != EntryKind.ENGAGEMENT_PROMISED:
        return None
    kinds = (EntryKind.ASK_RECOMMENDED, EntryKind.ASK_QUESTIONED, EntryKind.FINDING_PUBLISHED)
    return Reporting(
        promise=found,
        languages=list(found.entry.data["languages"]),
        draft=ReportDraft.objects.filter(program=program, promise=promise).first(),
        report=told[reports[-1]] if reports else None,
        is_closed=any(kind == EntryKind.ENGAGEMENT_CLOSED for _one, kind, _cited in citing),
        covers=[one for one, kind, _cited in citing if kind in kinds][:200],
    )
