"""`alongside key sign | open | seal | recover`: what a key does, without a browser and without the site. Only sealing by an address uses a network."""

import argparse
import base64
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alongside.check import recovery, voices
from alongside.check.leads import read_own
from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.source import SourceError, open_source
from alongside.check.state import State
from alongside.check.verdict import complaint, for_terminal
from alongside.core.act_files import (
    MOST_BYTES,
    ActFile,
    read_act_file,
    refuse_unfit_day,
    write_act_file,
)
from alongside.core.asked import Asked, form_of, legible
from alongside.core.canonical import read_json
from alongside.core.entries import GrammarError
from alongside.core.grammar.versions import KINDS
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyFormatError
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing import receipt
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.opening import open_with_words
from alongside.core.sealing.recovery_papers import PaperError
from alongside.core.sealing.saved import SavedError, read_saved

DONE, REFUSED, NOT_DONE = 0, 1, 2
YES = "yes"
RECEIPT = "The digits of a receipt of your own (they are not shown): "
#: The file brings the key of the other lead, too.
SIGNED_BEFORE = (
    "SIGNED BEFORE, by this file, by {seat} on {day}, under a key that only the public log can confirm:"
)


#: How people answer a question of each kind.
ANSWERED = {
    "text": "In their own words",
    "one": "They choose one answer",
    "several": "They choose all that fit",
    "scale": "On a scale from 1 to 5",
}


def main(argv: Sequence[str]) -> int:
    """Do one of them; 0 where it is done, 1 where a file holds something else than it shows, 2 where nothing was done."""
    try:
        given = _parser().parse_args(argv)
    except SystemExit as stop:  # argparse has said what is missing, or has shown the help
        return int(stop.code or 0)
    try:
        said = given.run(given)
    except (SavedError, RecordError, GrammarError, LedgerError) as error:
        sys.stderr.write(f"{given.nothing} {complaint(error)}\n")
        return REFUSED
    except (
        OSError,
        SealedError,
        SourceError,
        KeyFormatError,
        KeyTextError,
        PaperError,
        UnusableInputError,
    ) as error:
        sys.stderr.write(f"{given.nothing} {complaint(error)}\n")
        return NOT_DONE
    sys.stdout.write("\n".join(map(for_terminal, said.split("\n"))) + "\n")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("alongside key", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="sign | open | seal | recover")
    one = commands.add_parser("sign", help="sign what the site saved for it")
    one.add_argument("file", type=Path, help="what the site saved on the page that asks for your six words")
    one.add_argument("--keyring", type=Path, required=True, help="your keyring, as the site saved it")
    one.add_argument("--save", type=Path, help="where to write what is signed; FILE.signed.json if left out")
    one.set_defaults(run=_sign, nothing="Nothing is signed.")
    one = commands.add_parser("open", help="open what people said, from the file that the site saved")
    one.add_argument("file", type=Path, help="what the site saved under “Read and sign without this site”")
    one.add_argument("--save", type=Path, help="a .csv or .json to write; FILE.csv if left out")
    one.add_argument("--lang", default="", help="the language of the questions in a .csv")
    one.add_argument("--vkey", help="the verifier key of the log; a file that names another one is refused")
    one.add_argument(
        "--receipt", action="store_true", help="ask for a receipt of your own, and find its voice"
    )
    one.set_defaults(run=_open, nothing="Nothing is opened.")
    one = commands.add_parser("seal", help="seal what you say, as the page does, to be sent by another way")
    one.add_argument("address", help="where the record is: http(s)://.../record, or a folder with its mirror")
    one.add_argument("engagement", help="the last part of the address of its page, as library-computers")
    one.add_argument("answers", type=Path, help="a file with what you say, as JSON")
    one.add_argument("--vkey", help="the verifier key of the log")
    one.add_argument("--save", type=Path, help="where to write it; ENGAGEMENT.sealed.json if left out")
    one.add_argument("--for-a-lead", action="store_true", help="as a file that a lead brings in")
    one.set_defaults(run=_seal, nothing="Nothing is sealed.")
    one = commands.add_parser("recover", help="open locked keys with recovery papers")
    one.add_argument("file", type=Path, help="the locked keys, as a lead saved them in the reader")
    one.add_argument("--to", required=True, help="whose key (age1...) the opened keys are sealed to")
    one.add_argument("--save", type=Path, help="where to write them; FILE.opened.age if left out")
    one.set_defaults(run=_recover, nothing="Nothing is opened.")
    return parser


def _sign(given: argparse.Namespace) -> str:
    where = sign(given.file, given.keyring, given.save or given.file.with_suffix(".signed.json"))
    return f"Signed. Bring this file back to the site: {where}"


def _open(given: argparse.Namespace) -> str:
    where = given.save or given.file.with_suffix(".csv")
    if where.exists():
        raise FileExistsError(f"{where} is there already; delete it, or name another file with --save.")
    with given.file.open("rb") as lines:
        saved, sealed = read_saved(lines)
        languages = saved.entry["data"]["languages"]
        if given.vkey and given.vkey != saved.vkey:
            raise SavedError("This file names another key of the public log than the one that you gave.")
        title = saved.title.get("words", saved.entry["data"]["engagement"])
        sys.stdout.write(f"{for_terminal(title)}\n{for_terminal(voices.compare(saved))}\n")
        words = _asked("Your six words (they are not shown): ", getpass.getpass)
        typed = _asked(RECEIPT, getpass.getpass) if given.receipt else None
        sought = receipt.parse(typed) if typed is not None else None
        keyring = open_with_words(base64.b64decode(saved.keyring), words)
        found = voices.open_all(saved, sealed, read_own(keyring))
    lang = given.lang or languages[0]
    is_json = where.suffix == ".json"
    voices.write_alone(where, voices.as_json(saved, found) if is_json else voices.as_csv(saved, found, lang))
    told = voices.told_of(found, where, saved.kept_until)
    return f"{voices.told_of_receipt(found, sought)}\n{told}" if sought else told


