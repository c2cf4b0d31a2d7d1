"""The apps of the house, in the order of their arrows."""

from importlib.util import find_spec

APPS = (
    "alongside.ground.ui",
    "alongside.ground.people",
    "alongside.ground.programs",
    "alongside.ground.record",
    "alongside.ground.texts",
    "alongside.ground.search",
    "alongside.ground.directory",
    "alongside.ground.news",
    "alongside.cohort.seats",
    "alongside.cohort.rules",
    "alongside.cohort.meetings",
    "alongside.cohort.messages",
    "alongside.cohort.calls",
    "alongside.cohort.applications",
    "alongside.cohort.reviews",
    "alongside.cohort.lotteries",
    "alongside.cohort.training",
    "alongside.cohort.pay",
    "alongside.work.registers",
    "alongside.work.projects",
    "alongside.work.invitations",
    "alongside.work.workplans",
    "alongside.work.partners",
    "alongside.work.engagements",
    "alongside.work.listening",
    "alongside.work.remarks",
    "alongside.work.consultations",
    "alongside.work.strategies",
    "alongside.chain.voices",
    "alongside.chain.keys",
    "alongside.chain.reader",
    "alongside.chain.proposals",
    "alongside.chain.recovery",
    "alongside.chain.opinions",
    "alongside.chain.findings",
    "alongside.chain.asks",
    "alongside.chain.referrals",
    "alongside.chain.answers",
    "alongside.chain.commitments",
    "alongside.chain.reports",
    "alongside.desks",
)


def on_disk(name: str) -> bool:
    """Say whether a module exists, without importing it."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
