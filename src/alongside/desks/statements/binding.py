"""All proofs of a statement in one file: each cited entry with its way to the signed head, the words, and how to check."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from alongside.core.ledger import ProofFile, inclusion_proof
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head, Line, PublicText
from alongside.ground.record.tiles import tile_reader


def bundle(program: Program, cited: Sequence[int], head: Head, vkey: str, readme: str) -> bytes:
    """Give the bytes of a ZIP whose files and dates depend on the head alone. Reads each tile once."""
    files = {"README.txt": readme.encode(), "checkpoint": head.note.encode(), "vkey": f"{vkey}\n".encode()}
    lines = Line.objects.filter(log=head.log, index__in=cited).order_by("index")
    read = tile_reader(head.log, head.size).read
    for line in lines:
        path = tuple(inclusion_proof(line.index, head.size, read))
        proof = ProofFile(line.index, path, checkpoint=head.note, extra=bytes(line.raw))
        files[f"entries/{line.index}.tlog-proof"] = proof.text.encode()
    files["texts.json"] = _texts(program, cited, head)
    return zipped(files, head.signed_on)


def _texts(program: Program, cited: Sequence[int], head: Head) -> bytes:
    """Give salt and words of every text that the cited entries hash, as the record gives them."""
    rows = PublicText.objects.filter(log__program=program, entry__in=cited).order_by("entry", "name")
    found = [
        {
            "entry": row.entry,
            "name": row.name,
            "sha256": row.sha256,
            "salt": bytes(row.salt).hex(),
            "text": row.words,
        }
        for row in rows
        if row.entry < head.size
    ]
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


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
                "These files prove that what the statement cites is in the record, without this site and without us."
            ),
            _("The record: %(origin)s") % {"origin": origin},
            _("Its public key: %(key)s") % {"key": vkey},
            "",
            _(
                "Compare this key with one that you got in another way: from a mirror, a newspaper, an earlier paper."
            ),
            _("You need Python and the program “alongside”. Open a terminal in this folder and write:"),
            "",
            f"    alongside verify proof --vkey {vkey} --texts texts.json entries/*.tlog-proof",
            "",
            _("It checks each entry against the signed head, and each text against its entry."),
            _("Any other tool that reads c2sp.org/tlog-proof files can check the entries as well."),
            _("Entries: %(numbers)s") % {"numbers": ", ".join(str(one) for one in cited)},
            "",
        ]
    )
