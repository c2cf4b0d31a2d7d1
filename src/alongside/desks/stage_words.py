"""Short sentences about where an ask stands, in the reader's language, and the marks that stand beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.core.disclosure import Fewer, band_of_data, is_counted
from alongside.core.entries import unit_of
from alongside.core.policy.pack import Pack
from alongside.core.workflow.asks import ANSWERS, Decision, is_past
from alongside.core.workflow.commitments import KEPT, Completion, MilestoneStage
from alongside.core.workflow.engagements import EngagementStage, EngagementState
from alongside.ground.record.labels import (
    answer_words,
    days_to_hear,
    decision_words,
    moved_words,
    where_it_stands,
)
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView, Packs
from alongside.ground.ui.days import day_in_words, late_by
from alongside.ground.ui.languages import dot, semicolon
from alongside.ground.ui.numbers import counted


def band_words(data: object) -> str:
    """Say a count of people as a range, as the number that anyone can count, or that they are too few to say."""
    found = band_of_data(data)
    if isinstance(found, Fewer):
        return _("Fewer people than we show")
    if found.low == found.high:
        return number_format(found.low, force_grouping=True)
    return _("Between %(low)d and %(high)d") % {"low": found.low, "high": found.high}


def voices_words(data: object) -> str:
    """Say how many voices were heard: the number where anyone can count it, else a range of people."""
    found = band_of_data(data)
    if isinstance(found, Fewer) or not is_counted(data):
        return band_words(data)
    return ngettext("%(n)d locked voice", "%(n)d locked voices", found.low) % {"n": found.low}


def rests_on(voices: object) -> str:
    """Say on how many voices a finding rests, never a count below what may be shown."""
    if voices == "fewer":
        return _("From fewer voices than we show. Two leads confirmed it.")
    return _("From %(range)s voices.") % {"range": band_words(voices).lower()}


def rests_on_maps(maps: Sequence[int]) -> str:
    """Say on which map of statements a finding rests, too, by its entry; nothing where it names none."""
    if not maps:
        return ""
    return " " + _("It is based on the map of where people lean, too: entry %(n)d.") % {"n": maps[0]}


def first_answer(standing: Standing, answer: EntryView | None, today: date) -> str:
    """Say of a question what the office that was asked said, also where the office above said otherwise since."""
    if standing.raise_reply is None:
        return where_it_stands(standing, [], today)
    return f"{decision_words(answer.entry.data['decision'])}." if answer else _("No answer.")


def who_answered(answer: EntryView | None, packs: Packs, lang: str, within: str = "") -> str:
    """Name the office that gave an answer, short where it is of this unit; nothing where none did."""
    by = next(iter(answer.entry.offices), "") if answer else ""
    if not by or not answer:
        return ""
    office = packs.at(answer.index).office(by) if unit_of(by) == within else None
    return office.title.say(lang) if office else packs.called(by, answer.index, lang)


def asked_of(standing: Standing, answer: EntryView | None, packs: Packs, lang: str) -> str:
    """Name the office that was asked, and the one that answered where that is another."""
    asked = packs.called(standing.office, standing.ask, lang)
    by = who_answered(answer, packs, lang, within=standing.unit)
    if not by or not answer or not standing.is_answered or standing.office in answer.entry.offices:
        return asked
    return _("Asked of %(asked)s; %(by)s answered") % {"asked": asked, "by": by}


def raised_words(
    standing: Standing, told: Mapping[int, EntryView], packs: Packs, lang: str, today: date
) -> str:
    """Say of a question to whom it was raised and what came of it; nothing where it was not raised."""
    raised, reply = told.get(standing.raised or 0), told.get(standing.raise_reply or 0)
    if raised is None or standing.raise_due is None:
        return ""
    named = {"office": packs.called(raised.entry.data["to"], raised.index, lang)}
    if reply and reply.entry.data["decision"] == Decision.TOLD:
        words = _("%(office)s, the office above, told it on %(day)s.")
        return words % (named | {"day": day_in_words(reply.entry.date)})
    if reply:
        words = _("%(office)s, the office above, let it stand on %(day)s.")
        return words % (named | {"day": day_in_words(reply.entry.date)})
    if today > standing.raise_due:
        return _("Raised to %(office)s, the office above. The reply is %(late)s.") % (
            named | {"late": late_by((today - standing.raise_due).days, today)}
        )
    return _("Raised to %(office)s, the office above. A reply is due on %(day)s.") % (
        named | {"day": day_in_words(standing.raise_due)}
    )


def asked_words(asks: Sequence[Standing], today: date) -> str:
    """Count what was asked of the City by what it decided, and what it has not answered; nothing where nothing was asked."""
    if not asks:
        return ""
    n = len(asks)
    words = ngettext("%(n)s thing was asked of the City:", "%(n)s things were asked of the City:", n)
    late = [one for one in asks if one.is_late(today) and not one.is_answered]
    overdue = {one.ask for one in late}
    on_time = [one for one in asks if one.ask not in overdue]
    counts = [(decision_words(word), sum(1 for one in on_time if one.decision == word)) for word in ANSWERS]
    parts = [f"{name}: {counted(many)}" for name, many in counts if many]
    waiting = sum(1 for one in on_time if one.decision is None)
    parts += [_("No answer yet: %(n)s") % {"n": counted(waiting)}] if waiting else []
    parts.append(late_in_words([one.days_late(today) for one in late]))
    return f"{words % {'n': counted(n)}} {semicolon().join(filter(None, parts))}.{more_time_words(late)}"


def more_time_words(found: Iterable[Standing]) -> str:
    """Say, behind what is late, of what more time was taken since, and until when; nothing where none was."""
    said = dict.fromkeys(filter(None, map(moved_words, found)))
    return "".join(f" {one}" for one in said)


def asked_word(one: Standing, today: date) -> str:
    """Say in a few words what became of what was asked, and of what is late, by how many days: an answer, or a reply to it."""
    days, decided = one.days_late(today), decision_words(one.decision)
    if days and not one.is_answered and not one.owes_reply:
        return capfirst(late_by(days, today))
    if one.owes_reply:
        said = _("%(decision)s and contested") % {"decision": decided}
    elif one.owes_above and one.raise_due is not None and one.decision:
        days, said = (today - one.raise_due).days, _("%(decision)s and raised") % {"decision": decided}
    else:
        return answer_words(one) or _("No answer yet")
    if days < 1:
        return said
    late = {"said": said, "late": late_by(days, today)}
    return _("%(said)s (%(late)s)") % late if one.runs else _("%(said)s (reply %(late)s)") % late


def whose_days(one: Standing, pack: Pack, lang: str, today: date) -> str:
    """Name the bureaus that let a day pass with their days, where another than the one that has it did; else nothing."""
    late = {unit_of(office): days for office, days in one.late_by_office(today).items()} if one.missed else {}
    if not late.keys() - {one.unit}:
        return ""
    return who_is_late((pack.unit_name(unit, lang), days) for unit, days in late.items())


def who_is_late(days: Iterable[tuple[str, int]]) -> str:
    """Name each who is late with their days."""
    return semicolon().join(_("%(who)s: %(late)s") % {"who": who, "late": late_by(n)} for who, n in days)


def promised_word(one: MilestoneStanding, today: date) -> str:
    """Say in a few words what became of what was promised, with how late it is or was called done, and whether again since."""
    stage, days = one.stage(today), one.days_late(today)
    if stage == MilestoneStage.LATE and days:
        return capfirst(late_by(days, today))
    said = str(STAGES[stage])
    if days and not one.is_claimed:
        said = _("%(stage)s (%(late)s)") % {"stage": said, "late": late_by(days, today)}
    elif days:
        words = ngettext("%(stage)s (%(n)d day late)", "%(stage)s (%(n)d days late)", days)
        said = words % {"stage": said, "n": days}
    return dot().join(filter(None, [said, again_words(one)]))


def stage_word(one: MilestoneStanding, today: date) -> str:
    """Say in a word where something that was promised stands, and by how many days it is late."""
    said, days = str(STAGES[one.stage(today)]), one.days_late(today)
    return _("%(stage)s (%(late)s)") % {"stage": said, "late": late_by(days)} if days else said


def again_words(one: MilestoneStanding) -> str:
    """Say when what is disputed was called done again; nothing where it was not, or others have looked since."""
    return called_again(one.claimed) if one.is_unchecked and one.disputed else ""


def called_again(day: date | None) -> str:
    """Say that something was called done again on a day."""
    return _("called done again on %(day)s, not checked yet") % {"day": day_in_words(day)}


#: What the stages of what was promised are called where they are counted; what is late stands last.
STAGES: dict[MilestoneStage, str | Promise] = {
    MilestoneStage.KEPT: gettext_lazy("Kept"),
    MilestoneStage.DISPUTED: gettext_lazy("Disputed"),
    MilestoneStage.CLAIMED: gettext_lazy("Called done, not checked yet"),
    MilestoneStage.OWED: gettext_lazy("Not due yet"),
    MilestoneStage.LATE: gettext_lazy("Late"),
}


def promised_words(milestones: Sequence[MilestoneStanding], today: date) -> str:
    """Count what the City promised to do, by where each of it stands; nothing where it promised nothing."""
    if not milestones:
        return ""
    n = len(milestones)
    words = ngettext("The City promised %(n)s thing:", "The City promised %(n)s things:", n)
    return f"{words % {'n': counted(n)}} {stages_words(milestones, today)}."


def stages_words(milestones: Iterable[MilestoneStanding], today: date) -> str:
    """Count what was promised by where each of it stands."""
    found = list(milestones)
    at = {stage: [one for one in found if one.stage(today) == stage] for stage in STAGES}
    late = late_promises(at.pop(MilestoneStage.LATE), today)
    parts = [_counted_stage(STAGES[stage], those, today) for stage, those in at.items()]
    return semicolon().join(filter(None, [*parts, late]))


def _counted_stage(name: str | Promise, found: Sequence[MilestoneStanding], today: date) -> str:
    """Count what stands at a stage, and in the same place what of it is late and by how much: each thing counts once."""
    days = [one.days_late(today) for one in found]
    late = [one for one in days if one]
    said = f"{name}: {counted(len(found))}" if found else ""
    if not late:
        return said
    if len(found) == 1:
        return _("%(stage)s (%(late)s)") % {"stage": said, "late": late_by(late[0])}
    words = ngettext(
        "%(stage)s: %(all)s (%(many)s late, %(n)d day)",
        "%(stage)s: %(all)s (%(many)s late, %(n)d days)",
        max(late),
    )
    if len(late) > 1:
        words = ngettext(
            "%(stage)s: %(all)s (%(many)s late, %(n)d day at most)",
            "%(stage)s: %(all)s (%(many)s late, %(n)d days at most)",
            max(late),
        )
    return words % {"stage": name, "all": counted(len(found)), "many": counted(len(late)), "n": max(late)}


def called_done(one: MilestoneStanding) -> str:
    """Say when the City said that something is done, and how late that was; nothing where it has not said so."""
    if one.claimed is None:
        return ""
    said = done_on(one, one.claimed)
    if one.is_unchecked and one.disputed:
        words = _("It had said so before: those who looked on %(day)s said that it was not done.")
        said = f"{said} {words % {'day': day_in_words(one.disputed)}}"
    return said


def still_late(one: MilestoneStanding, today: date) -> str:
    """Say how late something is that does not count as called done, and why what was called done does not; nothing where it is not late."""
    days = None if one.is_claimed else one.days_late(today)
    if not days:
        return ""
    why = _("Those who looked say that it is not done, so it still counts as %(late)s.")
    return (why if one.is_disputed else _("It is %(late)s.")) % {"late": late_by(days)}


def done_on(one: MilestoneStanding, day: date) -> str:
    """Say that the City said on a day that something is done, and how late that was."""
    if not is_past(one.due, one.quiet, day):
        return _("The City said it is done, %(day)s.") % {"day": day_in_words(day)}
    late = (day - one.due).days
    words = ngettext(
        "The City said it is done, %(day)s, %(n)d day late.",
        "The City said it is done, %(day)s, %(n)d days late.",
        late,
    )
    return words % {"day": day_in_words(day), "n": late}


def late_in_words(days: Sequence[int]) -> str:
    """Say how many are late, and by how many days the one that is late longest; nothing where none is."""
    if not days:
        return ""
    words = ngettext("Late: %(many)s (%(n)d day)", "Late: %(many)s (%(n)d days)", max(days))
    if len(days) > 1:
        words = ngettext(
            "Late: %(many)s (the longest %(n)d day)", "Late: %(many)s (the longest %(n)d days)", max(days)
        )
    return words % {"many": counted(len(days)), "n": max(days)}


def late_promises(milestones: Iterable[MilestoneStanding], today: date) -> str:
    """Say how many promises are late today, and by how many days; nothing where none is."""
    return late_in_words(_days_late(milestones, today))


def _days_late(milestones: Iterable[MilestoneStanding], today: date) -> list[int]:
    return [(today - one.due).days for one in milestones if one.is_late(today)]


def late_promises_named(milestones: Iterable[MilestoneStanding], today: date) -> str:
    """Say it of promises by name, beside what else is late; nothing where none is."""
    days = _days_late(milestones, today)
    if not days:
        return ""
    words = ngettext("%(n)s promise %(late)s", "%(n)s promises, the longest %(late)s", len(days))
    return words % {"n": counted(len(days)), "late": late_by(max(days))}


def marks_of(
    standing: Standing, milestones: Sequence[MilestoneStanding], today: date
) -> list[tuple[str, str]]:
    """Give the row of marks that sums up an ask: asked, answered or owed, contested, kept or not."""
    marks = [("community", "")]
    empty = ("city", "late" if standing.is_late(today) else "owed")
    if standing.answer is not None:
        marks.append(("city", ""))
    if standing.owes_answer:
        marks.append(empty)
    if standing.contest is not None:
        marks.append(("community", ""))
        marks.append(("city", "") if standing.reply is not None else empty)
    return [*marks, *[milestone_mark(one, today) for one in milestones]]


def looked(check: EntryView, pack: Pack, lang: str) -> str:
    """Say who looked at what was delivered, what they say of it, and when: leads, the community body, or both."""
    offices, completion = check.entry.offices, check.entry.data["completion"]
    if offices:
        words = _body_looked(beside_a_lead=bool(check.entry.seats), agrees=completion in KEPT)
    elif completion not in KEPT:
        words = _("Two leads looked and say that this is not done, %(day)s.")
    elif completion == Completion.COMPLETE:
        words = _("Two leads looked and say that this is done, %(day)s.")
    else:
        words = _("Two leads looked and say that this is at least nearly done, %(day)s.")
    body = pack.office_title(offices[0], lang) if offices else ""
    return words % {"body": body, "day": day_in_words(check.entry.date)}


def _body_looked(*, beside_a_lead: bool, agrees: bool) -> str:
    """Say that the community body looked: beside a lead, or alone because no lead could."""
    if beside_a_lead and agrees:
        return _("A lead and %(body)s, outside the government, agree, %(day)s.")
    if beside_a_lead:
        return _(
            "A lead and %(body)s, outside the government, looked and say that this is not done, %(day)s."
        )
    if agrees:
        return _("No lead could check this. %(body)s, outside the government, looked and agrees, %(day)s.")
    return _(
        "No lead could check this. %(body)s, outside the government, looked and says that it is not done, %(day)s."
    )


def mark_of_all(
    asks: Sequence[Standing], milestones: Sequence[MilestoneStanding], today: date
) -> tuple[str, str]:
    """Give the one mark of a question: late before kept, kept before answered, answered before owed; a voice where nothing was asked."""
    if any(one.is_late(today) for one in asks) or any(one.is_late(today) for one in milestones):
        return ("city", "late")
    if any(one.is_kept for one in milestones):
        return ("both", "")
    if any(one.is_answered for one in asks):
        return ("city", "")
    return ("city", "owed") if asks else ("community", "")


def hearing_words(course: EngagementState, today: date) -> str:
    """Say whether people can speak, or when they hear back, or heard."""
    if course.report:
        return days_to_hear(course, None, today)[0]
    if course.state(today) == EngagementStage.PAUSED:
        return _("Nobody can speak here for now.")
    if course.state(today) == EngagementStage.OPEN:
        return _("People can speak to %(day)s.") % {"day": day_in_words(course.closes)}
    if course.report_back < today:
        return days_to_hear(course, None, today)[0]
    return _("People hear back by %(day)s.") % {"day": day_in_words(course.report_back)}


def reported_words(course: EngagementState, today: date) -> str:
    """Say when the leads reported back, by when they are to, or by how much they are late."""
    if course.report:
        return _("The leads reported back on %(day)s.") % {"day": day_in_words(course.report.date)}
    day = {"day": day_in_words(course.report_back)}
    if today > course.report_back:
        late = late_by((today - course.report_back).days, today)
        return _("The leads promised to report back by %(day)s. This is %(late)s.") % (day | {"late": late})
    return _("The leads report back by %(day)s.") % day


def milestone_mark(standing: MilestoneStanding, today: date) -> tuple[str, str]:
    """Give the mark of a milestone."""
    stage = standing.stage(today)
    pen = "both" if stage in {MilestoneStage.KEPT, MilestoneStage.DISPUTED} else "city"
    return (pen, "" if stage == MilestoneStage.KEPT else stage)


def milestone_heading(standing: MilestoneStanding, words: str, today: date) -> str:
    """Say a milestone with where it stands in front."""
    headings = {
        MilestoneStage.KEPT: _("Kept: %(what)s"),
        MilestoneStage.DISPUTED: _("Disputed: %(what)s"),
        MilestoneStage.CLAIMED: _("The City says it is done: %(what)s"),
        MilestoneStage.LATE: _("Late: %(what)s"),
        MilestoneStage.OWED: _("Not due yet: %(what)s"),
    }
    return headings[standing.stage(today)] % {"what": words}
