"""What a partnership is about: the kinds of its projects, what bureaus tell of them, what leads review, what they learn."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from alongside.core.policy.reading import read
from alongside.core.policy.words import FALLBACK, Words

#: What packs share, a file for each; `purpose = "NAME"` in a pack puts one in.
PURPOSES: Traversable = files("alongside.core.policy") / "purposes"
#: The purpose of a pack that tells none, as all did before packs told it. Its words stay: a test holds their hash.
USUAL = "data-and-technology"
#: What a bureau can tell of a project, beside its name, its unit and what it is.
FACTS = (
    "sort", "stage", "impact", "communities", "purpose", "data_used", "personal_data", "people_in_data",
    "vendors", "datasets", "documents", "oversight", "appeal", "asked", "consultation",
)  # fmt: skip


@dataclass(frozen=True)
class Sort:
    """A kind of project."""

    id: str
    name: Words


@dataclass(frozen=True)
class Heading:
    """What leads look at in something that they review. Its id stays with a comment for ever."""

    id: str
    name: Words
    asks: Words


@dataclass(frozen=True)
class Product:
    """Something that leads can be asked to review, with the guide to it and where that guide comes from."""

    id: str
    name: Words
    headings: tuple[Heading, ...]
    sources: tuple[str, ...] = ()

    def heading(self, heading_id: str) -> Heading | None:
        """Give a heading of the guide, or None."""
        return next((one for one in self.headings if one.id == heading_id), None)


@dataclass(frozen=True)
class Purpose:
    """The `[purpose]` table, or `purpose = "NAME"`, as the last key above the first table, for one that packs share.

    `about` is a sentence of the front page. `facts` are what bureaus tell of a project, in the order of its page. `courses` are
    those of the courses that ship which the coordinator can add. `leads` and `coordinator` are what people call them there, in the
    middle of a sentence; pages say it once, beside their own words.
    """

    about: Words
    sorts: tuple[Sort, ...]
    facts: tuple[str, ...]
    products: tuple[Product, ...]
    courses: tuple[str, ...] = ()
    leads: Words | None = None
    coordinator: Words | None = None

    def sorts_in(self, lang: str) -> dict[str, str]:
        """Give what the kinds of projects are called in a language, by id."""
        return {one.id: one.name.say(lang) for one in self.sorts}

    def product(self, product_id: str) -> Product:
        """Give something that leads review; one without a guide, called by its id, where the pack no longer has it."""
        found = next((one for one in self.products if one.id == product_id), None)
        return found or Product(product_id, Words({FALLBACK: product_id}), ())


@cache
def usual_purpose() -> Purpose:
    """Give the purpose of a pack that tells none."""
    table = tomllib.loads((PURPOSES / f"{USUAL}.toml").read_text("utf-8"))
    made: Purpose = read(Purpose, table["purpose"], "purpose")
    return made
