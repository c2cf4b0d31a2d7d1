"""What people type about seats: the steward who moves people, a lead about their own, and whoever writes a charter."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast, override

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.models import ACTS, CHECKS, ROLES, SECONDS
from alongside.cohort.seats.queries.charters import PARTS
from alongside.cohort.seats.queries.seats import LEFT
from alongside.core.clocks import plus_months
from alongside.core.grammar import seat_removals
from alongside.core.grammar.cohort import TERM_DAYS
from alongside.core.grammar.ties import NOBODY, OUTSIDE
from alongside.core.policy.linter import Hit, lint_question
from alongside.core.policy.pack import Pack
from alongside.core.workflow.seat_removals import Ruling
from alongside.ground.programs.models import STEWARD
from alongside.ground.record.labels import REMOVED
from alongside.ground.ui.forms import Choices, DayInput, ListForm, area, long_text

type Pairs = Sequence[tuple[str, str]]


def choice(
    label: Any,
    choices: Sequence[tuple[str, Any]] = (),
    *,
    first: Any = "",
    required: bool = True,
    **given: Any,
) -> forms.ChoiceField:
    """Make a list to choose from that begins with nothing chosen, in the words of `first`."""
    nothing = first or (_("Choose") if required else _("None"))
    wrong = {"invalid_choice": _("This is not in the list. Choose from the list.")}
    return forms.ChoiceField(
        label=label, choices=[("", nothing), *choices], required=required, error_messages=wrong, **given
    )


def otherwise() -> list[tuple[str, str]]:
    """List who pays a seat that no unit pays."""
    return [
        (OUTSIDE, say("Somebody who is no part of the City")),
        (NOBODY, say("Nobody: it is not paid")),
    ]


def payer() -> forms.ChoiceField:
    """Make the question who pays a seat: a unit, somebody outside the City, or nobody."""
    return choice(
        _("Who pays this place?"),
        help_text=_(
            "A lead whom a bureau pays cannot check what that bureau promised before it stops paying. The public log tells who pays."
        ),
    )


class PayerForm(ListForm):
    """Who pays a seat from now on."""

    paid_by = payer()


class OwnTiesForm(forms.Form):
    """For which unit a lead also works from now on, and who pays their seat, as they say themselves; `steward` says it beside."""

    def __init__(self, *args: Any, units: Pairs, steward: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_said = bool(self.initial.get("paid_by"))
        self.fields["works_for"] = choice(
            say("Which bureau do you also work for?"), [*units, (NOBODY, say("None of them"))]
        )
        beside = (
            say("The program coordinator says: %(payer)s.")
            if steward
            else say("The program coordinator has not said it.")
        )
        self.fields["paid_by"] = choice(
            say("Who pays your place?"),
            [*units, *otherwise()],
            required=is_said,
            first="" if is_said else say("I have not said it"),
            help_text=beside % {"payer": steward},
        )


class NameForm(forms.Form):
    """What a lead wants to be called among leads."""

    name = forms.CharField(
        label=_("Your name among leads"),
        max_length=40,
        required=False,
        help_text=_("Any name is fine. Leave it empty to have none."),
    )


class PutOffForm(forms.Form):
    """Until which day somebody puts a step of their desk off."""

    step = forms.CharField(max_length=200, widget=forms.HiddenInput)
    until = forms.DateField(label=_("Set aside until"), widget=DayInput)


class VacancyForm(forms.Form):
    """The day from which a seat is empty that nobody has taken."""

    on = forms.DateField(label=_("Empty since"), widget=DayInput)


class AlternateForm(forms.Form):
    """Someone who waits to step in."""

    called = forms.CharField(
        label=_("What do you call this person?"),
        max_length=80,
        help_text=_("Only you see it. It is never on the public log."),
    )
    email = forms.EmailField(
        label=_("Email to sign in with"),
        required=False,
        help_text=_("Without one, you print a sign-in code."),
    )


class TurnForm(ListForm):
    """Into which empty seat the alternate steps whose turn it was when the page was made."""

    vacancy = choice(_("Which place?"))
    alternate = choice(_("Who steps in?"), widget=forms.HiddenInput)


class CallUpForm(TurnForm):
    """Which empty seat the alternate steps into, who pays it, and that the alternate said yes."""

    paid_by = payer()
    asked = forms.BooleanField(
        label=_("I asked this person, and they want the place now"),
        error_messages={"required": _("Ask the alternate first. Nobody gets a place without a yes.")},
    )


class RoleForm(forms.Form):
    """A role to take, or to lay down."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=Choices)
    change = forms.ChoiceField(
        label=_("What changes?"),
        choices=[("takes", _("Takes the role today")), ("lays-down", _("Lays it down today"))],
        widget=Choices,
    )


