"""Read calls: as the record tells them, as drafts, their quotas in words, and who was invited to help."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.cohort.calls.models import TYPES_IN, WRITES_DOWN, Call, CounselAdvice, Invitee
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.entries import Entry
from alongside.core.grammar.calls import CALL_TEXTS
from alongside.core.grammar.versions import VERSION
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.policy.calls import Category
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota, by_category
from alongside.core.words import has_words, hash_of
from alongside.core.workflow.calls import CallStage, as_corrected
from alongside.core.workflow.pay import Per
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head
from alongside.ground.record.queries import (
    EntryView,
    TextView,
    entry_views,
    entry_views_where,
    head_of,
    indexes_citing,
)

#: The value of those who would rather not say; its quota is always from nobody to everybody.
NOT_SAID = "rather-not-say"


def rules_of(call: Call) -> list[Quota]:
    """Give the quotas of a call, each category with those who would rather not say."""
    return whole([Quota(**one) for one in call.quotas], call.seats)


def whole(rows: Iterable[Quota], seats: int) -> list[Quota]:
    """Add to each category the quota of those who would rather not say."""
    found = []
    for category, own in by_category(rows).items():
        found += [*(one for one in own if one.value != NOT_SAID), Quota(category, NOT_SAID, 0, seats)]
    return found


def advice_of(program: Program) -> list[CounselAdvice]:
    """List counsel's advice on quotas, newest first. One query."""
    return list(CounselAdvice.objects.filter(program=program).order_by("-on", "-pk"))


def lacks_advice(program: Program, pack: Pack, quotas: Sequence[Quota]) -> list[Category]:
    """List the protected categories of some quotas for which no advice of counsel is recorded. One query."""
    advised = {one for row in advice_of(program) for one in row.categories}
    used = [pack.calls.category(one) for one in by_category(quotas)]
    return [one for one in used if one and one.protected and one.id not in advised]


def advice_for(program: Program, pack: Pack, quotas: Sequence[Quota]) -> CounselAdvice | None:
    """Give the newest advice that covers a protected category of some quotas, or None. One query."""
    used = {one for one in by_category(quotas) if (found := pack.calls.category(one)) and found.protected}
    return next((row for row in advice_of(program) if used & set(row.categories)), None)


@dataclass(frozen=True)
class QuotaLine:
    """One value with its numbers; no words stand for those who would rather not say. `count` is how many of a pool have it."""

    value: str
    words: str
    lang: str
    least: int
    most: int
    count: Band | Fewer | None = None


@dataclass(frozen=True)
class Balanced:
    """One category as people read it: the question, and its lines."""

    id: str
    words: str
    lang: str
    lines: list[QuotaLine]


def told_quotas(
    rows: Iterable[Mapping[str, Any]],
    pack: Pack,
    lang: str,
    counts: Mapping[tuple[str, str], int] | None = None,
) -> list[Balanced]:
    """Give quotas, as an entry or a form holds them, in the words of the pack."""
    found = []
    for name, own in by_category(Quota(**one) for one in rows).items():
        category = pack.calls.category(name)
        words = {one.id: one.words for one in category.choices} if category else {}
        lines = [
            QuotaLine(
                one.value,
                words[one.value].say(lang) if one.value in words else "",
                words[one.value].lang_of(lang) if one.value in words else lang,
                one.least,
                one.most,
                None if counts is None else band(counts.get((name, one.value), 0), pack),
            )
            for one in own
        ]
        asked = category.words if category else None
        found.append(
            Balanced(name, asked.say(lang) if asked else name, asked.lang_of(lang) if asked else lang, lines)
        )
    return found


TYPISTS = (Role.LEAD, Role.STAFF, Role.STEWARD)


def helpers_of(call: Call) -> list[Invitee]:
    """List who helps with a call today. One query."""
    return list(call.invitees.helpers().select_related("person", "call__program").order_by("pk"))


def invitee(call: Call, roles: Collection[str], pk: int) -> Invitee | None:
    """Give someone who is invited to a call today in one of these roles, or None. One query."""
    rows = call.invitees.filter(role__in=roles, ended_on=None, pk=pk)
    return rows.select_related("person", "call__program").first()


def invited_now(program: Program) -> list[Invitee]:
    """List who was invited to something for a call that has not ended: to read, to help, to witness. One query."""
    found = Invitee.objects.filter(call__program=program, call__decided_on=None, ended_on=None)
    return list(found.select_related("call", "person").order_by("pk"))


