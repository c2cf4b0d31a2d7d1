"""A partnership that is not about data reads of no data, no technology and no other city, on any page that somebody can reach."""

import re

import pytest
from django.utils.html import strip_tags

from tests.support.demonstration import Walk
from tests.support.partnerships import walked

pytestmark = pytest.mark.django_db
#: Words of a partnership about data and technology, and of the places whose packs ship for one.
OF_ANOTHER = re.compile(
    r"\b(data ?sets?|data|technolog\w+|dashboards?|algorithms?|surveillance|cameras?|sensors?|portland|oregon|riverbend|conjuntos? de datos|tecnolog\w+|algoritmos?)\b",
    re.IGNORECASE,
)
#: Another government than that of the program.
CITY = re.compile(r"\b(City|Ciudad)\b")
#: What nobody reads as words: scripts, and entries as machines read them.
NO_WORDS = re.compile(r"<(script|style|pre|code)\b.*?</\1>", re.DOTALL)
#: What is said of this very site, whatever the partnership is about.
OF_THIS_SITE = re.compile(r"^/\w+/\w+/about/software/")


def words_of(main: str) -> str:
    """Give what people read on a page, also the words that are read aloud."""
    said = " ".join(re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', main))
    return re.sub(r"\s+", " ", f"{strip_tags(NO_WORDS.sub(' ', main))} {said}")


def read(client, who, lang, slug):
    walk = Walk(client, who, lang).go(f"/{slug}/{lang}/")
    assert walk.wrong == []
    return {
        f"{here} ({who}): …{words[max(0, found.start() - 60) : found.end() + 40]}…"
        for here, html in walk.htmls.items()
        if not OF_THIS_SITE.match(here)
        for words in [words_of(html)]
        if (found := OF_ANOTHER.search(words) or CITY.search(words))
    }, walk


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("pack", ["housing", "schools"])
def test_no_page_speaks_of_another_partnership(client, pack, lang):
    made = walked(pack)
    found, public = read(client, "everyone", lang, made.said.slug)
    assert len(public.pages) > 20
    for who, person in (
        ("lead", made.first_lead.person),
        ("staff", made.staff),
        ("manager", made.boss),
        ("steward", made.steward),
    ):
        client.force_login(person)
        more, walk = read(client, who, lang, made.said.slug)
        assert len(walk.pages) > len(public.pages)
        found |= more
    assert not found, "say it without data, or let the pack say it:\n" + "\n".join(sorted(found))
