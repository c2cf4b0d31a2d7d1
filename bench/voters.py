"""2,000 people judge statements over HTTP within two minutes, each for themselves; then the map of 100,000 choices, and choices a second beside a bare form POST.

People come when they come, whether or not those before them were answered, and each judges one statement after the other. Goals:
each acknowledged choice is counted once, and the map is there within 10 s, as computed anew from the same choices.

Usage: python -m bench.voters [PEOPLE [SECONDS [CHOICES]]]
"""

import hashlib
import http.client
import random
import re
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlencode

from bench.intake import ENOUGH, configured, in_turn, load, post_form
from bench.served import PROGRAM, server, set_up, temporary

PEOPLE, WITHIN, EACH = 2000, 120.0, 8
OF, ON_MAP, GOAL_S = 50, 100_000, 10.0
#: So many people may wait at once; others wait before they come, which counts.
WAITING = 64
PATH = "/riverbend/en/engagements/library-computers/statements/"
CODE = re.compile(r'name="code" value="([0-9 ]+)"')
STATEMENT = re.compile(r'name="statement" value="(s\d+)"')
DIGITS = re.compile(r"\D")
SAID = ("agree", "disagree", "pass")


@dataclass
class Told:
    """How long everyone waited for the next statement, in ms; what was acknowledged; what was answered otherwise."""

    port: int
    waits: list[float] = field(default_factory=list)
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def press(self, address: str, sent: dict[str, str], began: float | None = None) -> str:
        """Send a form as the page has it; give the next page, empty where it was refused."""
        host, began = f"localhost:{self.port}", began or time.perf_counter()
        headers = {
            "Host": host,
            "Origin": f"http://{host}",
            "Accept-Encoding": "gzip;q=0",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": address,
        }
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request("POST", PATH, urlencode(sent), headers)
            reply = link.getresponse()
            page = reply.read().decode()
        except OSError as error:
            self.wrong.append(type(error).__name__)
            return ""
        finally:
            link.close()
        self.waits.append((time.perf_counter() - began) * 1000)
        if reply.status != 200:
            self.wrong.append(str(reply.status))
            return ""
        return page

    def judge(self, came: float, each: int) -> None:
        """Come, and judge one statement after the other."""
        address = str(ip_address(random.randrange(2**32)))
        page = self.press(address, {"step": "start"}, came)
        for _ in range(each):
            code, one = CODE.search(page), STATEMENT.search(page)
            if not (code and one):
                return
            said = random.choice(SAID)
            sent = {"step": "vote", "code": code[1], "statement": one[1], "answer": said}
            page = self.press(address, sent)
            if page:
                self.taken[DIGITS.sub("", code[1]), one[1]] = said


def come(told: Told, people: int, seconds: float, each: int) -> float:
    """Let people come at moments made by chance; give how long it took."""
    began = time.perf_counter()
    moments = sorted(began + random.uniform(0, seconds) for _ in range(people))
    with ThreadPoolExecutor(WAITING) as residents:
        for moment in moments:
            time.sleep(max(0.0, moment - time.perf_counter()))
            residents.submit(told.judge, moment, each)
    return time.perf_counter() - began


def counted(told: Told) -> None:
    """Print what people waited for, and whether each acknowledged choice is there once."""
    from alongside.chain.opinions.models import Vote
    from alongside.core.opinions.answers import NAMED, code_hash
    from alongside.core.sealing import receipt

    said = {
        (code_hash(receipt.parse(code)), int(one[1:])): NAMED[answer]
        for (code, one), answer in told.taken.items()
    }
    rows = Vote.objects.values_list("code_hash", "statement", "answer")
    kept = {(code, one): answer for code, one, answer in rows}
    p95 = statistics.quantiles(told.waits, n=20)[-1]
    print(
        f"the next statement: half within {statistics.median(told.waits):.0f} ms, 95% within {p95:.0f} ms, longest {max(told.waits):,.0f} ms"
    )
    print(
        f"{len(said):,} choices of {len({code for code, _one in said}):,} people acknowledged; {len(kept):,} kept, each once;"
        f" {len(said.items() - kept.items()):,} lost, {len(told.wrong)} refused"
    )
    if kept != said or told.wrong:
        raise SystemExit(f"{told.wrong[:3]}")


