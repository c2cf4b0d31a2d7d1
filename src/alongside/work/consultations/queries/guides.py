"""What to look for in each kind of data product: headings a lead can answer one by one, and where they come from."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise


@dataclass(frozen=True)
class Heading:
    """One thing to look at. `id` stays with a comment for ever."""

    id: str
    name: Words
    asks: Words


@dataclass(frozen=True)
class Guide:
    """The headings for one kind of product, and their sources."""

    headings: tuple[Heading, ...]
    sources: tuple[str, ...]


NAMES: dict[str, Words] = {
    "dashboard": _("A dashboard"),
    "dataset": _("A dataset"),
    "form": _("A form or survey"),
    "impact-assessment": _("A privacy impact assessment"),
    "algorithm": _("An algorithm"),
    "contract": _("A contract"),
    "policy": _("A draft policy"),
}

GUIDES: dict[str, Guide] = {
    "dataset": Guide(
        (
            Heading("motivation", _("Why it exists"), _("Who made it, who paid for it, and for what?")),
            Heading(
                "composition",
                _("What is in it"),
                _("Who and what is in it? Who is missing? Could someone be picked out?"),
            ),
            Heading(
                "collection",
                _("How it was collected"),
                _("Did people know? Could they say no? Who asked them, in which language?"),
            ),
            Heading(
                "preprocessing",
                _("How it was changed"),
                _("What was cleaned, sorted, labeled or left out? Is the first version kept?"),
            ),
            Heading(
                "uses", _("What it is used for"), _("What should it never be used for? Who could be harmed?")
            ),
            Heading(
                "distribution",
                _("Who gets it"),
                _("Who can see it, buy it or ask for it? Can police or federal offices?"),
            ),
            Heading(
                "maintenance",
                _("Who looks after it"),
                _("Who corrects a mistake, and how do people ask? When is it erased?"),
            ),
        ),
        ("Gebru et al., Datasheets for Datasets, 2021 (arXiv:1803.09010)",),
    ),
    "algorithm": Guide(
        (
            Heading(
                "told",
                _("What the person should know"),
                _("Is a person told that it is used, on what data, and what it decided?"),
            ),
            Heading(
                "appeal",
                _("How to appeal"),
                _("How does a person say that it is wrong? Who looks, by when, in which language?"),
            ),
            Heading(
                "oversight",
                _("Who decides in the end"),
                _("Which person can overrule it? Do they have the time and the power to?"),
            ),
            Heading(
                "data",
                _("What it learned from"),
                _("Whose data? Does it look at race, place or language, or something that stands for them?"),
            ),
            Heading(
                "tested",
                _("How it was tested"),
                _("By whom, on whom, and is the result public? Does it fail some groups more?"),
            ),
            Heading("stop", _("When it is stopped"), _("What happens when it fails? Who can turn it off?")),
        ),
        (
            "US federal AI use case inventory 2025: hi_appeal_process, hi_failsafe_presence, hi_independent_review, hi_public_consultation (github.com/ombegov/2025-Federal-Agency-AI-Use-Case-Inventory)",
            "UK Algorithmic Transparency Recording Standard, tier 2: decision-making and oversight; risk and impact",
        ),
    ),
    "form": Guide(
        (
            Heading(
                "need",
                _("Is each question needed"),
                _("What is done with each answer? What could be left out?"),
            ),
            Heading(
                "words",
                _("Are the words plain"),
                _("Would your neighbor understand each question, in each language?"),
            ),
            Heading(
                "safe",
                _("Is it safe to answer"),
                _("Could an answer hurt someone: about status, orders, health, who they live with?"),
            ),
            Heading(
                "choices",
                _("Do the choices fit"),
                _("Can people say who they are in their own words, skip, or say “none of these”?"),
            ),
            Heading(
                "told",
                _("What people are told first"),
                _("Who reads it, how long it is kept, and what comes back to them?"),
            ),
        ),
        (
            "Forbidden topics: the policy pack of this program, each with its law",
            "Oregon OAR 950-030 (REALD and SOGI): self-report only, ask in the exact words",
        ),
    ),
    "impact-assessment": Guide(
        (
            Heading("what", _("What is collected"), _("Is anything collected that is not needed?")),
            Heading(
                "why",
                _("Why, and for what use"),
                _("Is the use named so narrowly that another use would break it?"),
            ),
            Heading(
                "shared",
                _("Who it is shared with"),
                _("Which other offices, companies, police or federal offices can get it?"),
            ),
            Heading(
                "consent",
                _("What people can refuse"),
                _("What are people told, and what happens if they say no?"),
            ),
            Heading(
                "secured",
                _("How it is kept safe"),
                _("Who can open it? When is it erased? What if it leaks?"),
            ),
            Heading(
                "harm",
                _("Who could be harmed"),
                _("Does it name who bears the risk, and did anyone ask them?"),
            ),
        ),
        (
            "E-Government Act of 2002, section 208(b)(2)(B)(ii)",
            "Surveillance ordinance 125376 of a US city, 2017: Surveillance Impact Report",
        ),
    ),
    "dashboard": Guide(
        (
            Heading(
                "question",
                _("What it answers"),
                _("Which question of yours does it answer? Which does it not?"),
            ),
            Heading(
                "missing",
                _("Who is not in it"),
                _("Who is left out, too few to show, or put in a group they would not choose?"),
            ),
            Heading(
                "reading",
                _("Can people read it"),
                _("On a phone, without color, with a screen reader, in their language?"),
            ),
            Heading(
                "blame",
                _("What it makes people think"),
                _("Does it show causes, or only the people they fall on?"),
            ),
            Heading(
                "source",
                _("Where the numbers are from"),
                _("Are source, date and known faults beside each number?"),
            ),
        ),
        ("W3C Web Content Accessibility Guidelines 2.2",),
    ),
    "contract": Guide(
        (
            Heading(
                "owns",
                _("Who owns the data"),
                _("Can the company use, sell or train on it? What comes back at the end?"),
            ),
            Heading(
                "open",
                _("What the public can see"),
                _("Are tests, audits and failures public, or a trade secret?"),
            ),
            Heading(
                "changes",
                _("What can change later"),
                _("Can new features be turned on without asking anyone?"),
            ),
            Heading("leave", _("How the City leaves"), _("What does it cost to stop, and who erases what?")),
            Heading(
                "harm", _("Who pays for harm"), _("If it hurts someone, who answers, and how do they ask?")
            ),
        ),
        (
            "GovAI Coalition AI FactSheet: what a company says of its own product, as a start of dialogue",
            "US federal AI use case inventory 2025: contracting_usage, vendor_name",
        ),
    ),
    "policy": Guide(
        (
            Heading("who", _("Who it touches"), _("Who gains, who bears it, and who wrote it?")),
            Heading(
                "words",
                _("What the words leave open"),
                _("Where does it say “may”, “where possible”, “as appropriate”?"),
            ),
            Heading(
                "rights", _("What people can do"), _("Can a person see, correct, refuse, appeal? By when?")
            ),
            Heading(
                "checks", _("Who checks it"), _("Who looks whether it is kept, and where is that public?")
            ),
            Heading("missing", _("What is missing"), _("What did your community ask for that is not in it?")),
        ),
        (
            "Privacy and Information Protection Principles of a US city, 2019: transparency and accountability, equitable data management, data utility",
        ),
    ),
}


def heading_of(product: str, wanted: str) -> Heading | None:
    """Give a heading of a guide by its id, or None."""
    guide = GUIDES.get(product)
    return next((one for one in guide.headings if one.id == wanted), None) if guide else None
