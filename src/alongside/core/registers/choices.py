"""What the words of other registers mean in ours. A word that is not known is told, not guessed."""

import re

from alongside.core.grammar.projects import ASKED, IMPACTS, STAGES, YES_NO

#: The usual kinds of projects; a pack may name others, and says which words mean them.
SORTS = ("policy", "service", "data", "technology")
CHOICES = {"sort": SORTS, "stage": STAGES, "impact": IMPACTS, "personal_data": YES_NO, "asked": ASKED}
#: For each choice the words with which a value begins that means it, after folding; "" is what means none of them.
KNOWN: dict[str, dict[str, tuple[str, ...]]] = {
    "stage": {
        "": ("not in production",),
        "planned": ("planned", "planning", "proposed", "ideation", "initiat"),
        "in_use": (
            "in production",
            "in use",
            "in mission",
            "operation",
            "deploy",
            "live",
            "active",
            "implemented",
        ),
        "development": ("pre deploy", "acquisition", "develop", "in development", "design"),
        "pilot": ("pilot", "beta", "alpha", "trial", "proof of concept", "implementation"),
        "retired": ("retired", "decommission", "archived", "ended", "discontinued"),
    },
    "impact": {
        "limited": ("presumed high", "not high", "neither", "limited", "low", "minimal"),
        "high": ("high", "both", "rights", "safety"),
    },
    "personal_data": {"yes": ("yes", "true"), "no": ("no", "false")},
    "asked": {
        "planned": ("in progress", "planned"),
        "asked": (
            "general solicitation",
            "b general solicitation",
            "public feedback",
            "public comment",
            "public hearing",
            "public consultation",
            "yes",
        ),
        "not_asked": ("not asked", "no", "none"),
    },
    "sort": {
        "policy": ("policy",),
        "service": ("service",),
        "data": ("dataset", "data"),
        "technology": ("algorithm", "technology", "tool", "system"),
    },
}


def folded(value: str) -> str:
    """Fold a value so that case, signs and spaces do not tell two spellings apart."""
    return " ".join(re.sub(r"[\W_]+", " ", value.casefold()).split())


def meant(name: str, value: str) -> str:
    """Give the choice that a value means in a fact; empty where it is not known."""
    said = folded(value)
    if said in {folded(one) for one in CHOICES[name]}:
        return next(one for one in CHOICES[name] if folded(one) == said)
    return next((one for one, words in KNOWN[name].items() if any(_begins(said, each) for each in words)), "")


def _begins(said: str, words: str) -> bool:
    """Say whether a value begins with words: a short word whole, a longer one as the beginning of a word too."""
    if not said.startswith(words):
        return False
    rest = said[len(words) :]
    return len(words) > 4 or not rest or rest[0] == " "  # noqa: PLR2004 -- "no" is not the beginning of "notes"
