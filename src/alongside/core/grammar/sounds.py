"""Words of the log as a lead says them aloud: the questions of an engagement, and its report-back."""

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.holds import hold_stands, no_hold_stands
from alongside.core.grammar.seats import leads_have_standing
from alongside.core.grammar.shape import Cites, Kind, cited, fail, hex64, lang, malformed, slug
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _

#: What leads say aloud: the questions of a promise, each a part by its id, and the words of a report-back as a whole.
BY_QUESTION, AS_A_WHOLE = EntryKind.ENGAGEMENT_PROMISED, EntryKind.REPORT_PUBLISHED


def standing_sound(log: LogView, about: int, lang: str, part: str) -> Entry | None:
    """Give the recording of these words in a language that people hear when the log ends, or None; `part` is empty of a whole."""
    said = log.citing(about, EntryKind.SOUND_GIVEN)
    same = [one for one in said if (one.data["lang"], one.data.get("part", "")) == (lang, part)]
    last = same[-1] if same else None
    return None if last is None or log.citing(last.index, EntryKind.SOUND_WITHDRAWN) else last


def _standing(log: LogView, given: Entry) -> Entry | None:
    return standing_sound(log, given.cites["of"][0], given.data["lang"], given.data.get("part", ""))


def says_words_that_stand(entry: Entry, log: LogView) -> None:
    """Refuse a recording in a language in which nothing was asked or told, of no question, or of a part of a report-back."""
    about = cited(entry, "of", log)
    if (about.kind == BY_QUESTION) != ("part" in entry.data):
        malformed("a recording says one question of a promise, or a report-back as a whole.")
    if entry.data["lang"] not in about.data["languages"]:
        fail("there are no words in this language to say; choose a language of the engagement.")
    if about.kind == BY_QUESTION and log.citing(about.index, EntryKind.ENGAGEMENT_CLOSED):
        fail("this engagement is closed; open a new one to hear more.")


def takes_a_place_in_the_open(entry: Entry, log: LogView) -> None:
    """Refuse the recording that people hear already, and to erase one by another while a legal hold stands."""
    before = _standing(log, entry)
    if before is None:
        return
    if before.data["sha256"] == entry.data["sha256"]:
        fail("people hear this recording already; nothing more is needed.")
    if hold_stands(log):
        fail("a legal hold stands; nothing is erased until it is lifted.")


def is_heard(entry: Entry, log: LogView) -> None:
    """Refuse to withdraw a recording that nobody hears any more."""
    given = cited(entry, "sound", log)
    if _standing(log, given) != given:
        fail("nobody hears this recording any more; nothing more is needed.")


KINDS = (
    Kind(
        name=EntryKind.SOUND_GIVEN,
        heading=_("A recording of these words"),
        sentence=_("A lead says these words aloud. The recording stands beside them."),
        says="A lead says a question of a promise, or a report-back, aloud in one language. Its file is public as long as a lead lets it stand; the next of the same words takes its place.",
        pen="community",
        by=("seat",),
        data={"lang": lang, "sha256": hex64},
        may={"part": slug},
        cites={"of": Cites((BY_QUESTION, AS_A_WHOLE))},
        rules=(leads_have_standing, says_words_that_stand, takes_a_place_in_the_open),
        first=3,
        unsigned="again",
    ),
    Kind(
        name=EntryKind.SOUND_WITHDRAWN,
        heading=_("A recording was taken away"),
        sentence=_("A lead took the recording away. The words stay."),
        says="A lead took a recording away; its file is deleted, and the words that it said stay.",
        pen="community",
        by=("seat",),
        cites={"sound": Cites((EntryKind.SOUND_GIVEN,))},
        rules=(leads_have_standing, no_hold_stands, is_heard),
        first=3,
        unsigned="again",
    ),
)
