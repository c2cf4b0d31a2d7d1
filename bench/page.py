"""A cached public page served for real against a bare view of the same bytes, and what a page weighs cold.

Goals: at least 1,000/s, and at most 60 KB with its style, scripts and pictures, as they travel.
"""

import re
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

from bench.intake import configured, load, prepare
from bench.served import PROGRAM, server, temporary

READS = 6000
GOAL_RATE, GOAL_KB = 1000, 60
LINKS = re.compile(r'<(?:script|img|source)[^>]*\ssrc="([^"]+)"|<link[^>]*\shref="([^"]+)"')
NOT_FETCHED = re.compile(r'<link[^>]*rel="(?:alternate|canonical)"[^>]*>')
PLACES = (
    "/riverbend/en/",
    "/riverbend/en/engagements/library-computers/",
    "/riverbend/en/record/",
    "/riverbend/ar/engagements/library-computers/",
)


def fetch(url: str) -> tuple[bytes, bytes]:
    """Fetch as a browser does; give the bytes that travelled and the same unpacked."""
    import gzip

    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})) as reply:
        travelled = reply.read()
        packed = reply.headers.get("Content-Encoding") == "gzip"
    return travelled, gzip.decompress(travelled) if packed else travelled


def weigh(address: str) -> dict[str, int]:
    """Give the bytes that travel for a page and for each thing it links to, by kind."""
    fetch(address)  # the first one makes it; what is kept travels packed
    travelled, page = fetch(address)
    weights = {"html": len(travelled)}
    text = NOT_FETCHED.sub("", page.decode())
    for link in sorted({one or other for one, other in LINKS.findall(text)}):
        weights[link.rpartition(".")[2]] = weights.get(link.rpartition(".")[2], 0) + len(
            fetch(urljoin(address, link))[0]
        )
    return weights


def thread_page(root: str) -> str:
    """Find the page of a thread, by the first link to one."""
    page = fetch(f"{root}/riverbend/en/follow/")[1].decode()
    return re.findall(r'href="(/riverbend/en/follow/\d+/)"', page)[0]


def main() -> None:
    """Print the weights, the rate and the ratio."""
    data = temporary()
    prepare(data)
    with server(PROGRAM, configured(data)) as port:
        root = f"http://localhost:{port}"
        page = thread_page(root)
        for place in (*PLACES, page):
            weights = weigh(root + place)
            total = sum(weights.values()) / 1000
            kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in weights.items())
            says = "holds" if total <= GOAL_KB else "DOES NOT HOLD"
            print(f"{place}: {total:.1f} KB cold ({kinds}); goal {GOAL_KB}: {says}")
        headers = {"Host": f"localhost:{port}", "Accept-Encoding": "gzip"}
        load(port, page, headers, [""] * 200)
        ours = load(port, page, headers, [""] * READS)["rate"]
        same = Path(data) / "page.gz"
        same.write_bytes(fetch(root + page)[0])
    with server("bench.bare_page:application", {"BENCH_PAGE": str(same)}) as port:
        load(port, "/page", {}, [""] * 200)
        bare = load(port, "/page", {}, [""] * READS)["rate"]
    says = "holds" if ours >= GOAL_RATE else "DOES NOT HOLD"
    print(
        f"a cached page {ours:,.0f}/s (goal {GOAL_RATE:,}: {says}), {ours / bare:.0%} of a bare view ({bare:,.0f}/s)"
    )


if __name__ == "__main__":
    main()
