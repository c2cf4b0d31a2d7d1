"""A kept page at rest and while 50 voices are being sent at the same time, in one run: how long a reader waits.

Goal: 19 of 20 readers have it within 20 ms while the 50 are under way.
"""

import http.client
import statistics
import threading
import time

from bench.intake import configured, load, prepare, voices
from bench.served import PROGRAM, server, temporary

READS, SENDERS, VOICES = 400, 50, 3000
GOAL_MS = 20
PAGE = "/riverbend/en/"
POST = "/riverbend/en/engagements/library-computers/voices/"


def waits(port: int, goes_on: threading.Event | None = None) -> list[float]:
    """Fetch the page again and again, as one reader who pauses a little; give each wait in ms."""
    link, found = http.client.HTTPConnection("localhost", port, timeout=60), []
    while len(found) < READS and (goes_on is None or goes_on.is_set()):
        began = time.perf_counter()
        link.request("GET", PAGE, headers={"Accept-Encoding": "gzip"})
        reply = link.getresponse()
        reply.read()
        if reply.status != 200:
            raise SystemExit(f"{PAGE} answered {reply.status}")
        found.append((time.perf_counter() - began) * 1000)
        time.sleep(0.005)
    return found


def told(found: list[float]) -> tuple[float, float]:
    """Give the median and the 95th percentile."""
    return statistics.median(found), statistics.quantiles(found, n=20)[-1]


def main() -> None:
    """Print how long readers wait at rest and beside writers, and how many voices were taken in meanwhile."""
    data = temporary()
    recipient = prepare(data)
    with server(PROGRAM, configured(data)) as port:
        waits(port)
        quiet = told(waits(port))
        goes_on, sent = threading.Event(), []
        goes_on.set()
        host = f"localhost:{port}"
        headers = {"Content-Type": "application/json", "Origin": f"http://{host}", "Host": host}
        bodies = voices(recipient, VOICES)

        def send() -> None:
            sent.append(load(port, POST, headers, bodies, threads=SENDERS)["rate"])
            goes_on.clear()

        writer = threading.Thread(target=send)
        writer.start()
        time.sleep(1)  # until all who send have connected
        busy = told(waits(port, goes_on))
        writer.join()
    says = "holds" if busy[1] <= GOAL_MS else "DOES NOT HOLD"
    print(f"a kept page at rest: half within {quiet[0]:.1f} ms, 95% within {quiet[1]:.1f} ms")
    print(
        f"beside {SENDERS} who send voices ({sent[0]:,.0f}/s): half within {busy[0]:.1f} ms,"
        f" 95% within {busy[1]:.1f} ms (goal {GOAL_MS}: {says}), {busy[1] / quiet[1]:.1f} times as long"
    )


if __name__ == "__main__":
    main()
