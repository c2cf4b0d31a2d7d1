"""Begin a workplan, write it together, sign it, and tell how far its activities are."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pycrdt import Doc, Map, Text

from alongside.cohort.seats.models import Cohort
from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.merging import Clash, merge, splices
from alongside.core.refusals import Refused
from alongside.core.words import has_words
from alongside.core.workflow.workplans import Version
from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, append
from alongside.ground.record.actions.entries import Text as RecordText
from alongside.ground.record.declared import appends
from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.record.queries import entries_at, texts_going
from alongside.work.projects.queries import level_data
from alongside.work.workplans import queries
from alongside.work.workplans.models import PlanUpdate, Presence, Workplan


@appends()
@transaction.atomic
def take_update(*, plan: Workplan, update: bytes) -> bytes:
    """Take one change of a draft in, and give the state vector of the draft after it, as Yjs writes it. Raises Refused, and keeps nothing of it, where it is not one of a workplan.

    It is tried on a scratch document first; what it really changes is kept, as a new row, if the draft opens anew with it.
    """
    number, held = _locked(plan)
    document = queries.open_document(held)
    changed = queries.taken_in(document, update)
    if changed:
        queries.judge(queries.open_document([*held, changed]))
        PlanUpdate.objects.create(plan=plan, number=number + 1, data=changed)
    return document.get_state()


def _locked(plan: Workplan) -> tuple[int, list[bytes]]:
    """Lock the plan, so that numbers have no gap and are seen in their order; give the newest number and the updates."""
    Workplan.objects.select_for_update().get(pk=plan.pk)
    held = queries.updates_of(plan)
    return held[-1][0] if held else 0, [data for _number, data in held]


def _write(plan: Workplan, change: Callable[[Doc[Any]], object]) -> None:
    """Change the draft as one more writer would."""
    number, held = _locked(plan)
    document = queries.open_document(held)
    made: list[bytes] = []
    watching = document.observe(lambda event: made.append(event.update))
    with document.transaction():
        change(document)
    document.unobserve(watching)
    queries.judge(document)
    if made:
        PlanUpdate.objects.create(plan=plan, number=number + 1, data=made[0])


@appends()
@transaction.atomic
def merge_form(
    *, plan: Workplan, base: Mapping[str, str], typed: Mapping[str, str]
) -> list[tuple[str, Clash]]:
    """Merge a form into the draft: `base` is what the page showed, `typed` what came back, both by name.

    Names that are no fields are passed over. Where both sides changed the same words of a text, both stand in it
    afterwards; where both chose differently, the other's choice stands. Both are given back as clashes, each with the name of its field.
    """
    clashes: list[tuple[str, Clash]] = []

    def change(document: Doc[Any]) -> None:
        draft = queries.read(document)
        known = {*draft.rows, *draft.gone, "plan"}
        for name, words in typed.items():
            if name.partition(".")[0] not in known:
                continue
            now, before = draft.say(name), _lines(base.get(name, ""))
            found: Sequence[Clash] = ()
            if queries.is_text(name):
                found = _merge_text(document, name, before, _lines(words), now)
            elif queries.is_choice(name):
                found = _merge_choice(document, name, before, words, now)
            clashes.extend((name, one) for one in found)

    _write(plan, change)
    return clashes


def _lines(words: str) -> str:
    """Give words with the line ends that the draft has; browsers send others."""
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _merge_text(document: Doc[Any], name: str, base: str, mine: str, theirs: str) -> Sequence[Clash]:
    queries.refuse_too_long(mine)
    shown = base if len(base) <= queries.MOST_CHARACTERS else ""  # more than that was on no page
    merged = merge(shown, mine, theirs)
    text: Text = document.get(name, type=Text)
    for at, gone, come in splices(theirs, merged.text):
        start = len(theirs[:at].encode())  # pycrdt counts bytes
        if gone:
            del text[start : start + len(theirs[at : at + gone].encode())]
        if come:
            text.insert(start, come)
    return merged.clashes


def _merge_choice(document: Doc[Any], name: str, base: str, mine: str, theirs: str) -> Sequence[Clash]:
    if mine in (base, theirs):
        return ()
    if theirs == base:
        chosen: Map[Any] = document.get(queries.SET, type=Map)
        chosen[name] = mine
        return ()
    return (Clash(base, mine, theirs),)


@appends()
@transaction.atomic
def add_row(*, plan: Workplan, kind: str) -> str:
    """Add an empty row of a kind at the end; give its id."""
    if kind not in queries.KINDS:
        raise Refused(_("There is no such kind of row; choose one that the page offers."))
    row = f"{kind}-{secrets.token_hex(4)}"

    def change(document: Doc[Any]) -> None:
        places: Map[Any] = document.get(queries.ROWS, type=Map)
        last = max((int(str(place)) for place in places.values()), default=0)
        places[row] = f"{last + 1:06}"

    _write(plan, change)
    return row


@appends()
@transaction.atomic
def take_out(*, plan: Workplan, row: str) -> None:
    """Take a row out of the plan. Its words stay in the draft, and anyone can put it back."""
    _mark(plan, row, "1")


@appends()
@transaction.atomic
def put_back(*, plan: Workplan, row: str) -> None:
    """Put a row back that was taken out."""
    _mark(plan, row, "0")


def _mark(plan: Workplan, row: str, gone: str) -> None:
    def change(document: Doc[Any]) -> None:
        if row not in document.get(queries.ROWS, type=Map):
            raise Refused(_("There is no such row in this draft; open the page again."))
        marks: Map[Any] = document.get(queries.GONE, type=Map)
        marks[row] = gone

    _write(plan, change)


FIRST_ROWS = ("question", "goal", "activity")


@appends()
@transaction.atomic
def begin_plan(
    *,
    program: Program,
    slug: str,
    cohort: Cohort,
    units: Sequence[Unit],
    lang: str,
    on: date,
    earlier: Workplan | None = None,
) -> Workplan:
    """Begin a draft with one empty row of each kind that a plan needs, or with what stands in an earlier draft. Nothing goes on the record yet."""
    lang = earlier.lang if earlier else lang
    plan = Workplan.objects.create(program=program, slug=slug, cohort=cohort, lang=lang, begun_on=on)
    plan.units.set(units)
    if earlier:
        begun = queries.document_of_what_stands(queries.draft_of(earlier))
        PlanUpdate.objects.create(plan=plan, number=1, data=begun.get_update())
    for kind in () if earlier else FIRST_ROWS:
        add_row(plan=plan, kind=kind)
    return plan


@appends()
@transaction.atomic
def compact(*, plan: Workplan) -> None:
    """Put all updates of a draft into one, at the place of the newest. Who has seen them all misses nothing."""
    number, held = _locked(plan)
    if len(held) < 2:  # noqa: PLR2004 -- one update is as compact as it gets
        return
    whole = queries.open_document(held).get_update()
    PlanUpdate.objects.filter(plan=plan).delete()
    PlanUpdate.objects.create(plan=plan, number=number, data=whole)


@appends()
def empty_copies(*, program: Program, entries: Sequence[Entry]) -> None:
    """Empty the parts of a draft that say what these entries take down of one of its versions, also what was crossed out of it.

    What a text of a version that stands says too stays: it is public there until that one is taken down.
    """
    going = list(texts_going(program, entries))
    told = entries_at(program, {one.about for one in going})
    for gone in going:
        for plan in Workplan.objects.filter(program=program, slug=told[gone.about].data.get("workplan", "")):
            _empty_draft(plan, _said_in(gone) - _said_by_others(plan, going))


def _said_in(text: PublicText) -> set[str]:
    return _parts(json.loads(text.words)) if text.name == "plan" else {text.words}


def _said_by_others(plan: Workplan, going: Sequence[PublicText]) -> set[str]:
    versions = LogEntry.objects.filter(
        log__program=plan.program_id, kind=EntryKind.WORKPLAN_PROPOSED, subject=plan.slug
    )
    texts = PublicText.objects.filter(log__program=plan.program_id, about__in=versions.values("index"))
    stands = texts.filter(is_original=True).exclude(pk__in=[one.pk for one in going])
    return set[str]().union(*map(_said_in, stands))


def _parts(says: Mapping[str, Any]) -> set[str]:
    """List what a snapshot says, by whatever name."""
    rows = [row for rows in says["rows"].values() for row in rows]
    return {str(words) for one in (says, *rows) for words in one.values()}


def _empty_draft(plan: Workplan, words: set[str]) -> None:
    """Empty each field of a draft that says one of these words, and keep nothing of what was crossed out.

    It only takes words out, so it judges nothing: a draft that no page of ours wrote is emptied too. One that opens for nobody
    goes whole.
    """
    number, held = _locked(plan)
    try:
        document = queries.open_document(held)
        for name in {*document.keys()} - queries.NO_TEXTS:
            text: Text = document.get(name, type=Text)
            if str(text).strip() in words:
                text.clear()
        whole = document.get_update()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 -- at some bytes pycrdt's Rust part panics, which is no Exception
        whole = b""
    PlanUpdate.objects.filter(plan=plan).delete()
    if whole and held:
        PlanUpdate.objects.create(plan=plan, number=number + 1, data=whole)


@appends()
def be_here(*, plan: Workplan, actor: str, now: datetime) -> None:
    """Note that a seat or an office has the draft open; at most every few seconds."""
    fresh = now - queries.HERE_FOR / 3
    if not Presence.objects.filter(plan=plan, actor=actor, seen_at__gte=fresh).exists():
        Presence.objects.update_or_create(plan=plan, actor=actor, defaults={"seen_at": now})


@appends()
def forget_absent(*, now: datetime) -> None:
    """Forget who is not there any more."""
    Presence.objects.filter(seen_at__lt=now - queries.HERE_FOR).delete()


def hash_of(says: Mapping[str, Any]) -> str:
    """Hash a snapshot, so that a form can say which words were read. It is kept nowhere; the record holds a salted one."""
    return hashlib.sha256(canonical(says)).hexdigest()


def refuse_a_stranger(plan: Workplan, actor: str, now: datetime) -> None:
    """Raise Refused unless the actor is a seat of the cohort, or the office that signs for one of the units."""
    unit, _slash, office = actor.partition("/")
    if office:
        signs = Office.objects.filter(unit__program=plan.program, unit__slug=unit, slug=office, signs=True)
        if unit not in queries.units_of(plan) or not signs.exists():
            raise Refused(
                _("Only the one who signs for a bureau of this plan can sign here; ask its manager.")
            )
    elif actor not in queries.seats_of(plan, local_date(now, pack_of(plan.program))):
        raise Refused(_("Only a lead of the plan's own cohort can sign here; ask one of them."))


@appends(EntryKind.WORKPLAN_PROPOSED)
@transaction.atomic
def propose(*, plan: Workplan, actor: str, read: str, now: datetime) -> Entry:
    """Sign the draft as it stands, as a new version. It goes on the record, and waits there for the other side.

    `read` is the hash of the snapshot that the signer read. Raises Refused or GrammarError.
    """
    Workplan.objects.select_for_update().get(pk=plan.pk)
    refuse_a_stranger(plan, actor, now)
    says = queries.snapshot(plan, queries.draft_of(plan))
    if hash_of(says) != read:
        raise Refused(_("The plan was changed while you read it. Read it again below, then sign."))
    register = queries.register_of(plan.program, plan.lang)
    today = local_date(now, pack_of(plan.program))
    if gaps := queries.gaps_of(plan, says, register, today):
        raise Refused(" ".join(gaps))
    shown = queries.shown_plan(plan.program, plan.lang, plan.slug)
    latest = shown.standing.versions[-1] if shown else None
    if shown and latest and is_signed_already(plan, latest, shown.says(latest), says):
        raise Refused(
            _("This version is signed already, and nothing has changed since. Change the draft first.")
        )
    draft = _version(plan, actor, says, latest, register)
    return append(program=plan.program, drafts=[draft], now=now)[0]


def is_signed_already(
    plan: Workplan, latest: Version, says: Mapping[str, Any] | None, draft: Mapping[str, Any]
) -> bool:
    """Say whether the last version says what the draft does, and names the units that can sign it today."""
    return says == draft and latest.proposed.data["units"] == queries.units_of(plan)


def _version(
    plan: Workplan,
    actor: str,
    says: Mapping[str, Any],
    latest: Version | None,
    register: Mapping[str, queries.Touched],
) -> Draft:
    rows = says["rows"]
    touched = {one["entry"] for one in rows["touch"]} | {one["decision"] for one in rows["activity"]} - {""}
    return Draft(
        kind=EntryKind.WORKPLAN_PROPOSED,
        by=[actor],
        data={
            "workplan": plan.slug,
            "cohort": plan.cohort.slug,
            "units": queries.units_of(plan),
            "version": latest.proposed.data["version"] + 1 if latest else 1,
            "questions": [one["id"] for one in rows["question"]],
            "activities": [one["id"] for one in rows["activity"]],
        },
        cites={
            "before": [latest.proposed.index] if latest else [],
            "project": sorted(int(one) for one in touched if not register[one].slug),
            "decision": sorted(int(one) for one in touched if register[one].slug),
        },
        texts={
            "title": RecordText(plan.lang, says["title"]),
            "plan": RecordText(plan.lang, canonical(says).decode()),
        },
    )


@appends(EntryKind.WORKPLAN_SIGNED)
@transaction.atomic
def sign(*, plan: Workplan, version: int, read: str, actor: str, now: datetime) -> Entry:
    """Sign the same hash that the other side signed; with every side's signature the version is in force.

    `version` is its entry and `read` the hash in it, as the signer read them. Raises Refused or
    GrammarError.
    """
    refuse_a_stranger(plan, actor, now)
    shown = queries.shown_plan(plan.program, plan.lang, plan.slug)
    waiting = shown.standing.one_sided if shown else None
    if waiting is None:
        raise Refused(_("No version waits for a signature. Read the plan in force, or change the draft."))
    if (waiting.proposed.index, waiting.proposed.texts["plan"]["sha256"]) != (version, read):
        raise Refused(_("A newer version was signed while you read. Read it below, then sign that one."))
    data = {"workplan": plan.slug, "plan": read}
    draft = Draft(kind=EntryKind.WORKPLAN_SIGNED, by=[actor], data=data, cites={"version": [version]})
    return append(program=plan.program, drafts=[draft], now=now)[0]


def _in_force(plan: Workplan) -> int:
    """Give the entry of the version in force. Raises Refused where there is none."""
    shown = queries.shown_plan(plan.program, plan.lang, plan.slug)
    version = shown.standing.in_force if shown else None
    if version is None:
        raise Refused(_("No version is in force yet; both sides sign one first."))
    return version.proposed.index


@appends(EntryKind.WORKPLAN_PROGRESSED)
def tell_progress(
    *, plan: Workplan, activity: str, completion: str, on: date, evidence: str, actor: str, now: datetime
) -> Entry:
    """Tell how far an activity of the plan in force is, in the OGP words, with what shows it. Raises Refused."""
    data = {"workplan": plan.slug, "activity": activity, "completion": completion, "on": on.isoformat()}
    draft = Draft(
        kind=EntryKind.WORKPLAN_PROGRESSED,
        by=[actor],
        data=data,
        cites={"version": [_in_force(plan)]},
        texts={"evidence": RecordText(plan.lang, evidence)} if has_words(evidence) else {},
    )
    return append(program=plan.program, drafts=[draft], now=now)[0]


@appends(EntryKind.WORKPLAN_ASSESSED)
def assess_plan(
    *, plan: Workplan, quarter: str, level: tuple[str, str], words: RecordText, by: str, now: datetime
) -> Entry:
    """Say for one side which level of participation, as (framework, level), was reached in a quarter. Raises Refused."""
    version = _in_force(plan)
    draft = Draft(
        kind=EntryKind.WORKPLAN_ASSESSED,
        by=[by],
        data={"workplan": plan.slug, "quarter": quarter, "level": level_data(plan.program, level)},
        cites={"version": [version]},
        texts={"words": words},
    )
    return append(program=plan.program, drafts=[draft], now=now)[0]
