"""The command line of the verifier: verify record, site, kit, reader, receipt, proof, fork; and of a witness."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alongside.check.fork import verify_fork
from alongside.check.keys import main as key
from alongside.check.kit import verify_kit, verify_reader
from alongside.check.log import RecordError
from alongside.check.proof import verify_proof_file, verify_proof_files
from alongside.check.receipt import verify_receipt
from alongside.check.record import verify_record
from alongside.check.serving import WitnessServer
from alongside.check.site import verify_site
from alongside.check.source import SavingSource, Source, SourceError, WebSource, open_source
from alongside.check.state import State, default_file, load
from alongside.check.trust import read_policy
from alongside.check.verdict import complaint, for_terminal
from alongside.check.witness import Witness, default_folder, pull, take_in_log
from alongside.core.entries import GrammarError
from alongside.core.grammar.versions import VERSION
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyFormatError, KeyKind
from alongside.core.refusals import UnusableInputError

HOLDS, WRONG, NOT_DONE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one check. 0: it holds. 1: something is wrong, and the first thing is said. 2: it could not be checked."""
    words = sys.argv[1:] if argv is None else list(argv)
    if words[:1] == ["key"]:  # so that the one file signs, too
        return key(words[1:])
    try:
        options = _parser().parse_args(words)
    except SystemExit as stop:  # argparse has said what is missing, or has shown the help
        return int(stop.code or 0)
    try:
        print("\n".join(map(for_terminal, options.run(options).split("\n"))))  # noqa: T201 -- a command speaks to the terminal
    except (SourceError, UnusableInputError, KeyFormatError) as error:
        print(f"This could not be checked. {complaint(error)}", file=sys.stderr)  # noqa: T201 -- as above
        return NOT_DONE
    except (RecordError, GrammarError, LedgerError) as error:
        print(f"This does not hold. {complaint(error)}", file=sys.stderr)  # noqa: T201 -- as above
        return WRONG
    return HOLDS


def _record(options: argparse.Namespace) -> str:
    if not options.save:
        return _checked(open_source(options.address), options)
    saving = SavingSource(open_source(options.address), options.save)
    try:
        said = _checked(saving, options)
        saving.keep()
    except SourceError:
        raise
    except Exception as error:  # also one over which the verifier stumbles: what it stumbled over is evidence
        if (where := saving.refuse()) and isinstance(error, RecordError | GrammarError | LedgerError):
            raise RecordError(f"{error} {where}") from None
        raise
    finally:
        saving.drop()
    return said


def _checked(source: Source, options: argparse.Namespace) -> str:
    if options.drop_seen and not options.vkey:
        raise SourceError("--drop-seen goes with --vkey KEY: the key that is to count from now on.")
    checked = verify_record(
        source,
        state=_state(options),
        today=datetime.now(tz=UTC).date(),
        vkey=options.vkey,
        policy=read_policy(options.policy),
        grammar=options.grammar,
        resumed=options.resumed,
        drops=options.drop_seen,
    )
    return checked.says


def _site(options: argparse.Namespace) -> str:
    source = open_source(options.address)
    if not isinstance(source, WebSource):
        raise SourceError("A folder has no pages; give the address of the record: http(s)://.../record.")
    return verify_site(
        source,
        state=_state(options),
        today=datetime.now(tz=UTC).date(),
        vkey=options.vkey,
        policy=read_policy(options.policy),
    )


def _file(options: argparse.Namespace) -> str:
    said: str = options.compare(
        options.file,
        open_source(options.address),
        state=_state(options),
        today=datetime.now(tz=UTC).date(),
        vkey=options.vkey,
        policy=read_policy(options.policy),
    )
    return said


def _receipt(options: argparse.Namespace) -> str:
    source = open_source(options.at)
    if sys.stdin.isatty():
        print("Write the 30 digits of your receipt, then press Enter.", file=sys.stderr)  # noqa: T201 -- as above
    typed = sys.stdin.readline().strip()
    # Nothing is written down for a receipt: that someone looked stays between them and their screen.
    more = {"vkey": options.vkey, "policy": read_policy(options.policy), "compares": bool(options.state)}
    return verify_receipt(source, typed, state=_state(options), **more)


def _state(options: argparse.Namespace) -> State:
    return load(options.state or default_file(os.environ))


def _proof(options: argparse.Namespace) -> str:
    policy, state = read_policy(options.policy), _state(options)
    if len(options.files) == 1:
        given = {"vkey": options.vkey, "entry": options.entry, "texts": options.texts}
        return verify_proof_file(options.files[0], **given, policy=policy, state=state)
    if options.entry:
        raise SourceError("--entry goes with one proof file; leave it out.")
    given = {"vkey": options.vkey, "texts": options.texts}
    return verify_proof_files(options.files, **given, policy=policy, state=state)


def _fork(options: argparse.Namespace) -> str:
    return verify_fork(options.files, vkey=options.vkey)


def _witness(options: argparse.Namespace) -> Witness:
    return Witness(options.folder or default_folder())


def _key(options: argparse.Namespace) -> str:
    kind = KeyKind.COSIGNATURE_ML_DSA if options.post_quantum else KeyKind.COSIGNATURE
    made = _witness(options).make_key(options.name, kind)
    return f"The key of this witness, for the rules of a program:\n{made.vkey}"


