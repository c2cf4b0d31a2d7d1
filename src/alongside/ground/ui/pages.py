"""Part a list that has no end into pages."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator

#: So many rows a page of a list shows.
ROWS = 50


def page_of[T](found: Sequence[T], number: str | None) -> Page[T]:
    """Give the page of a list that an address names by its number; the first one, where it names none."""
    return Paginator(found, ROWS).get_page(number)
