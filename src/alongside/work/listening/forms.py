"""What leads type about how they listen: methods and budget, a session, and how many came."""

from datetime import date
from typing import Any, override
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.meetings.forms import MeetingForm
from alongside.core.policy.pack import Pack
from alongside.core.questions import LONGEST_STATEMENT, STATEMENTS, are_alike, number_of
from alongside.core.sessions import Method, Offer, Session, Told
from alongside.ground.ui.context import language
from alongside.ground.ui.forms import PASSED, Choices, SumField, SumsForm, area, count_in, offer
from alongside.ground.ui.refusals import refuse
from alongside.work.engagements.forms import READ_ALIKE, DraftForm
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.sessions import OFFERS

METHODS = (
    (Method.ONLINE, _("Online, on its page")),
    (Method.SESSION, _("At sessions")),
    (Method.DOORSTEP, _("At doors and in the street")),
    (Method.PAPER, _("On paper")),
)


class PlanForm(SumsForm):
    """By which methods leads listen, who hosts them, and what it may cost."""

    methods = forms.MultipleChoiceField(
        label=_("How do you listen?"),
        choices=METHODS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "People can always speak on its page, by phone and on paper. Say what you plan yourselves."
        ),
    )
    host = forms.CharField(
        label=_("Who hosts you?"),
        max_length=200,
        required=False,
        help_text=_("An organization or a house, and no person’s name."),
    )
    budget = SumField(
        required=False,
        label=_("Budget, in %(currency)s"),
        help_text=_("Only leads and the program coordinator see it."),
    )


