"""What people type when they plan an engagement, sign it, correct it or pause it."""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, override

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as override_language

from alongside.core.clocks import KEPT_YEARS, latest_kept, plus_months
from alongside.core.grammar.ties import NOBODY
from alongside.core.policy.pack import Pack
from alongside.core.questions import OURS, STATEMENTS, are_alike, number_of, worded
from alongside.core.refusals import Refused
from alongside.core.words import has_words
from alongside.core.workflow.engagements import DATES
from alongside.core.xlsforms.reading import PARTLY, Found, LeftOut, in_tongues, read
from alongside.core.xlsforms.sheets import MOST_BYTES
from alongside.core.xlsforms.tongues import nearest
from alongside.ground.ui.forms import PASSED, DayInput, LaterChoice, LaterWords, area, as_signer, offer, said
from alongside.ground.ui.languages import apart, in_readers_words
from alongside.ground.ui.refusals import refusal_text, refuse
from alongside.work.engagements import asking
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts, progress
from alongside.work.engagements.queries.wording import government
from alongside.work.projects.forms import LevelField, level_chosen, levels_of

type Choices = Sequence[tuple[str, Any]]

LONGEST = 4000


class DraftForm(forms.Form):
    """A form on a draft. Refuses where someone else changed the draft since the form was opened."""

    CHANGED = _("Someone changed this draft while this page was open. Read what you typed, then save again.")
    draft = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, engagement: Engagement | None, **kwargs: Any) -> None:
        self.engagement = engagement
        now = progress.draft_hash(engagement) if engagement else ""
        kwargs["initial"] = {"draft": now, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a form that was opened on another draft; what was typed stays."""
        cleaned = super().clean() or {}
        if self.engagement and cleaned.get("draft") != progress.draft_hash(self.engagement):
            typed = cast("MutableMapping[str, Any]", copy(self.data))
            typed["draft"] = progress.draft_hash(self.engagement)
            self.data = typed
            self.add_error(None, self.CHANGED)
        return cleaned


class RuledForm(DraftForm):
    """A form on words that the pack's rules are read against; what they forbid is said in the language of the page, `here`."""

    def __init__(self, *args: Any, pack: Pack, here: str, **kwargs: Any) -> None:
        self.pack, self.here = pack, here
        super().__init__(*args, **kwargs)

    def forbid(self, name: str, texts: Sequence[str] | None = None) -> None:
        """Say at a field what the pack forbids to ask of what was typed there, or of `texts`."""
        refuse(self, name, self.pack, self.here, texts)


class DecisionForm(RuledForm):
    """What is decided, who answers, and what people's words can change."""

    title = forms.CharField(
        label=_("What do you ask people, in one line?"),
        max_length=140,
        help_text=_("People read this first. Such as: “Which bus stops need light?”"),
    )
    partner = forms.ChoiceField(
        label=_("Which office answers?"),
        error_messages={"required": _("Choose the office that answers, or that none does.")},
        help_text=_(
            "A lead signs the promise first, then a manager of its bureau. If no bureau will sign, choose a community engagement."
        ),
    )
    point = LaterChoice(
        label=_("Is it about one of these decisions?"),
        help_text=_(
            "It names who decides, and when. If you choose none, the page tells people that the promise names neither."
        ),
    )
    decision = forms.CharField(
        label=_("What is decided?"),
        max_length=LONGEST,
        widget=area(3),
        help_text=_("Say it in plain words."),
    )
    can_change = forms.CharField(
        label=_("What can change?"),
        max_length=LONGEST,
        widget=area(4),
        help_text=_("One thing on each line."),
    )
    cannot_change = forms.CharField(
        label=_("What cannot change, and why?"),
        max_length=LONGEST,
        widget=area(3),
        help_text=_("People trust a promise more when it says what it cannot do."),
    )
    level = LevelField(
        label=_("What can people's words do?"),
        widget=forms.RadioSelect,
        help_text=_(
            "The levels of participation go from telling people to letting them decide. Choose the highest one that the bureau will keep: when it signs, it promises that."
        ),
    )
    lang = forms.ChoiceField(label=_("Which language do you write it in first?"))
    also = forms.MultipleChoiceField(
        label=_("In which other languages do people read and answer it?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The promise, the questions and the report-back are written in every one of them."),
    )

    def __init__(self, *args: Any, points: Choices, signing: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        langs = [(one.code, one.name) for one in self.pack.languages]
        offer(self, "lang", langs)
        first = self.engagement.languages[0] if self.engagement else ""
        offer(self, "also", [one for one in langs if one[0] != first])
        offer(self, "partner", self._offices(signing))
        offer(self, "point", [("", _("None of these")), *points])
        office = say("only with an office")
        offer(
            self,
            "level",
            [
                (one, f"{words} ({office})" if self._needs_office(level_chosen(one)) else words)
                for one, words in levels_of(self.pack, self.here)
            ],
        )
        if self.engagement:
            del self.fields["lang"]
            self.fields["also"].help_text = say("It is written in %(language)s first.") % {
                "language": in_readers_words(first)
            }
        else:
            self.fields[
                "also"
            ].help_text = f"{self.fields['also'].help_text} {say('You need not tick the first one.')}"

    def _offices(self, signing: Collection[str]) -> list[tuple[str, str]]:
        """List the offices that may own an answer, and say of which bureau nobody signs today; the last choice is that none does."""
        nobody = say("No office: a community engagement. %(government)s has promised nothing.")
        named = {
            f"{unit.slug}/{office.slug}": unit.slug in signing
            for unit in self.pack.units
            for office in unit.offices
            if office.can_answer
        }
        return [
            ("", say("Choose an office")),
            *(
                (one, as_signer(self.pack.office_title(one, self.here), signs=it))
                for one, it in named.items()
            ),
            (NOBODY, nobody % {"government": government(self.pack, self.here)}),
        ]

    def languages(self) -> list[str]:
        """Give the languages that were chosen, the one it is first written in before the others."""
        first = self.engagement.languages[0] if self.engagement else self.cleaned_data["lang"]
        return [first, *(one for one in self.cleaned_data["also"] if one != first)]

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a title that asks what the pack forbids: it stands over the form that people fill in; and a level that no office promises."""
        cleaned = super().clean()
        self.forbid("title")
        if cleaned.get("partner") == NOBODY and self._needs_office(cleaned.get("level")):
            self.add_error(
                "level", say("Only an office can promise this. Choose an office, or a lower level.")
            )
        return cleaned

    def _needs_office(self, named: tuple[str, str] | None) -> bool:
        found = self.pack.level({"framework": named[0], "level": named[1]}) if named else None
        return found is not None and found.needs_office


class DatesForm(DraftForm):
    """When it closes, when people hear back, and how long voices are kept."""

    closes = forms.DateField(label=_("To which day can people speak?"), widget=DayInput)
    answer_by = forms.DateField(
        label=_("By which day does the bureau answer?"),
        widget=DayInput,
        help_text=_("It comes after people have spoken."),
    )
    report_back = forms.DateField(
        label=_("By which day do people hear back?"),
        widget=DayInput,
        help_text=_("You promise this day to everyone who speaks. It cannot be taken back, only corrected."),
    )
    retention = forms.ChoiceField(label=_("How long are voices kept?"), widget=forms.RadioSelect)
    voices_kept_until = forms.DateField(
        label=_("On which day is the key destroyed?"),
        widget=DayInput,
        required=False,
        help_text=_(
            "Only if voices are kept until a day that you name. After it nobody can read them. Where a rule says for how many "
            "years, we count them from the day people hear back, ten at most."
        ),
    )
    cap = forms.IntegerField(
        label=_("How many voices do you plan to read?"),
        min_value=50,
        max_value=100_000,
        help_text=_("If more come in, leads are told, and people can still speak. 5,000 is usual."),
    )

    def __init__(self, *args: Any, pack: Pack, here: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_for, self.today = {one.id: one.years for one in pack.retention}, today
        offer(self, "retention", retention_of(pack, here))
        if self.engagement and not self.engagement.partner:
            del self.fields["answer_by"]

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse dates that come in another order than the promise needs."""
        cleaned = super().clean()
        years = self.kept_for.get(cleaned.get("retention", ""))
        if years and cleaned.get("report_back"):
            latest = latest_kept(self.today)
            cleaned["voices_kept_until"] = min(latest, plus_months(cleaned["report_back"], 12 * years))
        kept = cleaned.get("voices_kept_until")
        if not kept:
            self.add_error("voices_kept_until", say("Choose the day to which voices are kept."))
        if kept and cleaned.get("report_back") and kept < cleaned["report_back"]:
            self.add_error(
                "voices_kept_until", say("Leads read the voices until people hear back; choose a later day.")
            )
        if kept and kept > latest_kept(self.today):
            self.add_error(
                "voices_kept_until",
                say("Voices are kept for %(years)s years at most; choose a nearer day.")
                % {"years": KEPT_YEARS},
            )
        closes, back, answer = (cleaned.get(name) for name in ("closes", "report_back", "answer_by"))
        if closes and closes < self.today:
            self.add_error("closes", PASSED)
        if closes and back and back < closes:
            self.add_error("report_back", say("People hear back after they spoke; choose a later day."))
        if closes and answer and answer < closes:
            self.add_error("answer_by", say("The bureau answers after people spoke; choose a later day."))
        return cleaned


class AgainForm(DraftForm):
    """What was said before, and why it is asked again."""

    asked_again = forms.CharField(
        label=_("Why do you ask again?"),
        max_length=LONGEST,
        widget=area(4),
        help_text=_(
            "People who spoke before read this. Say what is new, and what becomes of what they said."
        ),
    )

    def __init__(self, *args: Any, must: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_again"].required = must


class SignForm(DraftForm):
    """Sign the draft exactly as it was read, or open it."""

    CHANGED = _("Someone changed this draft while this page was open. Read it again, then sign.")


def retention_of(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """List how long voices may be kept, each with the rule that says so."""
    return [
        (one.id, f"{one.name.say(lang)}: {one.period.say(lang)} ({one.rule_in(lang)[0]})")
        for one in pack.retention
        if one.verified and one.id != pack.kept.comments
    ]


ABOUT: tuple[tuple[str, str | Promise], ...] = (
    ("closes", _("The last day to speak")),
    ("report_back", _("The day by which people hear back")),
    ("answer_by", _("The day by which the bureau answers")),
    ("title", _("What is asked, in one line")),
    ("decision", _("What is decided")),
    ("can_change", _("What can change")),
    ("cannot_change", _("What cannot change")),
    ("reading", _("Who can read")),
    ("consent", _("What the words are used for")),
)


READ = _("A person who speaks these languages wrote or checked all of this.")


class CorrectionForm(forms.Form):
    """A dated correction: of words, or of a day. The promise itself has no field here and cannot change."""

    about = forms.ChoiceField(
        label=_("What do you correct?"),
        choices=ABOUT,
    )
    day = forms.DateField(
        label=_("The new day"), widget=DayInput, required=False, help_text=_("Only when you correct a day.")
    )
    words = forms.CharField(
        label=_("The correction, and why"),
        max_length=4000,
        widget=said(5),
        help_text=_("It stands beside the promise for ever. What was promised stays readable."),
    )

    def __init__(self, *args: Any, community: bool, others: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others
        for lang in others:
            box = forms.Textarea(attrs={"class": "said", "rows": 5, "dir": "auto"})
            label = say("The same in %(language)s") % {"language": in_readers_words(lang)}
            self.fields[f"words-{lang}"] = forms.CharField(label=label, max_length=4000, widget=box)
        if others:
            self.fields["checked"] = forms.BooleanField(label=READ, required=False)
        if community:
            offer(self, "about", [one for one in ABOUT if one[0] != "answer_by"])

    def said(self) -> dict[str, Any]:
        """Give what a correction says: about what, its day, its words in every language."""
        typed = {name: self.cleaned_data[name] for name in ("about", "day", "words")}
        others = {lang: self.cleaned_data[f"words-{lang}"] for lang in self.others}
        return typed | {"others": others, "checked": bool(self.cleaned_data.get("checked"))}

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for the new day where a day is corrected, and for none otherwise."""
        cleaned = super().clean() or {}
        if cleaned.get("about") in DATES and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", say("Choose the new day."))
        if cleaned.get("about") not in DATES:
            cleaned["day"] = None
        return cleaned


class PauseForm(forms.Form):
    """Why nobody can speak for a while."""

    ground = forms.CharField(
        label=_("Why is it paused?"),
        max_length=200,
        help_text=_("It goes on the public log. Name no person."),
    )


FEWEST, MOST = 2, 20
READ_ALIKE = _("Two of these read alike. Write one in other words, so that people can tell them apart.")


def read_alike_on_the_page(words: Sequence[str], lang: str) -> bool:
    """Say whether two of these read alike in a language, or one as the way not to answer that the page adds."""
    with override_language(lang):
        return are_alike([*words, say("I would rather not say")])


class QuestionForm(RuledForm):
    """A question in the language it is first written in."""

    kind = forms.ChoiceField(
        label=_("How do people answer?"),
        initial="text",
        widget=forms.RadioSelect,
        choices=[
            ("text", _("In their own words")),
            ("one", _("They choose one answer")),
            ("several", _("They choose all that fit")),
            ("scale", _("On a scale from 1 to 5")),
        ],
    )
    words = forms.CharField(label=_("The question"), max_length=400, widget=area(2))
    hint = forms.CharField(
        label=_("A hint below it"), max_length=400, required=False, help_text=_("Only if people need one.")
    )
    options = LaterWords(
        label=_("The answers to choose from"),
        max_length=LONGEST,
        widget=area(5),
        help_text=_(
            "Only where people choose. One on each line. “I would rather not say” is added by itself."
        ),
    )
    low = LaterWords(label=_("What 1 means"), max_length=80)
    high = LaterWords(label=_("What 5 means"), max_length=80)

    @property
    def lines(self) -> list[str]:
        """Give the options, one a line that holds something; the same words are one option."""
        lines = str(self.cleaned_data.get("options", "")).splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask, and a choice without choices."""
        cleaned = super().clean()
        kind, lines = cleaned.get("kind"), self.lines
        for name in ("words", "hint", "low", "high"):
            self.forbid(name)
        self.forbid("options", lines)
        if kind in {"one", "several"} and not FEWEST <= len(lines) <= MOST:
            self.add_error("options", say("Write 2 to 20 answers, one on each line."))
        first = self.engagement.languages[0] if self.engagement else self.here
        if read_alike_on_the_page(lines, first):
            self.add_error("options", READ_ALIKE)
        if kind == "scale":
            for name in ("low", "high"):
                if not cleaned.get(name):
                    self.add_error(name, say("Say what this end of the scale means."))
            if not self.errors and read_alike_on_the_page([cleaned["low"], cleaned["high"]], first):
                self.add_error("high", READ_ALIKE)
        return cleaned

    def question(self, old: Mapping[str, Any] | None, free_id: str, first: str) -> dict[str, Any]:
        """Make the question; words in other languages stay where the first words did not change."""
        before = old or {}
        made: dict[str, Any] = {
            "id": before.get("id", free_id),
            "kind": self.cleaned_data["kind"],
            "words": {**before.get("words", {}), first: self.cleaned_data["words"]},
        }
        if self.cleaned_data["hint"]:
            made["hint"] = {**before.get("hint", {}), first: self.cleaned_data["hint"]}
        if made["kind"] in {"one", "several"}:
            made["options"] = options_from(self.lines, before.get("options", ()), first)
        if made["kind"] == "scale":
            ends = before.get("ends", ({}, {}))
            words = (self.cleaned_data["low"], self.cleaned_data["high"])
            made["ends"] = [{**end, first: word} for end, word in zip(ends, words, strict=True)]
        return made


#: So many new questions can be written on one page.
AT_ONCE = 3


class QuestionsForm(RuledForm):
    """The questions of a draft on one page: the words of each that is there, and the first ones; of these, what is left empty is no question."""

    def __init__(self, *args: Any, engagement: Engagement, drop: str, **kwargs: Any) -> None:
        super().__init__(*args, engagement=engagement, **kwargs)
        self.asked, self.drop = engagement.form.get("questions", ()), drop
        for number, one in enumerate(self.asked, 1):
            if one["id"] not in OURS:
                self.fields[f"{one['id']}-words"] = forms.CharField(
                    label=say("Question %(number)s") % {"number": number},
                    initial=one["words"].get(engagement.languages[0], ""),
                    max_length=400,
                    required=one["id"] != drop,
                    widget=area(2),
                )
        given: dict[str, Any] = {"pack": self.pack, "here": self.here, "engagement": None}
        named = [f"n{number}" for number in range(1, AT_ONCE + 1)]
        written = [one for one in named if self.is_bound and self._is_written(one)]
        written = written or ([] if self.asked else named[:1])
        self.every = [
            QuestionForm(self.data if self.is_bound and one in written else None, prefix=one, **given)
            for one in named
        ]
        if not self.asked:
            self.every[0].fields["kind"].help_text = say(
                "People can also answer by voice: you choose that at the end of this page."
            )

    def _is_written(self, prefix: str) -> bool:
        names = ("words", "hint", "options", "low", "high")
        return any(self.data.get(f"{prefix}-{name}", "").strip() for name in names)

    @property
    def is_written(self) -> bool:
        """Say whether something is written in one of them."""
        return self.is_bound and any(self._is_written(str(one.prefix)) for one in self.every)

    @property
    def used(self) -> list[QuestionForm]:
        """Give the new questions in which something is written; the first where there is no other."""
        return [one for one in self.every if one.is_bound]

    @override
    def is_valid(self) -> bool:
        """Say whether the draft is the one that was opened, and every question can be asked."""
        return all([super().is_valid(), *(one.is_valid() for one in self.used)])

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask."""
        cleaned = super().clean()
        for name in self.fields:
            if name not in {"draft", f"{self.drop}-words"}:
                self.forbid(name)
        return cleaned

    def questions(self, first: str) -> list[Mapping[str, Any]]:
        """Give the questions of a draft as they were changed, with the new ones behind them."""
        every: list[Mapping[str, Any]] = [
            with_words(one, first, {"words": self.cleaned_data.get(f"{one['id']}-words", "")})
            if one["id"] not in OURS
            else one
            for one in self.asked
        ]
        for one in self.used:
            every.append(one.question(None, asking.free_id(every), first))
        return every


class FormFileForm(forms.Form):
    """A file with questions from another tool."""

    file = forms.FileField(
        label=_("The file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls"}),
        help_text=_("An XLSForm, as .xlsx or .xls. You see every question before it is in your draft."),
    )

    def clean_file(self) -> Found:
        """Give what the file holds, or say what is wrong with it and where."""
        file = self.cleaned_data["file"]
        try:
            return read(file.read(MOST_BYTES + 1))
        except Refused as error:
            raise ValidationError(refusal_text(error)) from error


@dataclass(frozen=True)
class Brought:
    """A question of a file in the languages that were chosen, the form that checks it, and what keeps it from being asked."""

    question: Mapping[str, Any]
    row: int
    form: QuestionForm
    problems: list[str]
    out: forms.BoundField
    #: The question in each language, with what makes it hard to answer.
    said: list[tuple[asking.Question, list[str]]]


#: What a language is where its words are left out.
OUT = "-"


class BringForm(RuledForm):
    """What was found in a file: which language is which, and which questions to leave out. `found` is signed, so it is as it was read."""

    SALT = "engagements.from_file"
    MOVED = _(
        "You changed a language. These are the questions as they come now. Look at them, then press again."
    )
    found = forms.CharField(widget=forms.HiddenInput)
    #: The languages as the page shows the questions.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, engagement: Engagement, found: Found | None = None, **kwargs: Any) -> None:
        self.first = engagement.languages[0]
        signed = signing.dumps(found.kept(), salt=self.SALT, compress=True) if found else ""
        super().__init__(*args, engagement=engagement, initial={"found": signed}, **kwargs)
        self.held = found or Found.of(signing.loads(self.data["found"], salt=self.SALT))
        codes = [one.code for one in self.pack.languages]
        offered = [(OUT, _("Leave it out")), *((one, in_readers_words(one)) for one in codes)]
        for place, tongue in enumerate(self.held.tongues):
            self.fields[f"tongue-{place}"] = forms.ChoiceField(
                label=apart(tongue.name) if tongue.name else say("A column that names no language"),
                choices=offered,
                initial=nearest(tongue.guess, codes) or OUT,
            )
        for one in self.held.questions:
            self.fields[f"out-{one['row']}"] = forms.BooleanField(
                label=_("Leave this one out"), required=False
            )
        self.brought, self.lacking = self._brought()

    @classmethod
    def is_as_it_was_read(cls, signed: str) -> bool:
        """Say whether what was sent is what a file held."""
        try:
            signing.loads(signed, salt=cls.SALT)
        except signing.BadSignature:
            return False
        return True

    @property
    def tongues(self) -> list[forms.BoundField]:
        """Give the fields of the languages."""
        return [self[f"tongue-{place}"] for place in range(len(self.held.tongues))]

    @property
    def seen(self) -> str:
        """Give the languages as they are chosen now."""
        return ",".join(str(one.value()) for one in self.tongues)

    def _brought(self) -> tuple[list[Brought], list[LeftOut]]:
        """Give the questions in the languages that are chosen, and those that cannot be asked in the first one."""
        codes = {one.code for one in self.pack.languages}
        fields = zip(self.held.tongues, self.tongues, strict=True)
        named = {tongue.name: str(field.value()) for tongue, field in fields}
        kept, lacking = in_tongues(
            self.held, {name: code for name, code in named.items() if code in codes}, self.first
        )
        rows = [one["row"] for one in self.held.questions if one["row"] not in lacking]
        found = zip(kept, rows, strict=True)
        brought = [self._checked(one, row) for one, row in found if one["id"] not in OURS]
        return brought, [
            LeftOut(one["row"], one["name"], "") for one in self.held.questions if one["row"] in lacking
        ]

    def _checked(self, one: Mapping[str, Any], row: int) -> Brought:
        """Check a question as if a lead had typed it, and its words in the other languages by the same rules."""
        draft = progress.draft_hash(self.engagement) if self.engagement else ""
        typed = {"draft": draft, **typed_of(one, self.first)}
        form = QuestionForm(typed, engagement=self.engagement, pack=self.pack, here=self.here)
        if not form.is_valid() or len(one["words"]) > 1:
            form.forbid("words", asking.wordings({"questions": [one]}))
        problems = list(dict.fromkeys(str(words) for told in form.errors.values() for words in told))
        shown = [asking.questions_of({"questions": [one]}, code, self.first)[0] for code in one["words"]]
        said = [(each, drafts.remarks(each.phrase.words, each.phrase.lang)) for each in shown]
        return Brought(one, row, form, problems, self[f"out-{row}"], said)

    def left(self) -> tuple[list[asking.LeftRows], list[asking.LeftRows]]:
        """Give what of the file is left out, and what of the questions that come along, by why."""
        mine = {one.row for one in self.brought}
        whole, partly = asking.left_by_why(
            one for one in self.held.left if one.why not in PARTLY or one.row in mine
        )
        ours = [LeftOut(one["row"], one["name"], "") for one in self.held.questions if one["id"] in OURS]
        missing = say("Words are missing in %(language)s, or two answers read alike.")
        more: list[asking.LeftRows] = [
            (missing % {"language": in_readers_words(self.first)}, self.lacking),
            (say("A question of the program’s own. Choose that on the page of your questions."), ours),
        ]
        return [*((why, rows) for why, rows in more if rows), *whole], partly

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse to bring questions in other languages than on the page that was read, and to bring none."""
        cleaned = super().clean()
        if "bring" not in self.data:
            return cleaned
        if cleaned.get("shown") != self.seen:
            self.add_error(None, self.MOVED)
        elif not self.chosen:
            self.add_error(
                None, say("No question is left to bring along. Choose a language, or another file.")
            )
        return cleaned

    @property
    def chosen(self) -> list[Brought]:
        """Give the questions that are brought along."""
        return [one for one in self.brought if not one.problems and not self.cleaned_data.get(one.out.name)]

    def questions(self, asked: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Give the questions of a draft with those of the file behind them."""
        every = list(asked)
        for one in self.chosen:
            old = {name: said for name, said in one.question.items() if name != "id"}
            every.append(one.form.question(old, asking.free_id(every), self.first))
        return every


def options_from(lines: list[str], old: Any, first: str) -> list[dict[str, Any]]:
    """Make options from lines; one whose first words are the same keeps its id and its other languages."""
    kept = {one["words"].get(first): one for one in old}
    taken = {one["id"] for one in old}
    free = (f"a{number}" for number in range(1, len(lines) + len(taken) + 1) if f"a{number}" not in taken)
    return [kept.get(line) or {"id": next(free), "words": {first: line}} for line in lines]


def typed_of(question: Mapping[str, Any], first: str) -> dict[str, Any]:
    """Give a saved question as its form shows it."""
    low, high = question.get("ends", ({}, {}))
    return {
        "kind": question["kind"],
        "words": question["words"].get(first, ""),
        "hint": question.get("hint", {}).get(first, ""),
        "options": "\n".join(one["words"].get(first, "") for one in question.get("options", ())),
        "low": low.get(first, ""),
        "high": high.get(first, ""),
    }


LONG_LINE = 90
CHANGED_SINCE = _("The first words changed since a person checked these. Read them beside the new ones.")
CHANGED = _("The first words changed since this was written. Make it say the same, then save.")


class WordsForm(RuledForm):
    """The promise, every question and every statement in one language. Each field shows the first words as its hint."""

    def __init__(self, *args: Any, engagement: Engagement, lang: str, **kwargs: Any) -> None:
        self.held, self.lang = engagement, lang
        super().__init__(*args, engagement=engagement, **kwargs)
        self.first = engagement.languages[0]
        self.outdated = engagement.words.get(lang, {}).get(asking.WAS, {})
        self.asked = worded(engagement.form) if lang != self.first else []
        for name in drafts.texts_of(engagement):
            self._add(f"text-{name}", drafts.LABELS[name], engagement.words.get(self.first, {}).get(name, ""))
        for number, one in enumerate(self.asked, 1):
            for key, words in asking.parts_of(one).items():
                if asking.is_ours(one, key, lang):
                    continue
                label = self._label(one, number) if key == "words" else say("Its words")
                self._add(f"{one['id']}-{key}", label, words.get(self.first, ""))
        if lang != self.first:
            was = engagement.words.get(lang, {}).get("checked")
            self.fields["checked"] = forms.BooleanField(
                label=_("A person who speaks this language wrote or checked all of this."),
                required=False,
                help_text=CHANGED_SINCE if was and not drafts.is_checked(engagement, lang) else "",
            )

    def _label(self, one: Mapping[str, Any], number: int) -> str:
        if "kind" in one:
            return say("Question %(number)s") % {"number": number}
        return say("Statement %(number)s") % {"number": number_of(one["id"])}

    def _add(self, name: str, label: Any, original: str) -> None:
        rows = 2 if len(original) < LONG_LINE else 4
        self.fields[name] = LaterWords(
            label=label,
            help_text=self._beside(name, original),
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": rows, "lang": self.lang, "dir": "auto"}),
        )

    @property
    def empty(self) -> int:
        """Count the fields that stand empty on the page and must not; a hint may."""
        needed = [name for name in self.fields if name != "checked" and not name.endswith("-hint")]
        return sum(not has_words(str(self[name].value() or "")) for name in needed)

    def _beside(self, name: str, original: str) -> str:
        """Give the first words, and say where what stands in the field was written beside others."""
        if self.lang == self.first:
            return ""
        return f"{apart(original)} {CHANGED}" if name in self.outdated else apart(original)

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask, in this language too."""
        cleaned = super().clean()
        for one in self.asked:
            for name in (f"{one['id']}-{key}" for key in asking.parts_of(one)):
                if name in self.fields:
                    self.forbid(name)
            choices = [f"{one['id']}-{key}" for key in asking.choices_of(one)]
            said = [words for name in choices if (words := cleaned.get(name))]
            if read_alike_on_the_page(said, self.lang):
                self.add_error(choices[-1], READ_ALIKE)
        self.forbid("text-title")
        return cleaned

    def words(self) -> dict[str, Any]:
        """Give the promise in this language, with the first words beside which a person checked it, where one did."""
        said = [name for name in drafts.LABELS if f"text-{name}" in self.cleaned_data]
        texts: dict[str, Any] = {name: self.cleaned_data[f"text-{name}"] for name in said}
        checked = self.cleaned_data.get("checked")
        return {**texts, "checked": drafts.first_words(self.held)} if checked else texts

    def asked_now(self) -> dict[str, Any]:
        """Give what is asked, with the words of every question and statement in this language put in."""
        form = {"questions": [], **self.held.form}
        worded_now = {
            name: [with_words(one, self.lang, self._said(one)) for one in form[name]]
            for name in ("questions", STATEMENTS)
            if name in form
        }
        return {**form, **worded_now}

    def _said(self, one: Mapping[str, Any]) -> dict[str, str]:
        names = {key: f"{one['id']}-{key}" for key in asking.parts_of(one)}
        return {key: self.cleaned_data[name] for key, name in names.items() if name in self.cleaned_data}


def with_words(question: Mapping[str, Any], lang: str, said: Mapping[str, str]) -> dict[str, Any]:
    """Copy a question with its words in one language; a part that says nothing of it keeps what it had."""
    made = deepcopy(dict(question))
    for key, words in asking.parts_of(made).items():
        if said.get(key):
            words[lang] = said[key]
        elif key in said:
            words.pop(lang, None)
    return made


def initial_words(engagement: Engagement, lang: str, defaults: Mapping[str, str]) -> dict[str, Any]:
    """Give what the form of a language begins with: what was saved, else what was before, else the house's words for two texts."""
    saved = engagement.words.get(lang, {})
    was = saved.get(asking.WAS, {})
    found: dict[str, Any] = {
        f"text-{name}": saved.get(name) or was.get(f"text-{name}") or defaults.get(name, "")
        for name in drafts.texts_of(engagement)
    }
    for one in worded(engagement.form):
        parts = {f"{one['id']}-{key}": words for key, words in asking.parts_of(one).items()}
        found |= {name: words.get(lang) or was.get(name, "") for name, words in parts.items()}
    return {**found, "checked": drafts.is_checked(engagement, lang)}
