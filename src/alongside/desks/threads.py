"""Lay a gathered thread out as knots: who wrote what and when, what is owed, and what was kept."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alongside.core.policy import Pack
from alongside.desks import saying
from alongside.desks.gathering import Gathered
from alongside.ground.look.addresses import to
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import Told


@dataclass(frozen=True)
class Milestone:
    """One milestone as it is shown."""

    heading: str
    pen: str
    state: str
    support: str
    said: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Knot:
    """One place on the thread; the fields are the arguments of the look's knot."""

    pen: str
    state: str = ""
    who: str = ""
    did: str = ""
    on: date | None = None
    more: str = ""
    heading: str = ""
    said: str = ""
    lang: str = ""
    text: str = ""
    days: int | None = None
    due: date | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)
    support: str = ""
    proof: dict[str, Any] | None = None
    milestones: list[Milestone] = field(default_factory=list)
    anchor: str = ""
    translated_from: str = ""
    is_reviewed: bool = True


@dataclass(frozen=True)
class Stretch:
    """A heading and the knots below it."""

    heading: str
    knots: list[Knot]
    anchor: str = ""
    lang: str = ""
    pen: str = ""
    state: str = ""
    status: str = ""


@dataclass(frozen=True)
class StandingLine:
    """One line of the summary above a thread."""

    number: int
    heading: str
    lang: str
    href: str
    marks: list[tuple[str, str]]
    status: str
    is_late: bool