def helping(program: Program, viewer: Viewer, role: str) -> QuerySet[Invitee]:
    """Give the invitations of the viewer to help with calls in one way."""
    return Invitee.objects.helpers().filter(person=viewer.person_id or 0, call__program=program, role=role)


def helps(program: Program, viewer: Viewer, role: str) -> list[Invitee]:
    """List the calls that the viewer was invited to help with in one way. One query."""
    return list(helping(program, viewer, role).select_related("call").order_by("-pk"))


def helper_of(call: Call, viewer: Viewer, role: str) -> Invitee | None:
    """Give the invitation of the viewer to help with a call, or None. One query."""
    return call.invitees.helpers().filter(person=viewer.person_id or 0, role=role).first()


def may_type_in(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may type applications in: leads, staff, the steward, and who was invited to this call."""
    return viewer.has(*TYPISTS) or helper_of(call, viewer, TYPES_IN) is not None


def may_write_down(call: Call, viewer: Viewer) -> bool:
    """Say whether the viewer may hear recordings to write them down: the steward or an invited helper, and no reader."""
    if call.invitees.readers().filter(person=viewer.person_id or 0).exists():
        return False
    return viewer.has(Role.STEWARD) or helper_of(call, viewer, WRITES_DOWN) is not None


@dataclass(frozen=True)
class CallLine:
    """A question, a line of the rubric or something sought: its words, what stands below them, its number."""

    key: str
    words: TextView | None
    below: TextView | None
    number: int


@dataclass(frozen=True)
class CallPage:
    """A call with its rules in force. `data` is the entry's, with what was corrected since."""

    told: EntryView
    data: Mapping[str, Any]
    corrections: tuple[EntryView, ...]
    head: Head | None = None
    is_decided: bool = False

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.data["call"])

    @property
    def texts(self) -> Mapping[str, TextView]:
        """Give its words by name."""
        return self.told.texts

    def day(self, name: str) -> date:
        """Give one of its days."""
        return date.fromisoformat(str(self.data[name]))

    @property
    def opens(self) -> date:
        """Give the first day on which people can apply."""
        return self.day("opens")

    @property
    def closes(self) -> date:
        """Give the last day on which people can apply."""
        return self.day("closes")

    @property
    def decides(self) -> date:
        """Give the day by which everyone has an answer."""
        return self.day("decides")

    @property
    def term(self) -> tuple[date, date]:
        """Give the first and the last day of the term."""
        term = self.data["term"]
        return date.fromisoformat(term["from"]), date.fromisoformat(term["until"])

    def state(self, today: date) -> CallStage:
        """Say where it stands on a day."""
        return CallStage.on(
            today,
            opens=self.opens,
            closes=self.closes,
            decides=self.decides,
            is_decided=self.is_decided,
        )

    @property
    def pay(self) -> Money | None:
        """Give what is paid, or None for a call without pay."""
        pay = self.data.get("pay")
        return Money.of(pay["amount"], pay["currency"]) if pay else None

    @property
    def budget(self) -> Money:
        """Give what the program may spend on the cohort."""
        return Money.of(self.data["budget"], self.data["currency"])

    @property
    def not_to_exceed(self) -> Money:
        """Give what one agreement may cost at most."""
        return Money.of(self.data["not_to_exceed"], self.data["currency"])

    def _line(self, kind: str, below: str, key: str, number: int) -> CallLine:
        return CallLine(key, self.texts.get(f"{kind}-{key}"), self.texts.get(f"{below}-{key}"), number)

    @property
    def questions(self) -> list[CallLine]:
        """List what applicants are asked."""
        return [self._line("question", "hint", key, 0) for key in self.data["questions"]]

    @property
    def rubric(self) -> list[CallLine]:
        """List by what applications are judged, each with its points."""
        return [
            self._line("criterion", "means", one["criterion"], one["points"]) for one in self.data["rubric"]
        ]

    @property
    def sought(self) -> list[CallLine]:
        """List the communities and experience that are sought, each with how many seats should bring it."""
        return [self._line("sought", "", one["sought"], one["least"]) for one in self.data["sought"]]


