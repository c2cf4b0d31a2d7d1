"""What waits of recovery papers: to make them, to sign what another lead made, to check each, to lock keys to them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.chain.keys.models import EngagementKey
from alongside.chain.recovery import queries
from alongside.chain.recovery.models import PapersAsked
from alongside.core.grammar.keys import first_key, founding, signing_key
from alongside.core.kinds import EntryKind
from alongside.ground.record.steps import is_any, rows
from alongside.ground.ui.languages import listed
from alongside.ground.ui.steps import Desk, Step

READS = queries.KINDS


def _asked(desk: Desk) -> QuerySet[PapersAsked]:
    return PapersAsked.objects.filter(program=desk.program).select_related("seat")


def _unlocked(desk: Desk) -> QuerySet[EngagementKey] | None:
    papers = queries.papers_in(desk.once(rows), desk.today)
    return queries.to_lock(desk.program, papers, desk.viewer.person_id or 0) if papers else None


#: What waits seldom.
SELDOM = (_asked, _unlocked)


def steps(desk: Desk) -> list[Step]:
    """Tell a lead who has a key what comes next of the recovery papers: one step at a time."""
    log = desk.once(rows)
    if not founding(log) or first_key(log) or not desk.viewer.seat or not signing_key(log, desk.viewer.seat):
        return []
    heading, text = _next(desk)
    return [Step(heading, text, desk.to("reader:reader"))] if heading else []


def _next(desk: Desk) -> tuple[str, str]:
    papers = queries.papers_in(desk.once(rows), desk.today)
    asked = queries.papers_asked(desk.program, desk.today) if is_any(desk, _asked) else None
    if asked:
        text = _("Another lead made them. Meet this lead, type as many as open a key, and sign.")
        is_own = asked.seat.person_id == desk.viewer.person_id
        return ("", "") if is_own else (_("Sign the recovery papers"), text)
    if papers is None and desk.once(rows).every(EntryKind.RECOVERY_MADE):
        text = _(
            "Whoever made the ones before left, or has another key, so those count for no new engagement."
        )
        return _("Make new recovery papers"), text
    if papers is None:
        text = _("Together, some of them open what leads can open, should leads lose their keys.")
        return _("Make the recovery papers"), text
    if papers.unchecked and not queries.is_maker(papers, desk.viewer.person_id or 0):
        text = _("Nobody can speak before each is checked. To check: %(papers)s")
        return _("Check the recovery papers"), text % {"papers": listed(map(str, papers.unchecked))}
    if is_any(desk, _unlocked):
        return _("Lock keys to the recovery papers"), _("They do not open every key that you hold yet.")
    return "", ""
