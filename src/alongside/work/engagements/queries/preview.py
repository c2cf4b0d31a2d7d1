"""A draft as residents will see it, and what it still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from alongside.core.policy import Pack, reading_grade
from alongside.ground.look.days import day_in_words
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import Shown, Told, told, told_where
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.before import asked_before
from alongside.work.engagements.queries.drafts import Gap, gaps, key_of, promise_data, signers, texts_of
from alongside.work.engagements.queries.public import Page, holders_today
from alongside.work.engagements.queries.questions import questions_of
from alongside.work.projects.models import DecisionPoint

#: Two leads must have opened a test voice.
TESTERS = 2
#: Words should read at this school grade, or below it.
GRADE = 8


@dataclass(frozen=True)
class Progress:
    """How far a draft is: what it lacks, who holds and tested its key, and who signed it as it stands."""

    draft: Engagement
    gaps: list[Gap]
    holders: list[str] = field(default_factory=list)
    testers: list[str] = field(default_factory=list)
    has_key: bool = False

    @property
    def signers(self) -> list[str]:
        """Give everyone who signed the draft as it stands."""
        return signers(self.draft)

    @property
    def lead_signed(self) -> bool:
        """Say whether a lead signed the draft as it stands."""
        return any(one.startswith("seat-") for one in self.signers)

    @property
    def unit_signed(self) -> bool:
        """Say whether the unit signed the draft as it stands; nobody needs to for a community engagement."""
        return self.draft.partner is None or any("/" in one for one in self.signers)

    @property
    def has_questions(self) -> bool:
        """Say whether there is a question."""
        return bool(self.draft.form.get("questions"))

    @property
    def is_written(self) -> bool:
        """Say whether every word is there in every language."""
        return self.has_questions and not self.gaps

    @property
    def is_tested(self) -> bool:
        """Say whether two leads opened a test voice."""
        return len(self.testers) >= TESTERS

    @property
    def can_open(self) -> bool:
        """Say whether everything is there that opening needs."""
        return self.is_written and self.is_tested and self.lead_signed and self.unit_signed


def progress_of(draft: Engagement) -> Progress:
    """Say how far a draft is. Five queries at most."""
    key = key_of(draft)
    if key is None:
        return Progress(draft, gaps(draft))
    made, testers = key
    return Progress(draft, gaps(draft), list(made.data["wrapped_to"]), testers, has_key=True)


def preview(draft: Engagement, pack: Pack, lang: str, today: date) -> Page:
    """Show a draft with the same parts as the page of a promise. Seven queries at most."""
    first = draft.languages[0]
    key = key_of(draft)
    decision, project = _decision(draft, lang)
    before = asked_before(draft, lang)
    return Page(
        slug=draft.slug,
        data=promise_data(draft, pack.k, ""),
        texts=_texts(draft.words, lang if lang in draft.languages else first, first, texts_of(draft)),
        questions=questions_of(draft.form, lang, first),
        closes=draft.closes,
        report_back=draft.report_back,
        answer_by=draft.answer_by if draft.partner else None,
        readers=holders_today(draft.program, key[0].data["wrapped_to"], today)[0] if key else 0,
        decision=decision,
        project=project,
        before=before.said if before.reasons else [],
    )


def _decision(draft: Engagement, lang: str) -> tuple[Told | None, Told | None]:
    if draft.decision is None:
        return None, None
    entries = (draft.decision.entry, draft.decision.project.entry)
    found = told(draft.program, entries, lang)
    return found[entries[0]], found[entries[1]]


def _texts(
    words: Mapping[str, Mapping[str, str]], lang: str, first: str, names: Sequence[str]
) -> dict[str, Shown]:
    found = {}
    for name in names:
        here = lang if words.get(lang, {}).get(name) else first
        text = words.get(here, {}).get(name, "")
        checked = here == first or bool(words[here].get("checked"))
        maker = "person" if checked else "machine"
        found[name] = Shown(text, here, first, here == first, checked, maker, name)
    return found


def hard(text: str, lang: str) -> int | None:
    """Give the school grade of an English text that reads harder than it should, else None."""
    grade = reading_grade(text) if lang == "en" else 0.0
    return round(grade) if grade >= GRADE + 0.5 else None


def title_of(draft: Engagement, lang: str) -> tuple[str, str]:
    """Give a draft's title and its language: the reader's where it is written, else the first."""
    for code in (lang, draft.languages[0]):
        if title := draft.words.get(code, {}).get("title"):
            return str(title), code
    return draft.slug, "en"


def decision_choices(
    program: Program, lang: str, today: date, kept: int | None = None
) -> list[tuple[str, str]]:
    """List the decisions that an engagement can still be about, the next one first, and the one it is about already.

    Two queries.
    """
    points = list(
        DecisionPoint.objects.filter(Q(on__gte=today) | Q(pk=kept), project__program=program).order_by("on")
    )
    words = {one.index: one for one in told_where(program, lang, kinds=["decision.scheduled"])}
    return [
        (str(one.pk), f"{words[one.entry].say('decision') or one.slug} ({day_in_words(one.on)})")
        for one in points
    ]