def _recover(given: argparse.Namespace) -> str:
    where = given.save or given.file.with_suffix(".opened.age")
    count = recovery.recover(given.file, given.to, where, lambda words: _asked(words, input))
    return f"Keys that are open: {count}. They are sealed to {given.to} in {where}"


def _seal(given: argparse.Namespace) -> str:
    source, today = open_source(given.address), datetime.now(tz=UTC).date()
    where = given.save or Path(f"{given.engagement}.sealed.json")
    # Nothing is written down: that somebody speaks stays on their screen.
    state = State(where, is_kept=False)
    checked = verify_record(source, state=state, today=today, vkey=given.vkey)
    asked = voices.asked_in(source, checked, given.engagement, today)
    speech = voices.read_speech(given.answers.read_bytes(), asked)
    lines = [f"By the log under the key {checked.key.vkey}:", "", *asked.told(speech), "", ""]
    sys.stdout.write("\n".join(map(for_terminal, lines)))
    if _asked("Do you agree to this, and is this what you say? Type yes: ", input).strip().lower() != YES:
        raise InterruptedError("You did not say yes.")
    sent, digits = voices.sealed_of(asked, speech, today)
    bundle = {"kind": voices.BUNDLE, "recipient": asked.promise.data["recipient"], "voices": [sent]}
    body = bundle if given.for_a_lead else {**sent, "website": ""}
    voices.write_alone(where, json.dumps(body) + "\n")
    how = (
        "Give it to a lead, who brings it in."
        if given.for_a_lead
        else voices.how_to_send(given.address, given.engagement, speech.lang, where)
    )
    return f"Sealed: {where}. {how}\nYour receipt, which nobody can give you again: {digits}"


def sign(file: Path, keyring: Path, where: Path) -> Path:
    """Show what a file holds, ask, and write it signed; raise SavedError, SealedError or OSError where nothing is signed."""
    with file.open("rb") as opened:
        found = read_act_file(opened.read(MOST_BYTES + 1))
    refuse_unfit_day(found, datetime.now(tz=UTC).date())
    locked = keyring.read_bytes()
    if where.exists():
        raise FileExistsError(f"{where} is there already; delete it, or name another file with --save.")
    sys.stdout.write("\n".join(map(for_terminal, told(found))) + "\n")
    if _asked("Do you sign this? Type yes: ", input).strip().lower() != YES:
        raise InterruptedError("You did not say yes.")
    words = _asked("Your six words (they are not shown): ", getpass.getpass)
    own = read_own(open_with_words(locked, words))
    if own.keys[1] != found.key:
        raise SealedError(
            "This keyring is not the one of the place that signs this; take the newest one of that place."
        )
    done = found.with_signature(base64.b64encode(own.signer.sign(found.statement)).decode())
    with where.open("xb") as written:
        written.write(write_act_file(done))
    return where


def _asked(words: str, ask: Callable[[str], str]) -> str:
    """Ask in the terminal; where there is none, read a line."""
    return ask(words) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def told(file: ActFile) -> list[str]:
    """Say line by line all that would be signed, from the very bytes: every word, what else it holds, and what it is based on."""
    act = file.parsed
    lines = [
        f"For the public log {act['origin']}, place {file.seat}, on {file.head['day']}.",
        f"It can be entered until {file.good_until.isoformat()}.",
        *_drafts(act["drafts"], file.said),
    ]
    for one in file.before:
        lines += ["", SIGNED_BEFORE.format(seat=one["seat"], day=one["signed"]["day"])]
        lines += _drafts(read_json(one["act"])["drafts"], one["said"])
    return [*lines, ""]


def _drafts(drafts: Sequence[dict[str, Any]], said: Sequence[Sequence[object]]) -> list[str]:
    lines = []
    for place, draft in enumerate(drafts):
        name = str(draft["kind"])
        lines += ["", f"{place + 1}. {KINDS[name].heading if name in KINDS else name} ({name})"]
        for at, text, _salt, words in said:
            if at == place:
                lang = draft["texts"][str(text)]["lang"]
                lines += [f"   {text} ({lang}):", *(f"      {line}" for line in as_read(str(words)))]
        held = {**draft["data"], **{f"based on ({role})": cited for role, cited in draft["cites"].items()}}
        lines += [
            f"   {label}: {one if isinstance(one, str) else json.dumps(one)}" for label, one in held.items()
        ]
        lines += [f"   by: {', '.join(map(str, draft['by']))}"]
    return lines


def as_read(written: str) -> list[str]:
    """Say words line by line, as the page to sign draws them; questions in each language."""
    form = form_of(written)
    if form is None:
        return legible(written).split("\n")
    lines = [line for number, one in enumerate(form.questions, 1) for line in _asked_as(number, one)]
    if form.statements:
        lines.append("Statements that people judge:")
    lines += [line for number, one in enumerate(form.statements, 1) for line in _asked_as(number, one)]
    return [*lines, *(["People may also answer by voice."] if form.is_spoken else [])]


def _asked_as(number: int, one: Asked) -> list[str]:
    lines = [" ".join(filter(None, (f"{number}.", ANSWERED.get(one.kind, ""), one.id and f"[{one.id}]")))]
    for each in one.in_each:
        lines += [f"   {each.lang}: {each.words}", *([f"      {each.hint}"] if each.hint else [])]
        lines += [f"      - {words}{f' [{name}]' if name else ''}" for name, words in each.choices]
    return [part for line in lines for part in line.split("\n")]