def grow(promise: int, many: int, now: datetime) -> None:
    """Put in choices of yesterday, as rows: two camps, and who answers by chance."""
    from alongside.chain.opinions.models import Vote
    from alongside.ground.programs.models import Program

    program, chance = Program.objects.get(), random.Random(17)
    yesterday = (now - timedelta(days=1)).date()
    people = many // OF
    rows = []
    for person in range(people):
        code = hashlib.sha256(b"%d" % person).hexdigest()
        for one in range(1, OF + 1):
            lean = (1 if person % 2 else -1) * (1 if one % 3 else -1)
            answer = lean if chance.random() < 0.7 else chance.choice((-1, 0, 1))
            row = Vote(program=program, promise=promise, code_hash=code, statement=one, answer=answer)
            row.lang, row.date = "en", yesterday
            rows.append(row)
    Vote.objects.bulk_create(rows, batch_size=2000)


def drawn(promise: int, now: datetime) -> None:
    """Print how long the tick takes that draws the map, and whether it is as computed anew."""
    from alongside.chain.opinions import actions, queries
    from alongside.ground.programs.models import Program
    from alongside.ground.programs.queries import pack_of

    program = Program.objects.get()
    wall, busy = time.perf_counter(), time.process_time()
    actions.tick(program=program, now=now)
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    found = queries.last_map(program, promise)
    if found is None:
        raise SystemExit("no map was drawn")
    anew = queries.computed_of(program, promise, found.until, pack_of(program), bytes(found.salt))
    holds = "holds" if wall <= GOAL_S else "DOES NOT HOLD"
    print(
        f"the map of {ON_MAP:,} choices: {wall:.1f} s, {busy:.1f} s of the processor (goal {GOAL_S:.0f}: {holds}),"
        f" {'the same' if anew == found.data else 'NOT THE SAME'} as computed anew"
    )
    if anew != found.data:
        raise SystemExit(1)


def opened(data: str) -> tuple[int, datetime]:
    """Open an engagement with statements to judge; give its promise, and when."""
    configured(data)
    set_up(data)
    from alongside.work.engagements import actions as engagements
    from tests.support.thread import Thread

    thread = Thread(now=datetime.now(tz=UTC)).open_program().draft_engagement()
    statements = [
        {"id": f"s{n}", "words": {"en": f"Sentence {n}.", "es": f"Frase {n}."}} for n in range(1, OF + 1)
    ]
    engagements.save_statements(engagement=thread.engagement, statements=statements)
    thread.make_keys().open()
    return thread.promise, thread.now


def beside_bare(data: str, port: int, promise: int) -> None:
    """Print choices a second beside a form POST with the middleware of startproject, both in turn."""
    from alongside.chain.opinions import queries
    from alongside.core.sealing import receipt
    from alongside.ground.programs.models import Program

    program, bodies = Program.objects.get(), []
    for _ in range(ENOUGH // OF + 1):
        code = receipt.grouped(queries.new_code(program, promise))
        for one in range(1, OF + 1):
            sent = {"step": "vote", "code": code, "statement": f"s{one}", "answer": random.choice(SAID)}
            bodies.append(urlencode(sent))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{port}"}
    headers["Host"] = f"localhost:{port}"
    env = {"BENCH_DB": f"{data}/bare.sqlite3", "BENCH_SERVER": "", "BENCH_MIDDLEWARE": "startproject"}
    with server("bench.bare:application", env) as bare:
        told = in_turn({"bare": lambda: post_form(bare)}, lambda: load(port, PATH, headers, bodies))
    print(
        f"choices {told.ours:,.0f}/s, each answered with the page of the next statement, beside {told.bars['bare']:,.0f}/s"
        f" of a Django form POST with the middleware of startproject: {told.ratios['bare']:.0%} of it"
    )


def main() -> None:
    """Measure on SQLite, with a web process for each of two cores."""
    given = [float(one) for one in sys.argv[1:]]
    people, seconds, each = given + [PEOPLE, WITHIN, EACH][len(given) :]
    data = temporary()
    promise, now = opened(data)
    with server(PROGRAM, configured(data), workers=2) as port:
        told = Told(port)
        took = come(told, int(people), seconds, int(each))
        print(f"{people:,.0f} people within {took:.0f} s, each judging {each:.0f} statements")
        counted(told)
        grow(promise, ON_MAP, now)
        drawn(promise, now)
        beside_bare(data, port, promise)


if __name__ == "__main__":
    main()
