"""Append with the database: entries a second by the action itself, against raw SQLite inserts on the same disk."""

import time
import uuid
from datetime import UTC, datetime

from bench.intake import prepare, raw
from bench.served import temporary

ENTRIES = 500


def main() -> None:
    """Print entries a second, one transaction each and in one transaction, and the ratio to raw inserts."""
    data = temporary()
    prepare(data)
    from alongside.ground.programs.models import Office, Program
    from alongside.ground.record.actions.entries import Draft, Text, append
    from alongside.ground.record.actions.heads import sign_head

    program = Program.objects.get(slug="riverbend")
    office = Office.objects.filter(unit__program=program, signs=True).select_related("unit").order_by("pk")[0]

    def draft() -> Draft:
        slug = f"p-{uuid.uuid4().hex[:16]}"
        texts = {"title": Text("en", slug), "summary": Text("en", "How long records are kept.")}
        found = {"project": slug, "unit": office.unit.slug}
        return Draft(kind="project.registered", by=[office.public_id], data=found, texts=texts)

    def rate(batches: list[list[Draft]]) -> float:
        start = time.perf_counter()
        for drafts in batches:
            append(program=program, drafts=drafts, now=datetime.now(tz=UTC))
        return ENTRIES / (time.perf_counter() - start)

    rows = raw(data, 2000)
    single = rate([[draft()] for _ in range(ENTRIES)])
    together = rate([[draft() for _ in range(ENTRIES)]])
    start = time.perf_counter()
    sign_head(program=program, now=datetime.now(tz=UTC))
    signed = time.perf_counter() - start
    print(f"raw SQLite inserts {rows:,.0f}/s, one transaction each")
    print(f"append {single:,.0f}/s, one transaction each: {single / rows:.1%} of raw")
    print(f"append {together:,.0f}/s, {ENTRIES} in one transaction: {together / rows:.1%} of raw")
    print(f"signing the head over them: {signed * 1000:.1f} ms")


if __name__ == "__main__":
    main()
