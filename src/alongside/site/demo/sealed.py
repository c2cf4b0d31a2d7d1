"""Acts that take keys: leads make theirs, engagements get theirs, people speak, leads open what was said and tell it."""

import hashlib
import json
import tomllib
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alongside.chain.findings import actions as findings
from alongside.chain.keys import actions as keys_actions
from alongside.chain.keys.models import EngagementKey
from alongside.chain.opinions import actions as opinions
from alongside.chain.opinions import queries as judged
from alongside.chain.reader import actions as reader
from alongside.chain.recovery import actions as recovery
from alongside.chain.recovery.models import PapersAsked
from alongside.chain.referrals import actions as passing
from alongside.chain.referrals import queries as referrals
from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import Voice as SealedVoice
from alongside.core.canonical import canonical
from alongside.core.clocks import local_date
from alongside.core.disclosure import band
from alongside.core.disclosure import beside as beside_others
from alongside.core.entries import Entry
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.engagements import TO_PAPERS
from alongside.core.grammar.recovery import recovery_of
from alongside.core.grammar.versions import VERSION
from alongside.core.grammar.voices import published_marks
from alongside.core.policy.pack import Pack
from alongside.core.questions import OFFER, PASS_ON, YES
from alongside.core.sealing import receipt, recovery_papers
from alongside.core.sealing import strategy as sealed_strategy
from alongside.core.sealing.acts import salt_in_reader
from alongside.core.sealing.envelope import seal, seal_to_all
from alongside.core.sealing.keys import identity_bytes, recipient_of
from alongside.core.sealing.leads import (
    checked_statement,
    joined_statement,
    papers_statement,
    vouch_statement,
)
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import Voice, form_hash, parse, plaintext
from alongside.core.workflow.engagements import Reached
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, sign_ahead
from alongside.ground.record.acts import Nobody, nonce_about
from alongside.ground.record.queries import entries_at
from alongside.ground.record.rows import RowsLog
from alongside.site.demo import keys
from alongside.work.engagements import actions as engagements
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.promises import promise_of
from alongside.work.strategies import actions as strategies
from alongside.work.strategies.models import Strategy

if TYPE_CHECKING:
    from alongside.cohort.seats.models import Seat
    from alongside.site.demo.story import Story


@cache
def said() -> dict[str, dict[str, list[str]]]:
    """Give what made-up people say, by engagement and language."""
    return tomllib.loads(Path(__file__).with_name("voices.toml").read_text("utf-8"))


def make_keys(
    *,
    story: "Story",
    seats: Sequence["Seat"],
    keyring: Callable[[keys.Keyring], bytes] = keys.Keyring.sealed,
    now: datetime,
    papers_too: bool = True,
) -> None:
    """Let the first two leads found the set of keys and sign each other's, vouch for each later one, and make the recovery papers; `keyring` seals.

    Who has keys keeps them.
    """
    program, rings = story.program, story.keyrings

    def vouched(voucher: "Seat", seat: "Seat") -> str:
        ring = rings[seat.public_id]
        key = {"seat": seat.public_id, "recipient": ring.recipient, "sign_key": ring.sign_key}
        return rings[voucher.public_id].sign(vouch_statement(origin=program.origin, **key))

    first, second = founders = seats[:2]
    for seat in [one for one in seats if one.public_id not in rings]:
        known = () if seat in founders else [rings[one.public_id].sign_key for one in founders]
        ring = rings[seat.public_id] = keys.make(known)
        asked = keys_actions.offer_key(
            program=program,
            seat=seat,
            recipient=ring.recipient,
            sign_key=ring.sign_key,
            signature=vouched(seat, seat),
            keyring=keyring(ring),
            now=now,
        )
        if seat == second:
            keys_actions.compare(program=program, seat=second, signature=vouched(second, first), now=now)
        for voucher in () if seat == first else [one for one in founders if one != seat]:
            signature = vouched(voucher, seat)
            keys_actions.vouch(program=program, key=asked, seat=voucher, signature=signature, now=now)
    if papers_too:
        make_papers(story=story, seats=seats, now=now)


#: From so many leads on there are more recovery papers; how many are needed, of how many.
MANY_LEADS, FEW, MANY = 4, (2, 2), (3, 5)


