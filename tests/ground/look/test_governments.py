"""What pages call the government: as its pack says, in each language, and never in words that people wrote."""

import pytest
from django.utils.translation import gettext, ngettext, override, pgettext

from alongside.core.policy.load import load_pack
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.ui.governments import calling, renamed

HOUSING = load_pack(shipped_pack("housing"))
DISTRICT = {"en": "the District", "es": "el Distrito", "vi": "Học khu", "ar": "المنطقة التعليمية"}


@pytest.mark.parametrize(
    ("lang", "ours", "theirs"),
    [
        ("en", "See what the City does.", "See what the District does."),
        (
            "en",
            "The City must answer. City projects, the City’s answer",
            "The District must answer. District projects, the District’s answer",
        ),
        (
            "en",
            "A city project, no city role, the cityscape",
            "A District project, no District role, the cityscape",
        ),
        (
            "es",
            "La Ciudad dijo a la Ciudad lo de la Ciudad.",
            "El Distrito dijo al Distrito lo del Distrito.",
        ),
        ("es", "con la Ciudad", "con el Distrito"),
        ("vi", "Thành phố phải trả lời", "Học khu phải trả lời"),
        (
            "ar",
            "ما وعدت به المدينة، طرح سؤال للمدينة",
            "ما وعدت به المنطقة التعليمية، طرح سؤال للمنطقة التعليمية",
        ),
        ("ru", "Город", "Город"),
    ],
)
def test_our_words_call_the_government_as_the_pack_does(lang, ours, theirs):
    assert renamed(ours, lang, DISTRICT) == theirs


def test_a_message_is_said_so_while_a_page_of_that_program_is_made_and_at_no_other_time():
    ours = "The City must answer in public."
    with override("en"), calling(HOUSING):
        assert gettext(ours) == "The Authority must answer in public."
        assert pgettext("anything", "Ask the City") == "Ask the Authority"
        assert ngettext("%(n)s thing was asked of the City:", "%(n)s things were asked of the City:", 2) == (
            "%(n)s things were asked of the Authority:"
        )
        assert gettext("A city project") == "An Authority project"
        assert gettext("for your own city") == "for your own city"
        with calling():
            assert gettext(ours) == ours
        with override("es"):
            assert gettext(ours) == "La Autoridad debe responder en público."
    with override("es"):
        assert gettext(ours) == "La Ciudad debe responder en público."
    with override("en"), calling(load_pack(shipped_pack("neutral"))):
        assert gettext(ours) == ours