class Layout:
    """Lays one thread out for one request."""

    def __init__(self, request: HttpRequest, pack: Pack, gathered: Gathered, lang: str, today: date) -> None:
        self.request, self.pack, self.thread, self.lang, self.today = request, pack, gathered, lang, today

    def stretches(self) -> list[Stretch]:
        """Give the whole thread in the order of time."""
        found = [Stretch(_("People spoke"), self._spoken())]
        findings = self._found()
        if findings:
            found.append(Stretch(_("The leads wrote what they heard"), findings))
        found += [self._ask(place, one) for place, one in enumerate(self.thread.standings, 1)]
        reports = self._reported()
        if reports:
            found.append(Stretch(_("People heard back"), reports, anchor="report"))
        return found

    def lines(self) -> list[StandingLine]:
        """Give the summary: one line an ask."""
        return [self._line(place, one) for place, one in enumerate(self.thread.standings, 1)]

    def _line(self, place: int, standing: Standing) -> StandingLine:
        told = self.thread.told[standing.ask]
        milestones = self.thread.milestones[standing.ask]
        due = standing.reply_due if standing.state == "contested" else standing.answer_due
        owes = standing.state in {"asked", "acknowledged", "deferred", "contested"}
        return StandingLine(
            number=place,
            heading=told.say("title"),
            lang=told.lang("title"),
            href=f"#ask-{standing.ask}",
            marks=saying.marks_of(standing, milestones, self.today),
            status=saying.where_it_stands(standing, milestones, self.today),
            is_late=bool(owes and due and self.today > due),
        )

    def proof(self, told: Told) -> dict[str, Any]:
        """Give what the proof of an entry needs."""
        href = to(self.request, "record:entry", index=told.index)
        return {"index": told.index, "kind": told.entry.kind, "href": href}

    def knot(self, told: Told, name: str, who: str, did: str, **more: Any) -> Knot:
        """Tie a knot around the words of an entry, with its proof."""
        shown = told.texts.get(name)
        pen = more.pop("pen", told.entry.pen)
        state = more.pop("state", "")
        return Knot(
            pen=pen,
            state=state,
            who=who,
            did=did,
            on=told.entry.date,
            said=shown.words if shown else _("This text was taken down on a legal ground."),
            lang=shown.lang if shown else "",
            translated_from="" if shown is None or shown.is_original else shown.original_lang,
            is_reviewed=shown.is_reviewed if shown else True,
            proof=self.proof(told),
            **more,
        )

    def unit(self, office: str) -> str:
        """Give the name of an office's unit in the reader's language."""
        slug = office.split("/", 1)[0]
        try:
            return self.pack.words(f"units.{slug}.name", self.lang)
        except KeyError:
            return slug

    @property
    def leads(self) -> str:
        """Give what the leads are called on the thread."""
        return _("Community leads")

    def _spoken(self) -> list[Knot]:
        promise = self.thread.promise
        data = promise.entry.data
        if data["community"]:
            who, heading, pen = self.leads, _("The City has promised nothing"), "community"
        else:
            who, pen = self.unit(data["office"]), "city"
            heading = _("To answer by %(day)s") % {"day": saying.day(date.fromisoformat(data["answer_by"]))}
        did = _("opened this") if data["community"] else _("promised")
        knots = [self.knot(promise, "decision", who, did, heading=heading, pen=pen)]
        knots.extend(
            self.knot(told, "correction", who, _("corrected the promise"), pen="both")
            for told in self.thread.citing(promise.index, "engagement.corrected")
        )
        knots.extend(self._voices(told) for told in self.thread.citing(promise.index, "voices.closed"))
        if self.thread.citing(promise.index, "voices.opened"):
            opened = self.thread.citing(promise.index, "voices.opened")[-1]
            support = _("Two leads signed the list of what was opened.")
            knots.append(
                Knot(
                    pen="community",
                    who=self.leads,
                    did=_("opened the voices"),
                    on=opened.entry.date,
                    support=support,
                    proof=self.proof(opened),
                )
            )
        return knots

    def _voices(self, told: Told) -> Knot:
        return Knot(
            pen="community",
            who=_("People"),
            did=_("spoke"),
            on=told.entry.date,
            heading=saying.band_words(told.entry.data["voices"]),
            support=_("We give a range so that no one can be picked out."),
            proof=self.proof(told),
        )

    def _found(self) -> list[Knot]:
        knots = []
        for place, told in enumerate(self.thread.of_kind("finding.published"), 1):
            more = _("Finding %(n)d") % {"n": place}
            if told.entry.data["smaller"]:
                more += ", " + _("a smaller group sees it differently")
            voices = told.entry.data["voices"]
            support = (
                _("Rests on fewer voices than we show. Two leads attest it.")
                if voices == "fewer"
                else _("Rests on %(range)s voices.") % {"range": saying.band_words(voices).lower()}
            )
            quote = told.say("quote")
            knots.append(
                self.knot(
                    told,
                    "statement",
                    self.leads,
                    _("found"),
                    more=more,
                    support=support,
                    anchor=f"finding-{told.index}",
                    text=f"“{quote}”" if quote else "",
                )
            )
        return knots

    def _ask(self, place: int, standing: Standing) -> Stretch:
        told = self.thread.told[standing.ask]
        milestones = self.thread.milestones[standing.ask]
        marks = saying.marks_of(standing, milestones, self.today)
        pen, state = marks[-1]
        knots = [self._asked(told), *self._before_answer(standing), *self._answered(standing)]
        owed = self._owed(standing)
        knots += [owed] if owed else []
        if milestones:
            knots.append(self._kept(standing, milestones))
        return Stretch(
            heading=f"{place}. {told.say('title')}",
            knots=knots,
            anchor=f"ask-{standing.ask}",
            lang=told.lang("title"),
            pen=pen,
            state=state,
            status=saying.where_it_stands(standing, milestones, self.today),
        )

    def _asked(self, told: Told) -> Knot:
        did = _("asked") if told.entry.kind == "ask.questioned" else _("recommended")
        findings = [one.index for one in self.thread.of_kind("finding.published")]
        rests = [
            str(findings.index(one) + 1) for one in told.entry.cites.get("finding", ()) if one in findings
        ]
        support = _("From finding %(numbers)s.") % {"numbers": ", ".join(rests)} if rests else ""
        return self.knot(told, "ask", self.leads, did, support=support)

    def _before_answer(self, standing: Standing) -> list[Knot]:
        kinds = {
            "ask.unclear": ("question", _("asked what is meant")),
            "ask.clarified": ("clarification", _("said what they mean")),
            "ask.extended": ("reason", _("took more time")),
            "ask.transferred": ("reason", _("moved this to another unit")),
        }
        knots = []
        for told in self.thread.citing(standing.ask, "ask.acknowledged", *kinds):
            entry = told.entry
            who = self.leads if entry.seats else self.unit(entry.offices[0])
            if entry.kind == "ask.acknowledged":
                knots.append(
                    Knot("city", who=who, did=_("received this"), on=entry.date, proof=self.proof(told))
                )
                continue
            name, did = kinds[entry.kind]
            until = entry.data.get("until")
            more = _("until %(day)s") % {"day": saying.day(date.fromisoformat(until))} if until else ""
            knots.append(self.knot(told, name, who, did, more=more))
        return knots

    def _answered(self, standing: Standing) -> list[Knot]:
        knots = []
        for told in self.thread.citing(standing.ask, "answer.given"):
            who = self.unit(told.entry.offices[0])
            days = (told.entry.date - standing.asked).days
            more = _("day %(n)d") % {"n": days}
            heading = saying.decision(told.entry.data["decision"])
            knots.append(
                self.knot(
                    told,
                    "reasons",
                    who,
                    _("answered"),
                    more=more,
                    heading=heading,
                    facts=self._promised(told),
                )
            )
            for contest in self.thread.citing(told.index, "answer.contested"):
                knots.append(
                    self.knot(contest, "contest", self.leads, _("contested"), more=_("once per answer"))
                )
                for reply in self.thread.citing(contest.index, "contest.replied"):
                    says = reply.entry.data["decision"]
                    heading = _("The answer stands") if says == "stands" else saying.decision(says)
                    facts = self._promised(reply)
                    knots.append(self.knot(reply, "reply", who, _("replied"), heading=heading, facts=facts))
        return knots

    def _promised(self, answer: Told) -> list[tuple[str, str]]:
        for commitment in self.thread.citing(answer.index, "commitment.made"):
            owner = self.pack.office_title(commitment.entry.data["office"], self.lang)
            return [(_("Owner"), owner), (_("Evidence"), commitment.say("evidence"))]
        return []

    def _owed(self, standing: Standing) -> Knot | None:
        owes_reply = standing.state == "contested"
        due = standing.reply_due if owes_reply else standing.answer_due
        if due is None or standing.state not in {"asked", "acknowledged", "deferred", "contested"}:
            return None
        left = (due - self.today).days
        text, proof = "", None
        silences = self.thread.citing(standing.ask, "ask.silent")
        if left < 0:
            text = _("Nothing has been written here. The clock enters this on the record by itself.")
            proof = self.proof(silences[-1]) if silences else None
        if standing.escalated:
            text += " " + _("The office above was told.")
        did = _("owes a reply") if owes_reply else _("owes this answer")
        return Knot(
            "city",
            "late" if left < 0 else "owed",
            who=self.unit(standing.office),
            did=did,
            days=left,
            due=due,
            text=text.strip(),
            proof=proof,
        )

    def _kept(self, standing: Standing, milestones: list[MilestoneStanding]) -> Knot:
        shown = [self._milestone(one) for one in milestones]
        marks = {saying.milestone_mark(one, self.today) for one in milestones}
        state = "" if marks == {("both", "")} else "disputed" if ("both", "disputed") in marks else ""
        return Knot(
            "both", state, heading=_("Did it happen?"), milestones=shown, anchor=f"kept-{standing.ask}"
        )

    def _milestone(self, one: MilestoneStanding) -> Milestone:
        commitment = self.thread.told.get(one.commitment)
        check = self.thread.told.get(one.check_entry) if one.check_entry is not None else None
        claim = self.thread.told.get(one.claim) if one.claim is not None else None
        support = [_("Due %(day)s.") % {"day": saying.day(one.due)}]
        if one.claimed:
            support.append(_("The City said it is done, %(day)s.") % {"day": saying.day(one.claimed)})
        if one.checked and one.verdict == "verified":
            support.append(_("Two leads agree, %(day)s.") % {"day": saying.day(one.checked)})
        elif one.checked:
            support.append(_("Two leads do not agree, %(day)s.") % {"day": saying.day(one.checked)})
        elif one.claim is not None:
            support.append(_("Two leads not paid by that unit will check."))
        pen, state = saying.milestone_mark(one, self.today)
        spoken = check or claim
        name = "check" if check else "claim"
        return Milestone(
            heading=saying.milestone_heading(
                one, commitment.say(one.milestone) if commitment else "", self.today
            ),
            pen=pen,
            state=state,
            support=" ".join(support),
            said=spoken.say(name) if spoken else "",
            lang=spoken.lang(name) if spoken else "",
        )

    def _reported(self) -> list[Knot]:
        knots = []
        for told in self.thread.citing(self.thread.promise.index, "report.published"):
            name = self.lang if self.lang in told.texts else next(iter(told.entry.texts))
            knots.append(self.knot(told, name, self.leads, _("reported back")))
        for told in self.thread.citing(self.thread.promise.index, "engagement.closed"):
            did = _("closed this: people have heard back in every language")
            knots.append(
                Knot("community", who=self.leads, did=did, on=told.entry.date, proof=self.proof(told))
            )
        return knots