class Sure(forms.Form):
    """A form that one press alone does not send: its last field, `sure`, is a tick, which is no part of what was said.

    Its words name `who` and `what` it is about.
    """

    def __init__(self, *args: Any, who: str = "", what: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sure = self.fields["sure"]
        sure.label = str(sure.label) % {"who": who, "what": what}
        self.order_fields([one for one in self.fields if one != "sure"])

    def clean(self) -> dict[str, Any]:
        """Give what was said, without the tick."""
        given = super().clean() or self.cleaned_data
        return {name: value for name, value in given.items() if name != "sure"}


class LeaveForm(Sure):
    """When and why a lead leaves. The ground is public, the reason is not; one press alone ends nothing."""

    on = forms.DateField(label=_("The first day on which the place is empty"), widget=DayInput)
    ground = forms.ChoiceField(
        label=_("What the public log may say"), choices=list(LEFT.items()), widget=Choices, initial="not-said"
    )
    reason = forms.CharField(
        label=_("Reason, for the program alone"),
        max_length=200,
        required=False,
        help_text=_("It is never on the public log."),
    )
    sure = forms.BooleanField(
        label=_("I want to leave my place. I have read what it still holds."),
        error_messages={"required": _("Tick the box if you want to leave your place.")},
    )


class RemoveForm(Sure):
    """Why a seat is removed, and who hears the appeal where no charter says so."""

    ground = forms.ChoiceField(
        label=_("What the public log will say"),
        choices=[(name, words) for name, words in REMOVED.items() if name != seat_removals.ASKED],
        widget=Choices,
    )
    reasons = long_text(
        _("Your reasons, in full"),
        6,
        _("The lead and whoever decides an appeal read them. They are never on the public log."),
    )
    sure = forms.BooleanField(
        label=_("I want to remove this lead today: %(who)s. I have read what the place still holds."),
        error_messages={"required": _("Tick the box if this is the place that you want to remove.")},
    )

    def __init__(self, *args: Any, hears: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hears:
            self.fields["appeal_to"] = choice(say("Which office decides an appeal?"), hears)
            self.order_fields([one for one in self.fields if one != "sure"])


class AskedForm(RemoveForm):
    """How a lead asked to leave, and who decides where they say that they did not."""

    ground = None  # type: ignore[assignment]  # what Django reads as "no such field"
    reasons = long_text(
        _("How and when did they ask?"), 3, _("The lead reads it. It is never on the public log.")
    )
    sure = forms.BooleanField(
        label=_("This lead asked me to end their place today: %(who)s."),
        error_messages={"required": _("Tick the box if this is the place that you want to remove.")},
    )


class SuspendForm(Sure):
    """Why a lead is suspended, as everyone reads it."""

    ground = forms.CharField(
        label=_("Why, in one or two sentences"),
        max_length=400,
        widget=area(3),
        help_text=_("It stands in the public log beside the place. Write no name, and nothing private."),
    )
    sure = forms.BooleanField(
        label=_("I want to suspend this lead today: %(who)s."),
        error_messages={"required": _("Tick the box if this is the lead that you want to suspend.")},
    )


class AppealForm(forms.Form):
    """Why the removal is wrong."""

    words = long_text(
        _("Why should you keep your place?"), 8, _("Whoever decides reads it. It is never on the public log.")
    )


class DecideForm(forms.Form):
    """What comes of an appeal, with reasons for the lead."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (Ruling.LIFTED, _("The removal is lifted: the lead has the place back")),
            (Ruling.STANDS, _("The removal stands")),
        ],
        widget=Choices,
    )
    reasons = long_text(_("Your reasons, for the lead"), 6, _("They are never on the public log."))


MONTHS = 24


class LastWordsForm(forms.Form):
    """Three questions, and who may read the answers."""

    worked = long_text(_("What worked?"), 4, required=False)
    did_not = long_text(_("What did not work?"), 4, required=False)
    again = forms.ChoiceField(
        label=_("Would you do it again?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unsure", _("I am not sure"))],
        widget=Choices,
    )
    readers = forms.ChoiceField(
        label=_("Who may read this?"),
        choices=[
            ("steward", _("The program coordinator alone")),
            ("next", _("The program coordinator, and the leads of the next cohort")),
        ],
        widget=Choices,
        initial="steward",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words on one of the two questions at least."""
        given = super().clean() or self.cleaned_data
        if not (given.get("worked") or given.get("did_not")):
            self.add_error("worked", say("Write what worked, or what did not. One of the two is enough."))
        return given


LISTS_TO_CHOOSE = [
    ("alumni", _("To meet the next leads, and to be told what came of my work")),
    (CHECKS, _("To check, for pay, what was delivered of what my cohort asked")),
    (
        SECONDS,
        _("To be the second where only one lead can: to compare keys, and to sign lists and what was heard"),
    ),
    ("consultants", _("To give paid advice")),
]


class InReachForm(forms.Form):
    """For what, until when, and how to reach the person; `may_act` says that a code reaches them by email."""

    name = forms.ChoiceField(
        label=_("What may we ask you for?"),
        choices=LISTS_TO_CHOOSE,
        widget=Choices,
    )
    reach = forms.CharField(
        label=_("How to reach you"),
        max_length=200,
        help_text=_("A phone number or an email address. Only the program coordinator sees it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    offers = forms.CharField(label=_("What you know well"), max_length=400, required=False, widget=area(2))
    until = forms.DateField(label=_("The last day on which we may ask you"), widget=DayInput)

    def __init__(self, *args: Any, today: date, may_act: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = plus_months(today, 12)
        if not may_act:
            name = cast("forms.ChoiceField", self.fields["name"])
            name.choices = [one for one in LISTS_TO_CHOOSE if one[0] not in ACTS]
            name.help_text = _("Who has no email address is not asked to check or to be the second.")

    def clean_until(self) -> date:
        """Let consent end after today and within two years, so that it is given anew."""
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(say("Choose a day after today."))
        if until > plus_months(self.today, MONTHS):
            raise forms.ValidationError(say("Choose a day within two years. You can agree anew then."))
        return until


class CharterForm(ListForm):
    """The parts of a charter in one language, and who hears appeals and alarms."""

    appeals_to = choice(_("Who decides an appeal of a removed lead?"), help_text=_("Never whoever removed."))
    alarms_to = choice(_("Who hears an alarm?"), help_text=_("Someone outside the bureaus that leads ask."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in PARTS.items():
            self.fields[name] = forms.CharField(label=str(label), max_length=8000, widget=area(6))
        self.order_fields([*PARTS])


class SignForm(forms.Form):
    """A signature over exactly what was read."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agree = forms.BooleanField(
        label=_("I have read the group agreement and I sign it"),
        error_messages={"required": _("Tick the box to sign.")},
    )

    def untick(self) -> None:
        """Ask again whether it was read, where other words stand there now; what was refused stays said."""
        self.data = {}


class AppointForm(ListForm):
    """Who, to which post, and from which day on."""

    email = forms.EmailField(
        label=_("Email to sign in with"), help_text=_("If somebody here has this address, it is that person.")
    )
    called = forms.CharField(
        label=_("What do you call this person?"),
        max_length=80,
        required=False,
        help_text=_("Only you see it. It is never on the public log."),
    )
    post = choice(_("What does this person do?"), [(STEWARD, _("Program coordinator: runs the program"))])
    from_date = forms.DateField(label=_("First day"), widget=DayInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_from_date(self) -> date:
        """Refuse a day that is past: nobody held the post then."""
        day: date = self.cleaned_data["from_date"]
        if day < self.today:
            raise forms.ValidationError(say("This day is past. Choose today or a later day."))
        return day


class EndForm(Sure):
    """The day from which a post is held no more; one press alone ends nothing."""

    on = forms.DateField(
        label=_("First day without this post"),
        widget=DayInput,
        help_text=_("Choose today to end it now."),
    )
    sure = forms.BooleanField(
        label=_("I want to end this post of %(who)s: %(what)s. I have read what stops."),
        error_messages={"required": _("Tick the box if this is the post that you want to end.")},
    )


MOST_LINKS = 5


class ProfileForm(forms.Form):
    """What a lead shows of themselves."""

    shown_name = forms.CharField(
        label=_("Name to show"), max_length=80, help_text=_("It need not be your name. Any name is fine.")
    )
    about = forms.CharField(label=_("About you"), max_length=2000, required=False, widget=area(5))
    languages = forms.CharField(label=_("Languages you speak"), max_length=200, required=False)
    links = forms.CharField(
        label=_("Links"),
        max_length=1000,
        required=False,
        widget=area(2),
        help_text=_("One a line, each beginning with https://"),
    )

    def clean_links(self) -> list[str]:
        """Give the links as a list; refuse what is not an address of the web."""
        links = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        for link in links:
            try:
                URLValidator(schemes=["https", "http"])(link)
            except forms.ValidationError:
                raise forms.ValidationError(
                    say("%(link)s is not an address; write it with https:// at its start.") % {"link": link}
                ) from None
        if len(links) > MOST_LINKS:
            raise forms.ValidationError(say("That is too many; keep five."))
        return links

    def sensitive(self, pack: Pack) -> list[Hit]:
        """Tell which sensitive topics the person writes about; the person decides."""
        typed = self.cleaned_data
        own = [typed["shown_name"], typed["about"], typed["languages"], *typed["links"]]
        hits: dict[str, Hit] = {}
        for text in own:
            for hit in [*lint_question(text, pack), *lint_question(_asked(text), pack)]:
                hits.setdefault(hit.topic, hit)
        return list(hits.values())


#: The patterns of a pack are written for questions; a person's own words say "my" where a question says "your".
ASKED: Sequence[tuple[str, str]] = (("my", "your"), ("mi", "su"), ("mis", "sus"))


def _asked(text: str) -> str:
    """Turn a person's own words into what a question would say."""
    turned = dict(ASKED)
    return " ".join(turned.get(word.lower(), word) for word in text.split())


#: Says of an address why its person cannot be seated on these days, and what else is known that matters; or nothing.
type Known = Callable[[str, date, date], tuple[str, str]]

COLUMNS = ("called", "email", "language", "paid_by")
MOST_ROWS = 200
MOST_BYTES = 200_000


@dataclass(frozen=True)
class SeatedRow:
    """One person to be seated, as read from a line under the names of COLUMNS; `problems` says what to mend, `note` what to know first."""

    number: int
    said: Mapping[str, str]
    problems: Sequence[str]
    note: str = ""


def read_rows(text: str, pack: Pack) -> list[SeatedRow]:
    """Read people from CSV: a name, an email address or nothing, a language or nothing, who pays."""
    seen: dict[str, int] = {}
    rows = []
    for number, cells in enumerate(csv.reader(io.StringIO(text.lstrip("\ufeff"))), 1):
        row = dict(zip(COLUMNS, [*(cell.strip() for cell in cells), *[""] * len(COLUMNS)], strict=False))
        if not any(cell.strip() for cell in cells) or (number == 1 and row["called"].lower() == "called"):
            continue
        found = _problems(row, pack, seen, number)
        if len(cells) > len(COLUMNS):
            found.insert(0, say("This row has more than four columns; check its commas."))
        row["language"] = row["language"] or pack.languages[0].code
        rows.append(SeatedRow(number, row, found))
    return rows


def _problems(row: Mapping[str, str], pack: Pack, seen: dict[str, int], number: int) -> list[str]:
    found = []
    if not row["called"]:
        found.append(say("Write what the person is called."))
    email = row["email"].lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            found.append(say("%(email)s is not an email address; correct it or leave it out.") % row)
        if email in seen:
            found.append(say("This address stands in row %(row)s too; keep one.") % {"row": seen[email]})
        seen.setdefault(email, number)
    if row["language"] and pack.language(row["language"]) is None:
        found.append(say("%(language)s is no language of this program; write a code such as es.") % row)
    if not row["paid_by"]:
        found.append(say("Write who pays: the short name of a bureau, outside, or nobody."))
    elif row["paid_by"] not in {OUTSIDE, NOBODY, *(unit.slug for unit in pack.units)}:
        found.append(
            say("%(paid_by)s is no bureau of this program; write a bureau, outside, or nobody.") % row
        )
    return found


class SeatCohortForm(forms.Form):
    """The cohort and its people."""

    name = forms.CharField(label=_("What is the cohort called?"), max_length=140)
    from_date = forms.DateField(label=_("First day of the term"), widget=DayInput)
    until_date = forms.DateField(label=_("Last day of the term"), widget=DayInput)
    people = forms.CharField(
        label=_("Its people, one on each line"),
        help_text=_(
            "Name, email address, language, who pays. Email address and language may be left out. Who pays is the short name of a "
            "bureau, or outside (somebody who is no part of the City), or nobody: Ana Ruiz,ana@example.org,es,outside"
        ),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Or a CSV file with these columns"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, pack: Pack, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack, self.known = pack, known
        self.rows: list[SeatedRow] = []
        self.text = ""

    @override
    def clean(self) -> dict[str, Any]:
        """Read the rows; what is wrong in one is told beside it on the next page."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_date"), cleaned.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", say("This day comes before the one above; choose a later day."))
        elif first and last and (last - first).days + 1 < TERM_DAYS:
            self.add_error(
                "until_date",
                say("A term is %(days)s days at least. Choose a later last day.") % {"days": TERM_DAYS},
            )
        self.text = self._typed(cleaned)
        try:
            self.rows = read_rows(self.text, self.pack)
        except csv.Error:
            self.add_error("people", say("These lines cannot be read as CSV; check the quotation marks."))
        if first and last and last >= first:
            self.rows = [self._with_what_is_known(row, first, last) for row in self.rows]
        if not self.rows and not self.errors:
            self.add_error("people", say("Write at least one person, or choose a file."))
        if len(self.rows) > MOST_ROWS:
            self.add_error("people", say("These are more than 200 people; a cohort is smaller."))
        return cleaned

    def _with_what_is_known(self, row: SeatedRow, first: date, last: date) -> SeatedRow:
        """Add why a person cannot be seated then, if they cannot, and what the steward should know first."""
        problem, note = self.known(row.said["email"], first, last) if row.said["email"] else ("", "")
        return replace(row, problems=[*row.problems, *filter(None, [problem])], note=note)

    def _typed(self, cleaned: Mapping[str, Any]) -> str:
        sent = cleaned.get("file")
        if not sent:
            return str(cleaned.get("people", ""))
        try:
            return str(sent.read(MOST_BYTES).decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", say("This file is not in UTF-8; save it as CSV in UTF-8."))
            return ""

    @property
    def has_problems(self) -> bool:
        """Say whether any row must be mended first."""
        return any(row.problems for row in self.rows)
