"""What differs between two policy packs, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from alongside.core.policy.pack import Pack
from alongside.core.policy.parts import differences
from alongside.core.policy.shapes import Retention
from alongside.ground.ui.languages import listed

#: What each part of a pack is called, those first that nobody changes without the leads.
AREAS: Mapping[str, Promise] = {
    "routes": gettext_lazy("Ways to speak by phone or on paper, and who answers"),
    "frameworks": gettext_lazy("Levels of participation, and what each means"),
    "harms": gettext_lazy("Kinds of harm that leads can name"),
    "communities": gettext_lazy("Communities that a project can touch"),
    "units": gettext_lazy("Bureaus and their offices"),
    "community_body": gettext_lazy("The community body that steps in where leads are too few"),
    "retention": gettext_lazy("How long things are kept"),
    "federal": gettext_lazy("What staff do when a federal agency asks"),
    "witnesses": gettext_lazy("Who outside the City checks that the public log only grows"),
    "purpose": gettext_lazy("What the program is about, and what leads review"),
    "government": gettext_lazy("What the government is called"),
    "name": gettext_lazy("The name of the program"),
    "masthead": gettext_lazy("The short name at the top of each page"),
    "languages": gettext_lazy("Languages"),
    "sanctuary": gettext_lazy("What is said first to someone in trouble"),
    "leave_page": gettext_lazy("Where the button to leave quickly leads"),
    "calls": gettext_lazy("Calls for new leads, and what they ask"),
    "kept": gettext_lazy("How long comments and strategies stay"),
    "pay": gettext_lazy("Pay"),
    "charter": gettext_lazy("Who hears alarms of leads, and how long messages stay"),
    "forbidden": gettext_lazy("Questions that may not be asked"),
    "clocks": gettext_lazy("How many days everyone has"),
    "holidays": gettext_lazy("Days off"),
    "k": gettext_lazy("Fewest people that a published count may show"),
    "bands": gettext_lazy("The edges of the ranges in which people are counted"),
    "escalate_to": gettext_lazy("The office above, which hears when no answer comes"),
    "time_zone": gettext_lazy("The time zone in which days are counted"),
    "help": gettext_lazy("Numbers to call for help"),
    "same_words": gettext_lazy("Words that a search takes for the same"),
    "sources": gettext_lazy("Where these rules were read"),
    "suggested_slug": gettext_lazy("The short name in addresses"),
    "version": gettext_lazy("The format of the file"),
    "made_up": gettext_lazy("Whether the pack is made up"),
}
CLOCKS: Mapping[str, Promise] = {
    "acknowledge_business_days": gettext_lazy(
        "Working days in which an office says that it has a recommendation or question"
    ),
    "answer_days": gettext_lazy("Days in which an office answers"),
    "reply_days": gettext_lazy("Days in which an office replies when leads contest its answer"),
    "verify_days": gettext_lazy("Days in which a delivery is checked"),
    "contest_days": gettext_lazy("Days in which leads can contest an answer"),
    "monitor_years": gettext_lazy("Years for which a promise is followed"),
    "vacancy_days": gettext_lazy("Days after which the public log says that a place is empty"),
    "appeal_days": gettext_lazy("Days in which a lead who was removed can appeal"),
    "pay_business_days": gettext_lazy("Working days in which work is paid"),
    "invitation_business_days": gettext_lazy("Working days in which leads answer an invitation"),
    "invitation_notice_days": gettext_lazy("Days of notice that leads get when a bureau invites them"),
    "silence_days": gettext_lazy("Days after the day on which the public log says that no answer came"),
    "silence_repeat_months": gettext_lazy("Months after which the public log says it again"),
    "escalate_days_after": gettext_lazy("Days after which the office above hears that no answer came"),
    "backup_days": gettext_lazy("Days until copies in backups are gone"),
    "remind_days_before": gettext_lazy("Days before a day on which an office gets a reminder"),
}


@dataclass(frozen=True)
class Differs:
    """One thing that two packs say otherwise: what it is, its path in the pack, what each says, and in which language."""

    area: str
    called: str | Promise
    path: str
    was: str
    now: str
    lang: str


def compared(before: Pack, after: Pack) -> list[Differs]:
    """List everything that two packs say otherwise, those parts first that nobody changes without the leads."""
    order = {area: place for place, area in enumerate(AREAS)}
    spoken = {one.code for of in (before, after) for one in of.languages}
    found = [
        Differs(
            area=one.area,
            called=CLOCKS[one.below] if one.area == "clocks" else AREAS[one.area],
            path=one.path,
            was=one.was,
            now=one.now,
            lang=last if (last := one.path.rpartition(".")[2]) in spoken else "",
        )
        for one in differences(before, after)
    ]
    return sorted(found, key=lambda one: order[one.area])


def retained(pack: Pack) -> list[Retention]:
    """List for how long things are kept, as far as that was seen in a source."""
    return [one for one in pack.retention if one.verified]


def rules_in_words(pack: Pack) -> list[tuple[str | Promise, str]]:
    """List the numbers of the rules that everyone meets: how many days each has, and the fewest people of a count."""
    found: list[tuple[str | Promise, str]] = [(AREAS["k"], str(pack.k))]
    for name, words in CLOCKS.items():
        days = getattr(pack.clocks, name)
        found.append((words, listed(str(one) for one in days) if isinstance(days, tuple) else str(days)))
    return found