class SessionForm(MeetingForm):
    """A session with its day, hours and place, and what it has for who comes."""

    told = forms.ChoiceField(
        label=_("How do people learn where it is?"),
        widget=Choices,
        help_text=_(
            "Some people are afraid of who else may come. A place that is not on the page is kept nowhere here."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Somebody interprets into"), required=False, widget=forms.CheckboxSelectMultiple
    )
    has = forms.MultipleChoiceField(
        label=_("What is there for people?"),
        choices=list(OFFERS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    room = forms.IntegerField(
        label=_("For how many people is there room?"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("Only leads see it. Nobody signs up, and no name is kept."),
    )
    thanks = SumField(
        required=False,
        label=_("Thank-you money for each person, in %(currency)s"),
        help_text=_("Whoever can read of the session sees this sum."),
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        max_length=2000,
        required=False,
        widget=area(5),
        help_text=_(
            "One point a line, its minutes first, such as “10 Who asks, and who reads it”. The note-taker sees it with a timer."
        ),
    )

    def __init__(
        self, *args: Any, pack: Pack, today: date, closes: date, currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, pack=pack, moving=True, **kwargs)
        self.today, self.closes = today, closes
        count_in(self, currency)
        asks = self.declared_fields
        self.fields["agenda"] = asks["agenda"]
        self.fields["place"].help_text = say("As people find it: the house, the street, which door.")
        ways = [(Told.PAGE, say("It is on the page of the question and in the calendar"))]
        if pack.phone:
            ways.append((Told.PHONE, say("The page says the day and the hour. People call to hear where")))
        ways.append((Told.INVITED, say("No page says anything of it. We invite people ourselves")))
        offer(self, "told", ways)
        offer(self, "languages", [(one.code, language(one.code).name) for one in pack.languages])
        self.order_fields(
            ["on", "begins", "ends", "told", "place", "languages", "has", "room", "thanks", "agenda"]
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a day on which nobody can speak, and a place that no page tells."""
        cleaned = super().clean()
        on, told, place = cleaned.get("on"), cleaned.get("told"), cleaned.get("place")
        if "cancel" in self.data:
            return cleaned
        if on and on < self.today:
            self.add_error("on", PASSED)
        elif on and on > self.closes:
            self.add_error(
                "on", say("People can speak only until the last day of this question. Choose a day before.")
            )
        if told == Told.PAGE and not place and "place" not in self.errors:
            self.add_error("place", say("Write where it is, or choose that people call to hear it."))
        if place and told in {Told.PHONE, Told.INVITED}:
            self.add_error(
                "place", say("No page tells this place, so it is not kept here. Take it out, and save again.")
            )
        return cleaned

    def session(self, session: str, lang: str, before: Session | None) -> Session:
        """Give the session that was typed, under an id: in this language, or in that of before where its words stay."""
        typed = self.cleaned_data
        stays = before is not None and (before.place, before.agenda) == (typed["place"], typed["agenda"])
        return Session(
            id=session,
            starts=typed["starts_at"],
            ends=typed["ends_at"],
            told=Told(typed["told"]),
            place=typed["place"],
            languages=tuple(typed["languages"]),
            has=tuple(one for one in Offer if one in typed["has"]),
            thanks=typed["thanks"],
            room=typed["room"] or 0,
            agenda=typed["agenda"],
            lang=before.lang if before and stays else lang,
        )


def typed_of(one: Session, pack: Pack) -> dict[str, Any]:
    """Give a session as its form begins with it."""
    zone = ZoneInfo(pack.time_zone)
    begins, ends = one.starts.astimezone(zone), one.ends.astimezone(zone)
    return {
        "on": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "told": one.told,
        "place": one.place,
        "languages": list(one.languages),
        "has": list(one.has),
        "room": one.room or None,
        "thanks": one.thanks.plain() if one.thanks else "",
        "agenda": one.agenda,
    }


class PeopleForm(forms.Form):
    """How many people came."""

    people = forms.IntegerField(
        label=_("How many people came?"),
        min_value=0,
        max_value=100_000,
    )

    def __init__(self, *args: Any, is_public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].help_text = (
            say("Only the range in which it lies is kept. Everyone sees that range. Nothing says who came.")
            if is_public
            else say(
                "Only the range in which it lies is kept. No public page shows it. Nothing says who came."
            )
        )


#: So many statements people judge at most.
MOST_STATEMENTS = 60


class StatementsForm(DraftForm):
    """The statements that people judge, in the language a draft is first written in, one a line."""

    statements = forms.CharField(
        label=_("The statements"),
        required=False,
        max_length=MOST_STATEMENTS * (LONGEST_STATEMENT + 2),
        widget=area(12),
        help_text=_(
            "One on each line, up to 60. Each says one thing, as a person would say it: “The hall should open on Sundays.” Let them differ: write some that you do not agree with."
        ),
    )

    def __init__(self, *args: Any, engagement: Engagement, pack: Pack, lang: str, **kwargs: Any) -> None:
        self.pack, self.lang, self.first = pack, lang, engagement.languages[0]
        self.old: list[dict[str, Any]] = engagement.form.get(STATEMENTS, [])
        lines = [one["words"].get(self.first, "") for one in self.old]
        kwargs["initial"] = {"statements": "\n".join(lines), **kwargs.get("initial", {})}
        super().__init__(*args, engagement=engagement, **kwargs)

    @property
    def lines(self) -> list[str]:
        """Give the statements, one a line that holds something."""
        lines = str(self.cleaned_data.get("statements", "")).splitlines()
        return [line.strip() for line in lines if line.strip()]

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask, too many or too long statements, and two that read alike."""
        cleaned = super().clean()
        lines = self.lines
        refuse(self, "statements", self.pack, self.lang, lines)
        if len(lines) > MOST_STATEMENTS:
            self.add_error("statements", say("Write 60 statements at most. People tire of more."))
        if long := next((one for one in lines if len(one) > LONGEST_STATEMENT), ""):
            words = say(
                "This statement is longer than 200 letters; make it shorter, or make two of it: “%(said)s”"
            )
            self.add_error("statements", words % {"said": long[:60]})
        if are_alike(lines):
            self.add_error("statements", READ_ALIKE)
        return cleaned

    def made(self) -> list[dict[str, Any]]:
        """Make the statements; one whose first words are the same keeps its id and its other languages."""
        kept = {one["words"].get(self.first): dict(one) for one in self.old}
        last = max([number_of(one["id"]) for one in self.old], default=0)
        new = [line for line in self.lines if line not in kept]
        ids = {line: f"s{number}" for number, line in enumerate(new, last + 1)}
        return [kept.get(line) or {"id": ids[line], "words": {self.first: line}} for line in self.lines]
