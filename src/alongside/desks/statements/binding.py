"""All proofs of a statement in one file: each cited entry with its way to the signed head, the words, and how to check."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.core.ledger.nodes import inclusion_proof
from alongside.core.ledger.proof import ProofFile
from alongside.ground.record import machine
from alongside.ground.record.models import Head, LogEntry, PublicText
from alongside.ground.record.tiles import tile_reader
from alongside.ground.ui.languages import listed


@dataclass(frozen=True)
class Bound:
    """The entries whose proofs go into a file, and the words that they hash."""

    head: Head
    lines: Sequence[LogEntry]
    texts: Sequence[PublicText]

    @property
    def indexes(self) -> list[int]:
        """List the numbers of the entries."""
        return [one.index for one in self.lines]


def bound(cited: Sequence[int], head: Head, lang: str) -> Bound:
    """Gather the entries that a statement cites and those that translate them into its language. Two queries."""
    here = PublicText.objects.filter(log=head.log, entry__lt=head.size)
    own = Q(entry__in=cited) | Q(about__in=cited, lang=lang, is_original=False)
    texts = list(here.filter(own).order_by("entry", "name"))
    indexes = {*cited, *(one.entry for one in texts)}
    lines = LogEntry.objects.filter(log=head.log, index__in=indexes).order_by("index")
    return Bound(head, list(lines), texts)


def bundle(found: Bound, vkey: str, readme: str) -> bytes:
    """Give the bytes of a ZIP whose files and dates depend on the head alone. Reads each tile once."""
    head = found.head
    files = {"README.txt": readme.encode(), "checkpoint": head.note.encode(), "vkey": f"{vkey}\n".encode()}
    files[machine.VERIFIER] = machine.archive()
    read = tile_reader(head.log, head.size).read
    for line in found.lines:
        path = tuple(inclusion_proof(line.index, head.size, read))
        proof = ProofFile(line.index, path, checkpoint=head.note, extra=bytes(line.raw))
        files[f"entries/{line.index}.tlog-proof"] = proof.text.encode()
    files["texts.json"] = _texts(found.texts)
    return zipped(files, head.signed_on)


def _texts(texts: Sequence[PublicText]) -> bytes:
    """Give salt and words of the texts that the entries hash, as the record gives them."""
    rows = [
        {
            "entry": row.entry,
            "name": row.name,
            "sha256": row.sha256,
            "salt": bytes(row.salt).hex(),
            "text": row.words,
        }
        for row in texts
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def zipped(files: dict[str, bytes], on: date) -> bytes:
    """Give a ZIP of files, all of one day, so that the same files are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (on.year, on.month, on.day, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            packed.writestr(info, content)
    return out.getvalue()


def readme(title: str, origin: str, vkey: str, cited: Sequence[int]) -> str:
    """Say in plain words what is in the file and how to check it."""
    return "\n".join(
        [
            title,
            "",
            _(
                "These files prove that what the statement cites is in the public log, without this site and without us."
            ),
            _("The public log: %(origin)s") % {"origin": origin},
            _("Its public key: %(key)s") % {"key": vkey},
            "",
            _(
                "Compare this key with one that you got in another way: from a mirror, a newspaper, an earlier paper."
            ),
            _(
                "You need Python 3.12 or newer with its package cryptography. Open a terminal in this folder and write:"
            ),
            "",
            f"    python3 {machine.VERIFIER} proof --vkey {vkey} --texts texts.json entries/*.tlog-proof",
            "",
            _("It checks each entry against the signed head, and each text against its entry."),
            _("Any other tool that reads c2sp.org/tlog-proof files can check the entries as well."),
            _("Entries: %(numbers)s") % {"numbers": listed(cited)},
            "",
        ]
    )
