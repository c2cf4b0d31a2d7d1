"""A workplan written live by two people on two server processes: bytes a keystroke, and how long until the other sees it.

Usage: python -m bench.workplan
"""

import base64
import contextlib
import gzip
import json
import os
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.served import PROGRAM, ROOT, server, set_up, temporary

KEYS = 40
WORKERS = 2
GOAL_SECONDS = 1.0


def prepare(data: str) -> tuple[str, dict[str, str]]:
    """Build the demonstration; give the slug of its open plan and a session of each side."""
    set_up(data)
    from django.test import Client

    from alongside.ground.people.models import Person
    from alongside.site.demo.programs import build

    build(now=datetime.now(tz=UTC))
    sessions = {}
    for who, email in {"lead": "first.lead", "staff": "staff.libraries-and-halls"}.items():
        client = Client()
        person = Person.objects.get(email=f"{email}@riverbend.example")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        sessions[who] = client.session.session_key or ""
    return "public-computers", sessions


def stored() -> tuple[int, int]:
    """Give how many updates are kept and their bytes."""
    from alongside.work.workplans.models import PlanUpdate

    sizes = [len(bytes(one)) for one in PlanUpdate.objects.values_list("data", flat=True)]
    return len(sizes), sum(sizes)


class Wire:
    """Counts what goes over the wire while keys are pressed."""

    def __init__(self, page: Any) -> None:
        self.sent: list[int] = []
        page.on("request", self._seen)

    def _seen(self, request: Any) -> None:
        if request.url.endswith("/live/") and request.post_data:
            update = json.loads(request.post_data)["update"]
            if update:
                self.sent.append(len(base64.b64decode(update)))


def type_and_watch(
    browser: Any, port: int, slug: str, sessions: dict[str, str]
) -> tuple[list[float], list[int]]:
    """Let one type a sign at a time, and time each until it stands on the other's page; then check that both agree."""
    pages = {}
    address = f"http://localhost:{port}"
    for who, key in sessions.items():
        context = browser.new_context(base_url=address)
        context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
        pages[who] = context.new_page()
        pages[who].goto(f"/riverbend/en/workplans/{slug}/draft/")
        pages[who].locator("[data-state=saved]").wait_for()
    pages["lead"].get_by_text("Here now: you and ").wait_for()
    wire, times = Wire(pages["lead"]), []
    ours, theirs = (pages[who].locator('[name="plan.about"]') for who in ("lead", "staff"))
    ours.fill("")
    while theirs.input_value():
        time.sleep(0.05)
    wire.sent.clear()
    for place in range(KEYS):
        start = time.perf_counter()
        ours.press_sequentially("abcdefghij"[place % 10])
        while len(theirs.input_value()) <= place:
            time.sleep(0.005)
        times.append(time.perf_counter() - start)
    if ours.input_value() != theirs.input_value():
        raise SystemExit("the two pages do not agree")
    return times, wire.sent


def main() -> None:
    """Print the figures, and whether the goal holds."""
    from playwright.sync_api import sync_playwright

    data = temporary()
    slug, sessions = prepare(data)
    before = stored()
    env = {
        "ALONGSIDE_DATA": data,
        "DJANGO_SETTINGS_MODULE": "alongside.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    flags = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(server(PROGRAM, env, workers=WORKERS))
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=flags
        )
        times, sent = type_and_watch(browser, port, slug, sessions)
        browser.close()
    after = stored()
    rows, size = after[0] - before[0], after[1] - before[1]
    middle, worst = statistics.median(times), sorted(times)[int(0.95 * len(times))]
    print(
        f"a keystroke until the other sees it, {WORKERS} server processes: {middle:.2f} s, 95 of 100 in {worst:.2f} s"
    )
    print(f"goal: within {GOAL_SECONDS:.0f} s: {'holds' if worst <= GOAL_SECONDS else 'does not hold'}")
    print(
        f"bytes a keystroke: {statistics.median(sent):.0f} sent as an update, {size / KEYS:.0f} kept in {rows} rows for {KEYS} keys"
    )
    script = next(Path(ROOT / "src/alongside/ground/ui/static/dist").glob("workplan.js"))
    print(f"the page's script: {len(gzip.compress(script.read_bytes(), 9)) / 1024:.1f} KB gzip")


if __name__ == "__main__":
    main()