def _pages(program: Program, lang: str, published: list[EntryView]) -> list[CallPage]:
    """Put calls together with their corrections. Three queries, and one for the head."""
    since = (EntryKind.CALL_CORRECTED, EntryKind.SELECTION_CLOSED)
    found = indexes_citing(program, [one.index for one in published], since)
    rows = [(citing, cited) for citing, kind, cited in found if kind == EntryKind.CALL_CORRECTED]
    decided = {cited for _citing, kind, cited in found if kind == EntryKind.SELECTION_CLOSED}
    corrections = entry_views(program, [citing for citing, _cited in rows], lang)
    head = head_of(program)
    pages = []
    for one in published:
        own = tuple(corrections[citing] for citing, cited in rows if cited == one.index)
        data = as_corrected(one.entry, (each.entry for each in own))
        pages.append(CallPage(one, data, own, head, is_decided=one.index in decided))
    return pages


def call_list(program: Program, lang: str) -> list[CallPage]:
    """List every call on the record, newest first. Six queries."""
    return _pages(program, lang, entry_views_where(program, lang, kinds=[EntryKind.CALL_PUBLISHED])[::-1])


def call_page(program: Program, lang: str, slug: str) -> CallPage | None:
    """Give one call, or None. Six queries."""
    published = entry_views_where(program, lang, kinds=[EntryKind.CALL_PUBLISHED], subject=slug)
    return _pages(program, lang, published)[0] if published else None


DAYS_A_MONTH = Decimal("30.4375")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """What a call names one by one: its column, and how the entry calls its words, those below, and its number.

    The number of a line is `usual` where nobody says another.
    """

    column: str
    name: str
    below: str = ""
    number: str = ""
    usual: int = 0

    def lines(self, call: Call) -> list[tuple[str, int]]:
        """Give the key and the number of each, 0 where there is none."""
        held = getattr(call, self.column)
        return [(one[self.name], one[self.number]) if self.number else (one, 0) for one in held]

    def line(self, key: str, number: int | None) -> Any:
        """Give one as the entry holds it."""
        if not self.number:
            return key
        return {self.name: key, self.number: self.usual if number is None else number}

    def names(self, key: str) -> list[str]:
        """Give the names of the texts of one."""
        return [f"{one}-{key}" for one in (self.name, self.below) if one]


PARTS = {
    "questions": Part("questions", "question", "hint"),
    "criteria": Part("rubric", "criterion", "means", "points", 5),
    "sought": Part("sought", "sought", "", "least", 1),
}
#: Texts that applicants answer to or are judged by; the linter reads them.
ASKED = ("question-", "hint-", "sought-", "criterion-", "means-")
BELOW = ("hint-", "means-")


def read_together(texts: Mapping[str, str]) -> list[str]:
    """List what applicants answer to or are judged by, for the linter: each text, and with it what stands below."""
    own = {name: words for name, words in texts.items() if name.startswith(ASKED)}
    whole = [
        " ".join(own.get(one, "") for one in part.names(name.partition("-")[2]))
        for part in PARTS.values()
        for name in own
        if name.startswith(f"{part.name}-")
    ]
    return [*own.values(), *whole]


def asked_texts(call: Call) -> list[str]:
    """List every wording of what applicants answer to, in every language."""
    return [words for own in call.words.values() for words in read_together(own)]


def names_of(call: Call) -> list[str]:
    """List the names of all texts of a call; a text below another is one of them where it was written first."""
    own = [name for part in PARTS.values() for key, _n in part.lines(call) for name in part.names(key)]
    first = call.words.get(call.first_lang, {})
    return [*CALL_TEXTS, *(one for one in own if first.get(one) or not one.startswith(BELOW))]


def texts_in(call: Call, lang: str) -> dict[str, str]:
    """Give every text of a call in a language by its name in the entry; what has no words is left out."""
    own = call.words.get(lang, {})
    return {name: str(own[name]) for name in names_of(call) if has_words(own.get(name, ""))}


def first_words(call: Call) -> str:
    """Hash the first words of a call: who checks another language reads it beside exactly these."""
    return hash_of(texts_in(call, call.first_lang))


def is_checked(call: Call, lang: str) -> bool:
    """Say whether a person checked the words in a language beside the first words as they stand now."""
    return bool(call.words.get(lang, {}).get("checked") == first_words(call))


def missing_words(call: Call) -> dict[str, int]:
    """Count the texts that a call lacks, by language."""
    every = len(names_of(call))
    return {lang: every - len(texts_in(call, lang)) for lang in call.languages}


def months_of(call: Call) -> Decimal:
    """Count the months of a call's term, to the nearest whole one."""
    days = (call.term_until - call.term_from).days + 1
    return max(Decimal(1), (Decimal(days) / DAYS_A_MONTH).quantize(Decimal(1)))