def make_papers(*, story: "Story", seats: Sequence["Seat"], now: datetime) -> None:
    """Let two leads make the recovery papers, once; the second checks each of them."""
    if recovery_of(RowsLog.of(story.program), local_date(now, pack_of(story.program))) is not None:
        return
    asked = propose_papers(story=story, seat=seats[0], many=len(seats) >= MANY_LEADS, now=now)
    sign_papers(story=story, asked=asked, seat=seats[1], now=now)
    for paper in range(asked.needed + 1, len(story.papers) + 1):
        check_paper(story=story, seat=seats[1], paper=paper, now=now)


def propose_papers(*, story: "Story", seat: "Seat", many: bool = False, now: datetime) -> PapersAsked:
    """Let a lead make recovery papers, and sign them."""
    secret, (needed, count) = keys.new_identity(), MANY if many else FEW
    story.papers = recovery_papers.split(identity_bytes(secret), count, needed)
    known = [recovery_papers.check_of(one) for one in story.papers]
    said: dict[str, Any] = {"recipient": recipient_of(secret), "needed": needed, "papers": known}
    signature = story.keyrings[seat.public_id].sign(papers_statement(origin=story.program.origin, **said))
    return recovery.propose_papers(program=story.program, seat=seat, **said, signature=signature, now=now)


def sign_papers(*, story: "Story", asked: PapersAsked, seat: "Seat", now: datetime) -> None:
    """Let a second lead type as many papers as another one made and are needed, and sign them."""
    said: dict[str, Any] = {name: getattr(asked, name) for name in ("recipient", "needed", "papers")}
    signature = story.keyrings[seat.public_id].sign(joined_statement(origin=story.program.origin, **said))
    recovery.sign_papers(
        program=story.program,
        asked=asked,
        seat=seat,
        signature=signature,
        checked={paper: _typed(story, seat, asked.recipient, paper) for paper in range(1, asked.needed + 1)},
        now=now,
    )


def _typed(story: "Story", seat: "Seat", recipient: str, paper: int) -> str:
    known_by = recovery_papers.check_of(story.papers[paper - 1])
    statement = checked_statement(
        origin=story.program.origin, recipient=recipient, paper=paper, known_by=known_by
    )
    return story.keyrings[seat.public_id].sign(statement)


def check_paper(*, story: "Story", seat: "Seat", paper: int, now: datetime) -> None:
    """Let a lead type a recovery paper, which is right."""
    made = recovery_of(RowsLog.of(story.program), local_date(now, pack_of(story.program)))
    signature = _typed(story, seat, made.data["recipient"] if made else "", paper)
    recovery.check_paper(program=story.program, seat=seat, paper=paper, signature=signature, now=now)


def lock_to_papers(*, story: "Story", key: EngagementKey, seat: "Seat", now: datetime) -> None:
    """Let a lead lock the key of an engagement to the recovery papers, where there are any."""
    made = recovery_of(RowsLog.of(story.program), local_date(now, pack_of(story.program)))
    if made is None:
        return
    to = made.data["recipient"]
    named = {"engagement": key.engagement, "recipient": key.recipient}
    recovery.lock_to_papers(
        program=story.program,
        key=key,
        seat=seat,
        papers=made.index,
        sealed=keys.wrap(story.secrets[key.engagement], to),
        signature=story.keyrings[seat.public_id].lock(
            origin=story.program.origin, keys={TO_PAPERS: to}, **named
        ),
        now=now,
    )


def make_engagement_key(
    *, story: "Story", engagement: Engagement, seats: Sequence["Seat"], now: datetime
) -> EngagementKey:
    """Let the first lead make the key of an engagement for all who have one, and two test it."""
    program, rings = story.program, story.keyrings
    secret = story.secrets[engagement.slug] = keys.new_identity()
    made = {"engagement": engagement.slug, "recipient": recipient_of(secret)}
    own = {seat: ring.recipient for seat, ring in rings.items()}
    key = keys_actions.make_engagement_key(
        program=program,
        seat=seats[0],
        wraps={seat: keys.wrap(secret, recipient) for seat, recipient in own.items()},
        signature=rings[seats[0].public_id].lock(origin=program.origin, keys=own, **made),
        **made,
        now=now,
    )
    lock_to_papers(story=story, key=key, seat=seats[0], now=now)
    nonce = open_sealed(bytes(key.test), [secret]).decode().strip()
    for seat in seats[:2]:
        keys_actions.confirm_test(program=program, key=key, seat=seat, nonce=nonce, now=now)
    return key


