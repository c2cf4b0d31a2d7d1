"""A tick that never rests: appends an entry, tells what is due and signs, again and again, until it is killed.

Usage: python -m tests.soak.busy [HOW_MANY]; with a number it appends that many and ends, without signing.
"""

import os
import sys
import uuid
from datetime import UTC, datetime

import django


def main() -> None:
    """Append and sign for ever, or append the number of entries that was asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
    django.setup()
    from alongside.ground.programs.models import Office, Program
    from alongside.ground.record.actions.entries import Draft, Text, append
    from alongside.site.ticking import tick

    program = Program.objects.get()
    office = Office.objects.filter(unit__program=program, signs=True).select_related("unit").order_by("pk")[0]

    def one() -> None:
        slug = f"p-{uuid.uuid4().hex[:16]}"
        texts = {name: Text("en", f"{name} of {slug}") for name in ("title", "summary")}
        data = {"project": slug, "unit": office.unit.slug}
        draft = Draft(kind="project.registered", by=[office.public_id], data=data, texts=texts)
        append(program=program, drafts=[draft], now=datetime.now(tz=UTC))

    if sys.argv[1:]:
        for _ in range(int(sys.argv[1])):
            one()
        return
    while True:
        one()
        tick(datetime.now(tz=UTC))


if __name__ == "__main__":
    main()
