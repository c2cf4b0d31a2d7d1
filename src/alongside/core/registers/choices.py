"""What the words of other registers mean in ours. A word that is not known is told, not guessed."""

import re

from alongside.core.grammar.projects import ASKED, IMPACTS, SORTS, STAGES, YES_NO

CHOICES = {"sort": SORTS, "stage": STAGES, "impact": IMPACTS, "personal_data": YES_NO, "asked": ASKED}
#: Words at the beginning of a value, after folding. The first that fits counts, so the narrower stand first.
KNOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "stage": (
        ("not in production", ""),
        ("planned", "planned"),
        ("planning", "planned"),
        ("proposed", "planned"),
        ("ideation", "planned"),
        ("initiat", "planned"),
        ("in production", "in_use"),
        ("in use", "in_use"),
        ("in mission", "in_use"),
        ("operation", "in_use"),
        ("deploy", "in_use"),
        ("live", "in_use"),
        ("active", "in_use"),
        ("implemented", "in_use"),
        ("pre deploy", "development"),
        ("acquisition", "development"),
        ("develop", "development"),
        ("in development", "development"),
        ("design", "development"),
        ("pilot", "pilot"),
        ("beta", "pilot"),
        ("alpha", "pilot"),
        ("trial", "pilot"),
        ("proof of concept", "pilot"),
        ("implementation", "pilot"),
        ("retired", "retired"),
        ("decommission", "retired"),
        ("archived", "retired"),
        ("ended", "retired"),
        ("discontinued", "retired"),
    ),
    "impact": (
        ("presumed high", "limited"),
        ("not high", "limited"),
        ("high", "high"),
        ("both", "high"),
        ("rights", "high"),
        ("safety", "high"),
        ("neither", "limited"),
        ("limited", "limited"),
        ("low", "limited"),
        ("minimal", "limited"),
    ),
    "personal_data": (("yes", "yes"), ("true", "yes"), ("no", "no"), ("false", "no")),
    "asked": (
        ("in progress", "planned"),
        ("planned", "planned"),
        ("general solicitation", "asked"),
        ("b general solicitation", "asked"),
        ("public feedback", "asked"),
        ("public comment", "asked"),
        ("public hearing", "asked"),
        ("public consultation", "asked"),
        ("yes", "asked"),
        ("not asked", "not_asked"),
        ("no", "not_asked"),
        ("none", "not_asked"),
    ),
    "sort": (
        ("policy", "policy"),
        ("service", "service"),
        ("dataset", "data"),
        ("data", "data"),
        ("algorithm", "technology"),
        ("technology", "technology"),
        ("tool", "technology"),
        ("system", "technology"),
    ),
}


def folded(value: str) -> str:
    """Fold a value so that case, signs and spaces do not tell two spellings apart."""
    return " ".join(re.sub(r"[\W_]+", " ", value.casefold()).split())


def meant(name: str, value: str) -> str:
    """Give the choice that a value means in a fact; empty where it is not known."""
    said = folded(value)
    if said in {folded(one) for one in CHOICES[name]}:
        return next(one for one in CHOICES[name] if folded(one) == said)
    return next((choice for words, choice in KNOWN[name] if _begins(said, words)), "")


def _begins(said: str, words: str) -> bool:
    """Say whether a value begins with words: a short word whole, a longer one as the beginning of a word too."""
    if not said.startswith(words):
        return False
    rest = said[len(words) :]
    return len(words) > 4 or not rest or rest[0] == " "  # noqa: PLR2004 -- "no" is not the beginning of "notes"