def open_engagement(*, story: "Story", engagement: Engagement, seats: Sequence["Seat"], now: datetime) -> int:
    """Make the key, sign by both sides, open; give the promise."""
    make_engagement_key(story=story, engagement=engagement, seats=seats, now=now)
    return promise_of(sign_and_open(engagement=engagement, lead=seats[0], now=now))


def sign_and_open(*, engagement: Engagement, lead: "Seat", now: datetime) -> Engagement:
    """Let a lead sign, and the unit where it promises something; open."""
    for signer in (lead, engagement.partner):
        if signer:
            engagements.sign(engagement=engagement, actor=signer.public_id, now=now)
    return engagements.open_engagement(engagement=engagement, by=lead.public_id, now=now)


def speak(
    *, story: "Story", engagement: Engagement, count: int, on_paper: int = 0, aloud: int = 0, now: datetime
) -> None:
    """Let invented people speak, sealed like anyone's; so many of them wrote on paper, and a lead typed it in, or else said it aloud."""
    promise = promise_of(Engagement.objects.get(pk=engagement.pk))
    notice = entry_hash(entries_at(story.program, [promise])[promise])
    agreed = {"notice": notice, "how": "paper", "on": now.date().isoformat()}
    spoken: dict[str, Any] = {"taken": "self", "consent": {**agreed, "how": "screen"}}
    sent = Counter[str]()
    for place in range(count):
        secret = receipt.make()
        read_secret = receipt.read_secret(secret)
        lang = story.dice.choice(engagement.languages)
        may_quote = story.dice.random() < 0.3  # noqa: PLR2004 -- three in ten made-up people agree to be quoted
        answers = _answers(story, engagement, lang)
        how: dict[str, Any] = {"taken": "paper", "consent": agreed} if place < on_paper else {}
        if on_paper <= place < on_paper + aloud:
            how = spoken | {"sounds": _say_aloud(engagement, answers)}
        voice = Voice(
            engagement=engagement.slug,
            form=form_hash(engagement.form),
            r=read_secret.hex(),
            lang=lang,
            quote=may_quote,
            answers=answers,
            **how,
        )
        _take_in(story, engagement, secret, voice, now)
        sent[lang] += 1
    _count_reached(story, engagement, sent, now)


def _take_in(story: "Story", engagement: Engagement, secret: bytes, voice: Voice, now: datetime) -> None:
    """Seal a voice, and take it in."""
    intake.take_in(
        program=story.program,
        engagement=engagement.slug,
        mark=receipt.seal_mark(receipt.read_secret(secret)).hex(),
        act=receipt.act_hash(receipt.act_secret(secret)).hex(),
        sealed=seal(plaintext(voice), recipient_of(story.secrets[engagement.slug])),
        now=now,
    )


def offer_statement(
    *,
    story: "Story",
    engagement: Engagement,
    seats: Sequence["Seat"],
    words: Mapping[str, str],
    decision: str,
    reason: str = "",
    ground: str = "",
    now: datetime,
) -> None:
    """Let somebody offer a statement, and the first lead propose what becomes of it; a second one decides it, where there is one."""
    secret = receipt.make(story.dice.randbytes)
    read_secret = receipt.read_secret(secret)
    voice = Voice(
        engagement=engagement.slug,
        form=form_hash(engagement.form),
        r=read_secret.hex(),
        lang="en",
        quote=False,
        answers={OFFER: words["en"]},
    )
    _take_in(story, engagement, secret, voice, now)
    _count_reached(story, engagement, {voice.lang: 1}, now)
    said = judged.Decided(
        salt=f"{story.dice.getrandbits(256):064x}",
        offer=receipt.offer_tag(read_secret).hex(),
        decision=decision,
        statement="",
        reason=reason,
        lang="en",
        ground=ground,
        words={} if ground else words,
    )
    _decide(story, engagement, seats, said, now)


