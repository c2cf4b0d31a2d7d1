"""A local mail catcher: takes what is sent to the configured port and keeps it as .eml files in data/mail."""

import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

from alongside.site.supervision import stop_on_signals


class Catcher:
    """Keeps each message as one file; nothing leaves this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd calls it so
        """Keep one message."""
        name = datetime.now(tz=UTC).strftime("%Y%m%d-%H%M%S-%f")
        (self.folder / f"{name}.eml").write_bytes(envelope.content)
        return "250 Kept"


def catch() -> None:
    """Catch mail until stopped."""
    if not find_spec("aiosmtpd"):
        sys.exit('alongside: the mail catcher needs aiosmtpd. Run ./dev, or set kind = "files" in [mail].')
    from aiosmtpd.controller import Controller  # noqa: PLC0415 -- a tool of development, not in every installation

    mail = settings.ALONGSIDE.mail
    stop = stop_on_signals()
    controller = Controller(Catcher(settings.DATA / "mail"), hostname="127.0.0.1", port=mail.port)
    controller.start()
    print(f"Mail to 127.0.0.1:{mail.port} is kept in {settings.DATA / 'mail'}.", flush=True)  # noqa: T201 -- a command speaks
    stop.wait()
    controller.stop()
