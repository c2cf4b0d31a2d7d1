"""Words without a translation stand in English on a page of another language, and say so."""

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext

from alongside.ground.ui.untranslated import BEGINS, ENDS, bare, marking, with_lang

ENGLISH = f"{BEGINS}Read <b>this</b>{ENDS}"


def test_only_what_no_catalogue_has_is_marked_and_only_while_a_page_is_made():
    missing = "A sentence of nobody"
    with translation.override("es"):
        before = gettext(missing)
        with marking():
            said = [gettext(missing), gettext("Accessibility"), pgettext("somewhere", missing)]
            said += [ngettext("one %(n)s of nobody", "%(n)s of nobody", n) for n in (1, 2)]
            said += [pgettext("between", ";; ")]
    with translation.override("en"), marking():
        own = gettext(missing)

    assert said == [
        *(f"{BEGINS}{missing}{ENDS}", "Accesibilidad", f"{BEGINS}{missing}{ENDS}"),
        *(f"{BEGINS}one %(n)s of nobody{ENDS}", f"{BEGINS}%(n)s of nobody{ENDS}", ";; "),
    ]
    assert (before, own) == (missing, missing)


def test_a_marked_word_has_its_own_lang_and_direction():
    assert with_lang(f"<p>{ENGLISH}</p>") == '<p><span lang="en" dir="ltr">Read <b>this</b></span></p>'
    assert with_lang("<p>Lea esto</p>") == "<p>Lea esto</p>"


def test_two_marked_words_in_a_row_are_one():
    page = f"<p>{BEGINS}One.{ENDS} {BEGINS}Two.{ENDS} Tres. {BEGINS}Four.{ENDS}</p>"
    assert with_lang(page) == (
        '<p><span lang="en" dir="ltr">One. Two.</span> Tres. <span lang="en" dir="ltr">Four.</span></p>'
    )


def test_where_an_element_holds_words_alone_it_has_the_lang_itself():
    page = f"<title>{BEGINS}Accessibility{ENDS} · Harbor</title><option value=1>{BEGINS}Yes{ENDS}</option><p>{BEGINS}No{ENDS}</p>"
    assert with_lang(page) == (
        '<title lang="en" dir="ltr">Accessibility · Harbor</title><option lang="en" dir="ltr" value=1>Yes</option>'
        '<p><span lang="en" dir="ltr">No</span></p>'
    )


def test_in_a_picture_words_stay_in_the_picture():
    page = f'<svg><desc>{BEGINS}Two groups{ENDS}</desc><text x="1">{BEGINS}Group A{ENDS}</text></svg>'
    assert with_lang(page) == (
        '<svg><desc lang="en">Two groups</desc><text lang="en" x="1">Group A</text></svg>'
    )


def test_what_cannot_carry_a_lang_only_loses_the_marks():
    page = f'<a title="{BEGINS}Go on{ENDS}" href="x">Siga</a><script>"{BEGINS}Stop{ENDS}"</script>'
    assert with_lang(page) == '<a title="Go on" href="x">Siga</a><script>"Stop"</script>'
    assert bare(ENGLISH) == "Read <b>this</b>"


def test_signs_that_somebody_typed_are_no_marks_of_ours():
    typed = "<p>hello\U000e0001\U000e0065\U000e006e there\U000e007f</p>"
    assert with_lang(typed) == typed
    assert with_lang(f"{ENGLISH}{typed}") == f'<span lang="en" dir="ltr">Read <b>this</b></span>{typed}'
    assert bare(typed) == typed
