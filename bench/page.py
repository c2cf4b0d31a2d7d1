"""A cached public page served for real against a bare view of the same bytes, what a page weighs cold, and what a phone keeps to take in voices.

Goals: at least 1,000/s; at most 60 KB with its style, scripts and pictures, as they travel; at most 100 KB after gzip for the field kit in three languages.
"""

import gzip
import re
import urllib.request
from pathlib import Path

from bench.intake import configured, load, prepare
from bench.served import PROGRAM, server, temporary

READS = 6000
GOAL_RATE = 1000
GOAL_KIT, KIT_LANGUAGES = 100_000, ("en", "es", "vi")
PLACES = (
    "/riverbend/en/",
    "/riverbend/en/engagements/library-computers/",
    "/riverbend/en/record/",
    "/riverbend/ar/engagements/library-computers/",
)


def thread_page(root: str) -> str:
    """Find the page of a thread, by the first link to one."""
    from alongside.site.checking import fetch

    page = fetch(f"{root}/riverbend/en/follow/").body.decode()
    return re.findall(r'href="(/riverbend/en/follow/\d+/)"', page)[0]


def kit(root: str) -> tuple[int, int]:
    """Give the bytes of what a lead's phone keeps as the field kit in three languages (each page, what they load, the worker): after gzip, and as they travel.

    Pages of who is signed in travel unpacked.
    """
    from django.test import Client

    from alongside.site.checking import fetch, weigh
    from alongside.work.engagements.models import Engagement

    client, lead = (
        Client(),
        Engagement.objects.get(program__slug="riverbend", slug="library-computers").lead.person,
    )
    client.force_login(lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    opener = urllib.request.build_opener()
    opener.addheaders = [("Cookie", f"sessionid={client.cookies['sessionid'].value}")]
    at = [f"{root}/riverbend/{lang}/engagements/library-computers/in-person/" for lang in KIT_LANGUAGES]
    first, *others = [fetch(one, opener) for one in at]
    if any("/in-person/" not in one.final for one in (first, *others)):
        raise SystemExit("the kit did not open for a lead")
    worker = fetch(f"{at[0]}worker.js", opener)
    loads = sum(size for kind, size in weigh(first).items() if kind != "html")
    pages = (first, *others, worker)
    packed = sum(len(gzip.compress(one.body, 9)) for one in pages)
    return loads + packed, loads + sum(len(one.travelled) for one in pages)


def main() -> None:
    """Print the weights, the rate and the ratio."""
    data = temporary()
    prepare(data)
    from alongside.site.checking import MOST_COLD, fetch, weigh

    with server(PROGRAM, configured(data)) as port:
        root = f"http://localhost:{port}"
        page = thread_page(root)
        for place in (*PLACES, page):
            weights = weigh(fetch(root + place))
            total = sum(weights.values()) / 1000
            kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in weights.items())
            says = "holds" if total <= MOST_COLD / 1000 else "DOES NOT HOLD"
            print(f"{place}: {total:.1f} KB cold ({kinds}); goal {MOST_COLD // 1000}: {says}")
        kept, travels = kit(root)
        says = "holds" if kept <= GOAL_KIT else "DOES NOT HOLD"
        print(
            f"the field kit in three languages: {kept / 1000:.1f} KB after gzip; goal {GOAL_KIT // 1000}: {says} "
            f"({travels / 1000:.1f} KB as it travels)"
        )
        headers = {"Host": f"localhost:{port}", "Accept-Encoding": "gzip"}
        load(port, page, headers, [""] * 200)
        ours = load(port, page, headers, [""] * READS)["rate"]
        same = Path(data) / "page.gz"
        same.write_bytes(fetch(root + page).travelled)
    with server("bench.bare_page:application", {"BENCH_PAGE": str(same)}) as port:
        load(port, "/page", {}, [""] * 200)
        bare = load(port, "/page", {}, [""] * READS)["rate"]
    says = "holds" if ours >= GOAL_RATE else "DOES NOT HOLD"
    print(
        f"a cached page {ours:,.0f}/s (goal {GOAL_RATE:,}: {says}), {ours / bare:.0%} of a bare view ({bare:,.0f}/s)"
    )


if __name__ == "__main__":
    main()
