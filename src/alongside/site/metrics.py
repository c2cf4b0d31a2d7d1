"""What a Prometheus reads: numbers of this machine, and of nobody. By hand, for the format is a few lines of text.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/ (text, version 0.0.4).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata

from django.http import Http404, HttpRequest, HttpResponse

from alongside.ground.gate import counts
from alongside.ground.gate.roles import Role, open_to
from alongside.ground.programs.queries import every_program
from alongside.ground.record.signing import signed_at
from alongside.site.converters import CODES
from alongside.site.health import Finding, findings, may_watch

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
WATCHES = frozenset({"/health", "/live", "/ready", "/metrics"})
SECONDS = {"minutes": 60}
BYTES = {"MB": 1 << 20}


def kind_of(path: str) -> str:
    """Say of which kind an address is: a file, a machine's file of a record, an account's page, a page, what watches, or another."""
    if path in WATCHES:
        return "watch"
    parts = path.split("/")[1:]
    if parts[0] == "static":
        return "file"
    second = parts[1] if len(parts) > 1 else ""
    if parts[0] in CODES and second == "accounts":
        return "account"
    if second == "record":
        return "record"
    return "page" if second in CODES or parts[0] in CODES or path in {"/", "/r"} else "other"


def count(path: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    counts.count_request(kind_of(path), status, seconds)


def lines(counted: Mapping[counts.Name, int], found: list[Finding], now: datetime) -> Iterator[str]:
    """Write what was counted and what was looked at, a line each."""
    yield from _head(
        "requests_total", "counter", "Requests that were answered, by kind of address and status."
    )
    for (what, *labels), number in counted.items():
        if what == "requests" and number:
            yield f'alongside_requests_total{{kind="{labels[0]}",status="{labels[1]}"}} {number}'
    yield from _head("request_seconds", "histogram", "How long they took, from the last byte that came on.")
    for kind in counts.KINDS:
        yield from _histogram(counted, kind)
    yield from _head("letters_total", "counter", "Letters that the mail server took, or did not take.")
    for how in (counts.SENT, counts.FAILED):
        yield f'alongside_letters_total{{how="{how}"}} {counted["letters", how]}'
    yield from _head("head_age_seconds", "gauge", "How long ago this machine signed the head of a log.")
    for program in every_program():
        if (signed := signed_at(program)) is not None:
            age = max(0, int(now.timestamp() - signed))
            yield f'alongside_head_age_seconds{{program="{program.slug}"}} {age}'
    yield from _found(found)
    yield from _head("release_info", "gauge", "The release that runs.")
    yield f'alongside_release_info{{version="{metadata.version("alongside")}"}} 1'


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP alongside_{name} {words}"
    yield f"# TYPE alongside_{name} {kind}"


def _histogram(counted: Mapping[counts.Name, int], kind: str) -> Iterator[str]:
    """Write how long requests of one kind took."""
    total = sum(number for name, number in counted.items() if name[:2] == ("requests", kind))
    for most in counts.BUCKETS:
        within = counted["within", kind, str(most)]
        yield f'alongside_request_seconds_bucket{{kind="{kind}",le="{most}"}} {within}'
    yield f'alongside_request_seconds_bucket{{kind="{kind}",le="+Inf"}} {total}'
    yield f'alongside_request_seconds_sum{{kind="{kind}"}} {counted["microseconds", kind] / 1_000_000}'
    yield f'alongside_request_seconds_count{{kind="{kind}"}} {total}'


def _found(found: list[Finding]) -> Iterator[str]:
    """Write what `/health` looks at: its value in base units, and whether that is well."""
    for one in found:
        if one.value is not None:
            times = SECONDS.get(one.unit) or BYTES.get(one.unit) or 1
            unit = "_seconds" * (one.unit in SECONDS) + "_bytes" * (one.unit in BYTES)
            yield from _head(f"{one.name}{unit}", "gauge", f"As /health tells it ({one.name}).")
            yield f"alongside_{one.name}{unit} {one.value * times}"
    yield from _head("well", "gauge", "Whether it is well, by what /health looks at; 1 is well.")
    for one in found:
        yield f'alongside_well{{of="{one.name}"}} {int(one.well)}'


@open_to(Role.EVERYONE)
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the numbers to whoever may read `/health`; to others nothing is there."""
    if not may_watch(request):
        raise Http404
    now = datetime.now(tz=UTC)
    text = "".join(f"{line}\n" for line in lines(counts.counted(), findings(now), now))
    return HttpResponse(text, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