def most_it_can_pay(call: Call) -> Decimal:
    """Give what one lead is paid at most over the term, to the cent; 0 for a call without pay."""
    if call.pay_amount is None:
        return Decimal(0)
    times = {
        Per.HOUR: call.hours_a_month * months_of(call),
        Per.MONTH: months_of(call),
        Per.TERM: Decimal(1),
    }[Per(call.pay_per)]
    return (call.pay_amount * times).quantize(CENT)


def published_data(call: Call) -> dict[str, Any]:
    """Give the rules of a call as its entry holds them. Money is a decimal in quotes."""
    data: dict[str, Any] = {
        "call": call.slug,
        "seats": call.seats,
        "alternates": call.alternates,
        "hours_a_month": call.hours_a_month,
        "term": {"from": call.term_from.isoformat(), "until": call.term_until.isoformat()},
        "languages": list(call.languages),
        "opens": call.opens.isoformat(),
        "closes": call.closes.isoformat(),
        "decides": call.decides_by.isoformat(),
        "selection": call.selection,
        "rubric": call.rubric,
        "questions": call.questions,
        "sought": call.sought,
        "budget": str(call.budget.quantize(CENT)),
        "not_to_exceed": str(call.not_to_exceed.quantize(CENT)),
        "currency": call.pay_currency,
    }
    if call.pay_amount is not None:
        amount = str(call.pay_amount.quantize(CENT))
        data["pay"] = {"amount": amount, "currency": call.pay_currency, "per": call.pay_per}
    if quotas := rules_of(call):
        data["quotas"] = [vars(one) for one in quotas]
    return data


PAGE = 50


#: What a new call takes over from an earlier one beside its words; its days are its own.
CARRIED = (
    "questions",
    "rubric",
    "sought",
    "quotas",
    "seats",
    "alternates",
    "pay_amount",
    "pay_currency",
    "pay_per",
    "hours_a_month",
    "selection",
    "budget",
    "not_to_exceed",
)


def carried(earlier: Call | None) -> dict[str, Any]:
    """Give what a new draft of a call takes over from an earlier one, beside its words; nothing where there is none."""
    return {name: getattr(earlier, name) for name in CARRIED} if earlier else {}


def declared() -> list[str]:
    """List what every applicant is asked of what could pull them two ways, in the order of the columns of their form."""
    return [
        _("Do you work for the City?"),
        _("Do you, or does someone you live with, earn money from a contract or grant of the City?"),
        _("Are you family, or close, to someone who works in this program?"),
    ]


def calls_for(program: Program, viewer: Viewer) -> list[Call]:
    """List the calls that the viewer writes, newest first. One query."""
    if not viewer.has(Role.STEWARD):
        return []
    return list(Call.objects.filter(program=program).order_by("-pk"))


def last_closed(program: Program, today: date) -> Call | None:
    """Give the call to which people could apply last, and can no more, or None. One query."""
    found = Call.objects.filter(program=program, entry__isnull=False, closes__lt=today)
    return found.order_by("-closes", "-pk").first()


def call_for(program: Program, viewer: Viewer, slug: str) -> Call | None:
    """Give a call that the viewer writes, or None. One query."""
    if not viewer.has(Role.STEWARD):
        return None
    rows = Call.objects.filter(program=program, slug=slug)
    return rows.select_related("program").first()


def preview_of(call: Call, lang: str, today: date) -> CallPage:
    """Show a draft as the public will read it."""
    first, own = texts_in(call, call.first_lang), texts_in(call, lang)
    texts = {
        name: TextView(
            words=own.get(name, words),
            lang=lang if name in own else call.first_lang,
            original_lang=call.first_lang,
            is_original=lang == call.first_lang or name not in own,
            is_reviewed=is_checked(call, lang),
            made_by="person",
            name=name,
        )
        for name, words in first.items()
    }
    data = published_data(call)
    entry = Entry(-1, EntryKind.CALL_PUBLISHED, today, "program", ("steward",), data, {}, {}, VERSION)
    return CallPage(EntryView(entry, texts), data, ())


def published_call(program: Program, slug: str, *near: str) -> Call | None:
    """Give a published call by its name, whether it is open today or not; `near` names what is read with it. One query."""
    rows = Call.objects.filter(program=program, slug=slug, entry__isnull=False)
    return rows.select_related("program", *near).first()