def _log(options: argparse.Namespace) -> str:
    log = take_in_log(_witness(options), options.address, options.vkey)
    return f"This witness cosigns for the log {log.name} from now on. Compare its key with one you got in another way:\n{log.vkey}"


def _serve(options: argparse.Namespace) -> str:
    witness = _witness(options)
    name = witness.signer().name
    with WitnessServer(witness, options.host, options.port) as server:
        address = f"http://{options.host}:{server.server_port}"
        print(f"The witness {name} listens at {address}. Ctrl-C stops it.", flush=True)  # noqa: T201 -- as above
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    return "The witness has stopped."


def _pull(options: argparse.Namespace) -> str:
    source = open_source(options.address)
    if not isinstance(source, WebSource):
        raise SourceError("A folder is no log; give the address of the record: http(s)://.../record.")
    return pull(_witness(options), source)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("alongside verify", description="Checks a record, a receipt or a proof.")
    commands = parser.add_subparsers(
        required=True, metavar="record | site | kit | reader | receipt | proof | fork | witness | key"
    )
    record = _add_record(commands.add_parser("record", help="check everything about a record"))
    site = commands.add_parser("site", help="compare what a site gives to a browser with its record")
    site.add_argument("address", help="where the record is: http(s)://.../record")
    site.set_defaults(run=_site)
    kit, reader = _add_files(commands)
    receipt = commands.add_parser(
        "receipt", help="look for your receipt; the code is read from standard input, never from the line"
    )
    receipt.add_argument("--at", required=True, metavar="ADDRESS", help="where the record is")
    receipt.set_defaults(run=_receipt)
    proof = commands.add_parser("proof", help="check proof files, offline")
    proof.add_argument("files", type=Path, nargs="+", metavar="file")
    proof.add_argument("--texts", type=Path, help="a file of public words with their salts, to check as well")
    proof.add_argument("--entry", type=Path, help="the entry, where the proof file does not carry it")
    proof.set_defaults(run=_proof)
    fork = commands.add_parser("fork", help="compare two signed heads: can they be of one history?")
    fork.add_argument("files", type=Path, nargs=2, metavar="head")
    fork.add_argument("--vkey", help="the verifier key of the log")
    fork.set_defaults(run=_fork)
    _add_witness(commands.add_parser("witness", help="be a witness: cosign heads of logs that only grew"))
    commands.add_parser("key", help="sign, open and seal without a browser, from what a site saved")
    for one in (record, site, kit, reader, receipt, proof):
        one.add_argument("--vkey", help="the verifier key of the log")
        one.add_argument("--policy", type=Path, help="a tlog-policy file: who else must have signed")
    for one in (record, site, kit, reader, receipt, proof):
        one.add_argument("--state", type=Path, help="the file that remembers what was seen")
    return parser


def _add_files(commands: Any) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    kit = commands.add_parser(
        "kit", help="compare the file in which leads take in what people say with a record"
    )
    kit.set_defaults(run=_file, compare=verify_kit)
    reader = commands.add_parser("reader", help="compare the reader as one file with a record")
    reader.set_defaults(run=_file, compare=verify_reader)
    for one in (kit, reader):
        one.add_argument("file", type=Path, help="the file, as it was saved from the site or handed on")
        one.add_argument("address", help="where the record is: http(s)://.../record, or a folder")
    return kit, reader


def _add_record(record: argparse.ArgumentParser) -> argparse.ArgumentParser:
    record.add_argument("address", help="where the record is: http(s)://.../record, or a folder")
    record.add_argument("--save", type=Path, metavar="FOLDER", help="keep a copy of all files: a mirror")
    record.add_argument(
        "--grammar",
        type=int,
        choices=range(1, VERSION + 1),
        default=VERSION,
        help="the oldest grammar that the last entry may be written in",
    )
    record.add_argument(
        "--resumed",
        type=int,
        metavar="ENTRY",
        help="accept the loss of entries that this entry of the record tells",
    )
    record.add_argument(
        "--drop-seen",
        action="store_true",
        help="with --vkey: take another key than the known one, and let go what was seen and is not in the record; each such head is named",
    )
    record.set_defaults(run=_record)
    return record


def _add_witness(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, help="where the key and the last heads are kept")
    commands = parser.add_subparsers(required=True, metavar="key | log | serve | pull")
    made = commands.add_parser("key", help="make the key of this witness, once, and show its public line")
    made.add_argument(
        "name", help="a name as an address without https://, such as library.example.org/witness"
    )
    made.add_argument(
        "--post-quantum", action="store_true", help="a key of ML-DSA-44, whose line is 1,800 letters long"
    )
    made.set_defaults(run=_key)
    log = commands.add_parser("log", help="cosign for a log from now on")
    log.add_argument("address", help="where the record is: http(s)://.../record")
    log.add_argument("--vkey", help="the verifier key of the log, where you got it in another way")
    log.set_defaults(run=_log)
    serve = commands.add_parser("serve", help="answer logs that ask")
    serve.add_argument("--host", default="127.0.0.1", help="the network address to listen on")
    serve.add_argument("--port", type=int, default=8300, help="the port")
    serve.set_defaults(run=_serve)
    pulls = commands.add_parser(
        "pull", help="fetch a head, cosign it, and bring the line to the log: for cron"
    )
    pulls.add_argument("address", help="where the record is: http(s)://.../record")
    pulls.set_defaults(run=_pull)


if __name__ == "__main__":
    sys.exit(main())
