"""Refusals as people read them: in their language, with their days and names, without the record's own words."""

from datetime import date

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.utils import translation

from alongside.core.entries import GrammarError, MalformedError
from alongside.core.refusals import Named, Tongue
from alongside.ground.ui.refusals import refusal_text
from tests.core import packs

CONTESTED = "an answer can be contested until {last}; ask anew instead."


@pytest.fixture(scope="module")
def pack():
    return packs.pack("neutral")


@pytest.fixture
def spanish(tmp_path, settings):
    """Read pages in Spanish, with the words that its translators will give to one refusal."""
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="es", domain="django")
    catalog.add(CONTESTED, "se puede impugnar una respuesta hasta el {last}; vuelva a preguntar.")
    with (folder / "django.mo").open("wb") as out:
        write_mo(out, catalog)
    settings.LOCALE_PATHS = [tmp_path]
    translation.trans_real._translations.clear()
    with translation.override("es"):
        yield
    translation.trans_real._translations.clear()


def refused(template, **values):
    """Refuse an entry as the record does, with its kind and number before the words."""
    return GrammarError(template, values=values).told_of(7, "answer.contested")


def test_the_verifier_reads_english_with_the_kind_and_iso_days():
    error = refused(CONTESTED, last=date(2026, 11, 4))

    assert error.message == "answer.contested: an answer can be contested until 2026-11-04; ask anew instead."
    assert str(error) == f"Entry 7: {error.message}"


def test_a_person_reads_a_sentence_with_their_day_and_without_the_kind():
    error = refused(CONTESTED, last=date(2026, 11, 4))

    assert refusal_text(error) == "An answer can be contested until November 4, 2026; ask anew instead."


def test_a_refusal_is_said_in_the_language_of_the_reader(spanish):
    day = refusal_text(refused(CONTESTED, last=date(2026, 11, 4)))

    assert day == "Se puede impugnar una respuesta hasta el 4 de noviembre de 2026; vuelva a preguntar."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1200, "1,200"),
        (Named("seat-1a2b3c4d"), "Lead (place 1a2b)"),
        ([Named("seat-1a2b3c4d"), Named("seat-5e6f7a8b")], "Lead (place 1a2b), Lead (place 5e6f)"),
        ([Tongue("es"), Tongue("vi")], "Spanish, Vietnamese"),
        (Named("nowhere"), "nowhere"),
        ("2026-Q3", "2026-Q3"),
    ],
)
def test_numbers_seats_and_languages_are_written_as_people_write_them(pack, value, words):
    assert (
        refusal_text(GrammarError("It is {value}; go on.", values={"value": value}), pack)
        == f"It is {words}; go on."
    )


def test_offices_and_units_go_by_their_names_in_the_pack(pack):
    office = pack.offices[0]
    unit = office.partition("/")[0]
    error = GrammarError("{office} of {unit}; ask.", values={"office": Named(office), "unit": Named(unit)})

    assert (
        refusal_text(error, pack)
        == f"{pack.office_title(office, 'en')} of {pack.words(f'units.{unit}.name', 'en')}; ask."
    )


def test_what_no_page_lets_a_person_cause_is_said_without_the_names_of_fields():
    words = refusal_text(
        MalformedError("data.until must be a day written as YYYY-MM-DD.").told_of(7, "answer.given")
    )

    assert (words.startswith("Something is missing"), "data" in words, "answer.given" in words) == (
        True,
        False,
        False,
    )
