"""Migrate an empty database and open one engagement that takes in a million voices. Usage: python -m tests.soak.prepare"""

import os
from datetime import UTC, datetime

import django


def main() -> None:
    """Walk to an open engagement by the same actions that people use."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
    django.setup()
    from django.core.management import call_command

    from tests.support.thread import Thread

    call_command("migrate", verbosity=0, interactive=False)
    walked = Thread(now=datetime.now(tz=UTC)).open_program().draft_engagement()
    walked.engagement.cap = 1_000_000
    walked.engagement.save(update_fields=["cap"])
    walked.make_keys().open()


if __name__ == "__main__":
    main()