def _decide(
    story: "Story",
    engagement: Engagement,
    seats: Sequence["Seat"],
    said: judged.Decided,
    now: datetime,
) -> None:
    """Let the first lead propose what becomes of an offered statement, and a second one, where there is one, confirm it."""
    asked, content = judged.asked(story.program, engagement.slug, said.lang), judged.content_of(said)
    if asked is None:
        return
    digest = hashlib.sha256(content).hexdigest()
    draft = opinions.draft_of(said, promise=asked.promise.index, by=[seats[0].public_id])
    part = part_in_reader(program=story.program, draft=draft, about=digest, now=now)
    proposed = opinions.propose_offer(
        program=story.program,
        asked=asked,
        seat=seats[0],
        sealed=seal(canonical(vars(said) | {"part": part}), recipient_of(story.secrets[engagement.slug])),
        digest=digest,
        now=now,
    )
    given: dict[str, Any] = {"program": story.program, "proposal": proposed.pk, "now": now}
    for second in seats[1:]:
        opinions.decide_offer(slug=engagement.slug, seat=second, said=said, **given)


def part_in_reader(*, program: Program, draft: Draft, about: str, now: datetime) -> dict[str, Any]:
    """Sign a lead's own part of what goes on the public log, as her reader does it and seals it; nothing where she has no key."""
    nonce, seed = nonce_about(draft.kind, program.origin, about), Nobody().nonce
    salts = {
        f"0 {name}": salt_in_reader(nonce=nonce, seed=seed, place=0, name=name).hex() for name in draft.texts
    }
    part = sign_ahead(program=program, drafts=[draft], nonce=nonce, salts=salts, now=now)
    told = {"v": VERSION, "nonce": nonce, "seed": seed}
    return next((told | {"signed": dict(one)} for one in part.signed.values()), {})


def _count_reached(story: "Story", engagement: Engagement, sent: Mapping[str, int], now: datetime) -> None:
    """Let more people open the questions than sent an answer, in Arabic many more."""
    slug, counted = engagement.slug, dict[tuple[str, str, str], int]()
    for lang, count in sent.items():
        counted[lang, slug, Reached.SENT] = count
        counted[lang, slug, Reached.QUESTIONS] = count * (5 if lang == "ar" else 2)
        counted[lang, slug, Reached.FRONT] = count * 3
    intake.count_reached(program=story.program, counted=counted, now=now)


