"""1,000 residents a minute open the questions and send a voice while 50 people read, at two servers of one PostgreSQL.

Residents come when they come, whether or not those before them were answered, and a wait counts from the moment at which
somebody came. Goal: 19 of 20 wait at most 500 ms, for each kind of visit; each voice that was acknowledged is there.

Usage: python -m bench.crowd [MINUTES [A_MINUTE [READERS]]]
"""

import http.client
import json
import random
import shutil
import statistics
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from ipaddress import ip_address

from bench.intake import configured, prepare, voices
from bench.served import PROGRAM, server, temporary

A_MINUTE, READERS, GOAL_MS = 1000, 50, 500
#: As many residents may wait at once; more would be told of below as late.
WAITING = 64
AT = "/riverbend/en/"
QUESTIONS = f"{AT}engagements/library-computers/"
POST = f"{QUESTIONS}voices/"
READ = (
    AT,
    f"{AT}engagements/",
    f"{AT}follow/",
    f"{AT}owed/",
    f"{AT}record/",
    f"{AT}projects/",
    f"{AT}questions/",
)
OPENS, SENDS, READS = "the questions are opened", "a voice is sent", "a page is read"


@dataclass
class Told:
    """What everyone waited for, in ms; which voices were acknowledged; what was answered otherwise."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    taken: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def ask(self, port: int, what: str, path: str, body: str = "", began: float | None = None) -> bool:
        """Ask one server, as somebody with a browser and an address of their own; say whether it went well."""
        host = f"localhost:{port}"
        headers = {
            "Host": host,
            "Accept-Encoding": "gzip",
            "X-Forwarded-For": str(ip_address(random.randrange(2**32))),
        }
        headers |= {"Content-Type": "application/json", "Origin": f"http://{host}"} if body else {}
        link, began = http.client.HTTPConnection("127.0.0.1", port, timeout=30), began or time.perf_counter()
        try:
            link.request("POST" if body else "GET", path, body or None, headers)
            reply = link.getresponse()
            reply.read()
        except OSError as error:
            self.wrong.append(f"{path}: {type(error).__name__}")
            return False
        finally:
            link.close()
        self.waits[what].append((time.perf_counter() - began) * 1000)
        if reply.status != 200:
            self.wrong.append(f"{path}: {reply.status}")
        return reply.status == 200

    def speak(self, port: int, body: str, came: float) -> None:
        """Come, open the questions, and send a voice."""
        self.ask(port, OPENS, QUESTIONS, began=came)
        if self.ask(port, SENDS, POST, body):
            self.taken.add(json.loads(body)["mark"])

    def read(self, ports: list[int], stop: threading.Event) -> None:
        """Read one page after another, for a second to three each."""
        while not stop.wait(random.uniform(1, 3)):
            self.ask(random.choice(ports), READS, random.choice(READ))


def come(told: Told, ports: list[int], bodies: list[str], seconds: float) -> None:
    """Let a resident come for each voice, at moments made by chance."""
    began = time.perf_counter()
    moments = sorted(began + random.uniform(0, seconds) for _ in bodies)
    with ThreadPoolExecutor(WAITING) as residents:
        for place, (moment, body) in enumerate(zip(moments, bodies, strict=True)):
            time.sleep(max(0.0, moment - time.perf_counter()))
            residents.submit(told.speak, ports[place % len(ports)], body, moment)


def second(data: str) -> str:
    """Give the folder of a second server: the same secret and files, and no key."""
    folder = temporary()
    shutil.copytree(data, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("keys"))
    return folder


def measure(database: str, minutes: float, a_minute: int, readers: int) -> None:
    """Print what everyone waited for, and whether each acknowledged voice is there."""
    data = temporary()
    recipient = prepare(data, database)
    bodies, told = voices(recipient, round(minutes * a_minute)), Told()
    with ExitStack() as both:
        folders = (data, second(data))
        ports = [both.enter_context(server(PROGRAM, configured(one, database))) for one in folders]
        for port in ports:  # what is made once is made before anybody waits
            for path in (*READ, QUESTIONS):
                told.ask(port, "", path)
        stop = threading.Event()
        there = [threading.Thread(target=told.read, args=(ports, stop)) for _ in range(readers)]
        for one in there:
            one.start()
        came = time.perf_counter()
        come(told, ports, bodies, minutes * 60)
        took = time.perf_counter() - came
        stop.set()
        for one in there:
            one.join()
    tell(told, took, readers)


def tell(told: Told, took: float, readers: int) -> None:
    """Print the figures."""
    from alongside.chain.voices.models import Voice

    kept = set(Voice.objects.values_list("mark", flat=True))
    a_minute = len(told.taken) / took * 60
    print(f"{a_minute:,.0f} voices a minute at two servers of one PostgreSQL, while {readers} read")
    for what in (OPENS, SENDS, READS):
        found = told.waits[what]
        p95 = statistics.quantiles(found, n=20)[-1]
        says = "holds" if p95 <= GOAL_MS else "DOES NOT HOLD"
        print(
            f"{what}, {len(found):,} times: half within {statistics.median(found):.0f} ms, 95% within {p95:.0f} ms"
            f" (goal {GOAL_MS}: {says}), longest {max(found):,.0f} ms"
        )
    print(
        f"{len(told.taken):,} acknowledged, {len(told.taken - kept):,} of them lost; {len(told.wrong)} refused"
    )
    if told.wrong or told.taken - kept:
        raise SystemExit(f"{told.wrong[:3]}")


def main() -> None:
    """Measure on a PostgreSQL that waits for its disk."""
    from tests.support.postgres import NoServerError, start, stop

    given = [float(one) for one in sys.argv[1:]]
    minutes, a_minute, readers = given + [1.0, A_MINUTE, READERS][len(given) :]
    try:
        postgres = start(on_disk=True)
    except NoServerError as error:
        return print(f"There is nothing to measure with. {error}")
    try:
        postgres.run("CREATE DATABASE alongside")
        where = f'host = "{postgres.host}"\nport = {postgres.port}\nuser = "{postgres.user}"\nname = "alongside"\n'
        measure(f'[database]\nkind = "postgresql"\n{where}', minutes, int(a_minute), int(readers))
    finally:
        stop(postgres)


if __name__ == "__main__":
    main()
