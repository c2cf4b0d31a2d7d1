"""An act of a lead as a file: saved where it was written, signed on another device with her keyring, and brought back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from alongside.core.canonical import NotCanonicalError, canonical, read_json
from alongside.core.grammar.acts import SIGNED_BY, good_for
from alongside.core.grammar.shape import fields, hex64, seat
from alongside.core.grammar.versions import GRAMMARS
from alongside.core.salted import salted_hash
from alongside.core.sealing.acts import act_statement
from alongside.core.sealing.leads import is_signed
from alongside.core.sealing.saved import SavedError

#: What the file says that it is.
FORMAT = "alongside act 1"
#: A longer file is none of ours.
MOST_BYTES = 4_000_000
#: A device may be this far from the day of the site, in another time zone.
NEAR = timedelta(days=2)


@dataclass(frozen=True)
class ActFile:
    """What a lead signs: `act` (canonical JSON), its words (place, name, salt in hex, words), and a head of the log (day, size, root).

    `key` (64 hex digits) is the signing key of her place, and `before` what other leads signed of theirs: seat, key, act, said, signed.
    `form` is what her form held, under a mark of the site that saved it. `signed` is empty until she signed.
    """

    seat: str
    key: str
    act: str
    said: Sequence[Sequence[Any]]
    head: Mapping[str, Any]
    before: Sequence[Mapping[str, Any]]
    form: str
    signed: Mapping[str, Mapping[str, Any]]

    @property
    def parsed(self) -> dict[str, Any]:
        """Give the act: {"v", "origin", "nonce", "drafts"}."""
        return dict(read_json(self.act))

    @property
    def good_until(self) -> date:
        """Give the last day on which it can be entered."""
        found = self.parsed
        return date.fromisoformat(self.head["day"]) + good_for(
            [found["drafts"][0] | {"v": found["v"]}], GRAMMARS[found["v"]]
        )

    @property
    def statement(self) -> bytes:
        """Write what her key signs."""
        return act_statement(
            origin=self.parsed["origin"], seat=self.seat, act=self.act.encode(), **dict(self.head)
        )

    @property
    def is_signed(self) -> bool:
        """Say whether her key signed this very act, over this head."""
        sig = self.signed.get(self.seat, {})
        return dict(sig) == {**self.head, "sig": sig.get("sig")} and is_signed(
            self.key, self.statement, sig["sig"]
        )

    def with_signature(self, sig: str) -> "ActFile":
        """Give the same with her signature (base64)."""
        return replace(self, signed={self.seat: {**self.head, "sig": sig}})


def write_act_file(file: ActFile) -> bytes:
    """Write a file."""
    return json.dumps({"kind": FORMAT} | asdict(file), ensure_ascii=False, indent=1).encode() + b"\n"


def read_act_file(raw: bytes) -> ActFile:
    """Read a file, and hold the words that it shows against what would be signed; raise SavedError where it is not whole."""
    if len(raw) > MOST_BYTES:
        raise SavedError("This file is too large to be one; choose the file that the site saved.")
    try:
        return _read(raw)
    except SavedError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise SavedError("This file is not whole; save it again from the site.") from error


def _read(raw: bytes) -> ActFile:
    found = read_json(raw)
    if not isinstance(found, dict) or found.pop("kind", None) != FORMAT:
        raise SavedError("This is no file to sign; choose the file that the site saved.")
    file = ActFile(**found)
    _refuse_another_shape(file)
    _refuse_other_words(file.parsed["drafts"], file.said)
    _refuse_others(file)
    return file


def refuse_unfit_day(file: ActFile, today: date) -> None:
    """Refuse what names a day that is to come, and what was saved too long ago; raise SavedError."""
    if date.fromisoformat(file.head["day"]) - today > NEAR:
        raise SavedError(
            "This file names a day that is still to come. Look at the clock of this computer. If it is right, tell the other leads."
        )
    if today > file.good_until:
        raise SavedError(
            f"This file was good until {file.good_until.isoformat()}; save it again from the site."
        )


def _refuse_another_shape(file: ActFile) -> None:
    """Refuse an act that is not written in the one way, is of a kind that this program does not know, or is for another seat."""
    act = file.parsed
    if canonical(act) != file.act.encode() or act.keys() != {"v", "origin", "nonce", "drafts"}:
        raise NotCanonicalError("The act is written in another way.")
    seat("seat", file.seat)
    hex64("key", file.key)
    if not isinstance(file.form, str):
        raise TypeError("form")
    fields({name: one for name, one in SIGNED_BY.items() if name != "sig"})("head", file.head)
    for one in file.signed.values():
        fields(SIGNED_BY)("signed", one)
    if act["v"] not in GRAMMARS or any(one["kind"] not in GRAMMARS[act["v"]] for one in act["drafts"]):
        raise SavedError("This file is of a newer site; get the newest program from it.")
    if not any(file.seat in one["by"] for one in act["drafts"]):
        raise SavedError(
            "What this file signs is not of the place that it names. Sign nothing, and tell the other leads."
        )
    cited = [one for draft in act["drafts"] for each in draft["cites"].values() for one in each]
    if any(one >= file.head["size"] if isinstance(one, int) else one[:1] != "+" for one in cited):
        raise SavedError(
            "What this file signs does not hold all that it is about. Sign nothing, and tell the other leads."
        )


def _refuse_other_words(drafts: Sequence[Mapping[str, Any]], said: Sequence[Sequence[Any]]) -> None:
    """Refuse words that are not those of the act: each of them, once, and no others."""
    named = {
        (place, name): text["sha256"]
        for place, one in enumerate(drafts)
        for name, text in one["texts"].items()
    }
    given = {
        (place, name): salted_hash(bytes.fromhex(salt), words.encode()) for place, name, salt, words in said
    }
    if given != named or len(given) != len(said):
        raise SavedError(
            "The words in this file are not those that your key would sign. Sign nothing, and tell the other leads."
        )


def _refuse_others(file: ActFile) -> None:
    """Refuse what another lead signed before where their key did not sign it, or it is not the same but for what each says."""
    for one in file.before:
        theirs = read_json(one["act"])
        head = {name: one["signed"][name] for name in ("day", "size", "root")}
        statement = act_statement(origin=theirs["origin"], seat=one["seat"], act=one["act"].encode(), **head)
        if (
            any(draft["by"] != [one["seat"]] for draft in theirs["drafts"])
            or _shared(theirs) != _shared(file.parsed)
            or not is_signed(one["key"], statement, one["signed"]["sig"])
        ):
            raise SavedError(
                "What another lead signed before is not about the same, or its signature does not fit. Sign nothing, and tell the other leads."
            )
        _refuse_other_words(theirs["drafts"], one["said"])


def _shared(act: Mapping[str, Any]) -> list[Any]:
    """Give what is the same in the part of each who signs an act."""
    told = []
    for draft in act["drafts"]:
        kind = GRAMMARS[act["v"]][draft["kind"]]
        data = {name: one for name, one in draft["data"].items() if name not in kind.own_data}
        texts = {name: one for name, one in draft["texts"].items() if name not in kind.own_texts}
        told.append([draft["kind"], draft["cites"], data, texts])
    return [act["v"], act["origin"], act["nonce"], told]