def _answers(story: "Story", engagement: Engagement, lang: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in engagement.form["questions"]:
        if question["id"] == OFFER:
            continue  # what these people offer, others of this scene do
        if question["kind"] == "text":
            found[question["id"]] = story.dice.choice(said()[engagement.slug][lang])
        elif question["kind"] == "scale":
            found[question["id"]] = story.dice.randint(1, 5)
        elif question["id"] == PASS_ON:
            found[PASS_ON] = [YES]
        else:
            option = story.dice.choice(question["options"])["id"]
            found[question["id"]] = [option] if question["kind"] == "several" else option
    return found


def _say_aloud(engagement: Engagement, answers: dict[str, Any]) -> dict[str, bytes]:
    """Let a first answer in one's own words be said aloud, with the words beside it: two seconds of a tone stand for a voice."""
    sound = Path(__file__).with_name("tone.webm").read_bytes()
    name = next(one["id"] for one in engagement.form["questions"] if one["kind"] == "text")
    answers[name] = {"bytes": len(sound), "kind": "webm", "seconds": 2, "words": answers[name]}
    return {name: sound}


def pass_on(
    *,
    story: "Story",
    promise: int,
    engagement: Engagement,
    seats: Sequence["Seat"],
    office: str,
    gives: bool = True,
    now: datetime,
) -> None:
    """Let a lead pass on what somebody wrote who ticked it, in their words; `gives` lets a second lead confirm it."""
    program = story.program
    taken = set(referrals.given_marks(program, promise))
    marks = SealedVoice.objects.filter(program=program, promise=promise).order_by("mark")
    mark, sealed = next(one for one in marks.values_list("mark", "sealed") if one[0] not in taken)
    voice = parse(open_sealed(bytes(sealed), [story.secrets[engagement.slug]]))
    words = "\n\n".join(one for one in voice.answers.values() if isinstance(one, str))
    said = {"salt": mark, "office": office, "lang": voice.lang, "words": words, "mark": mark}
    proposed = passing.propose(
        program=program,
        promise=promise,
        seat=seats[0],
        sealed=seal(json.dumps(said).encode(), recipient_of(story.secrets[engagement.slug])),
        digest=hashlib.sha256(referrals.content(said)).hexdigest(),
        now=now,
    )
    if gives:
        passing.give(
            program=program, promise=promise, proposal=proposed.pk, seat=seats[1], said=said, now=now
        )


def _marks(story: "Story", promise: int) -> list[str]:
    """List the seal marks of an engagement that are on the record, sorted."""
    return sorted(published_marks(promise, RowsLog.of(story.program)))


def open_voices(*, story: "Story", promise: int, seats: Sequence["Seat"], now: datetime) -> None:
    """Two leads open the voices and sign the list."""
    marks = _marks(story, promise)
    said: dict[str, Any] = {"promise": promise, "seat": seats[0], "marks": marks, "not_opened": 0}
    proposed = reader.propose_opened(program=story.program, now=now, **said)
    reader.sign_opened(program=story.program, opened_list=proposed, seat=seats[1], now=now)


def find(
    *,
    story: "Story",
    promise: int,
    seat: "Seat",
    count: int,
    words: Mapping[str, Mapping[str, str]],
    beside: Sequence[int] = (),
    driving: str = "",
    pack: Pack,
    now: datetime,
) -> Entry:
    """Publish a finding; beside another it is a smaller group's. `driving` names the plan whose first question it answers."""
    plan = story.made["Entry", driving] if driving else None
    return findings.publish(
        program=story.program,
        promise=promise,
        seat=seat,
        smaller=bool(beside),
        voices=beside_others(band(count, pack), pack.k, len(_marks(story, promise))).as_data(),
        root=f"{story.dice.getrandbits(256):064x}",
        words=words,
        beside=beside,
        languages=list(words),
        driving=(plan.index, plan.data["questions"][0]) if plan else None,
        now=now,
    )


def begin_strategy(
    *,
    story: "Story",
    members: Sequence["Seat"],
    words: Mapping[str, str],
    targets: Sequence[Mapping[str, Any]],
    groups: Sequence[Mapping[str, Any]],
    tactics: Sequence[Mapping[str, Any]],
    asks: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Strategy:
    """Let the first lead begin a strategy of several; a row is known by its first field and its place."""
    tables = {"targets": targets, "groups": groups, "tactics": tactics, "asks": asks}
    rows = {
        name: [
            {"id": f"{next(iter(row))}-{place}", **{field: str(one) for field, one in row.items()}}
            for place, row in enumerate(table)
        ]
        for name, table in tables.items()
    }
    return begin_sealed(story=story, members=members, doc={"words": words, "rows": rows}, now=now)


def begin_sealed(
    *, story: "Story", members: Sequence["Seat"], doc: Mapping[str, Any], now: datetime
) -> Strategy:
    """Begin a strategy of members by the first of them."""
    made = uuid.uuid4()
    return strategies.begin(
        program=story.program,
        seat=members[0],
        strategy=made,
        members=[one.public_id for one in members],
        sealed=seal_strategy(story, made, 1, members, members[0], doc),
        now=now,
    )


def save_strategy(*, story: "Story", strategy: Strategy, by: "Seat", now: datetime) -> None:
    """Let another lead take the pen, open the first version and save it as the second."""
    members = [one.seat for one in strategy.members.select_related("seat").order_by("pk")]
    opened = open_sealed(bytes(strategy.sealed), [story.keyrings[by.public_id].identity])
    doc = json.loads(opened)["doc"]
    sealed = seal_strategy(story, strategy.pk, 2, members, by, doc)
    strategies.put_down_pen(strategy=strategy, seat=members[0], now=now)
    strategies.keep_version(strategy=strategy, seat=by, version=1, sealed=sealed, now=now)
    strategies.put_down_pen(strategy=strategy, seat=by, now=now)


def seal_strategy(
    story: "Story",
    strategy: uuid.UUID,
    version: int,
    members: Sequence["Seat"],
    by: "Seat",
    doc: Mapping[str, Any],
) -> bytes:
    """Sign and seal a version of a strategy as a lead's page does."""
    seats = sorted(one.public_id for one in members)
    own: dict[str, Any] = {
        "strategy": str(strategy),
        "version": version,
        "seat": by.public_id,
        "members": seats,
        "doc": doc,
    }
    rings, origin = story.keyrings, story.program.origin
    signature = rings[by.public_id].sign(sealed_strategy.statement(origin=origin, **own))
    text = sealed_strategy.plaintext(**own, signature=signature)
    return seal_to_all(text, [rings[one].recipient for one in seats])
