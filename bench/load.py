"""Send prepared requests over kept connections and print how many a second were answered 200."""

import http.client
import itertools
import json
import sys
import threading
import time


PER_ADDRESS = 400  # intake lets one address send 600 an hour; a load comes from many
ADDRESSES = itertools.count(2)
WRONG: list[str] = []


def connect(port: int) -> http.client.HTTPConnection:
    """Connect from a network of this machine that was not used before."""
    place = next(ADDRESSES)
    source = f"127.{1 + (int(time.time()) + place // 250) % 200}.{place % 250}.2"
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))


def send(port: int, path: str, headers: dict[str, str], bodies: list[str], sizes: set[int]) -> None:
    """Send every body over kept connections; stop at the first refusal."""
    for place, body in enumerate(bodies):
        if place % PER_ADDRESS == 0:
            link = connect(port)
        link.request("POST" if body else "GET", path, body.encode() if body else None, headers)
        reply = link.getresponse()
        sizes.add(len(reply.read()))
        if reply.status != 200:
            WRONG.append(f"{path} answered {reply.status}")
            return


def main() -> None:
    """Read {port, path, headers, bodies, threads} from standard input."""
    job = json.load(sys.stdin)
    sizes: set[int] = set()
    each = [job["bodies"][place :: job["threads"]] for place in range(job["threads"])]
    threads = [
        threading.Thread(target=send, args=(job["port"], job["path"], job["headers"], bodies, sizes))
        for bodies in each
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if WRONG:
        raise SystemExit(WRONG[0])
    print(json.dumps({"rate": len(job["bodies"]) / (time.perf_counter() - start), "sizes": sorted(sizes)}))


if __name__ == "__main__":
    main()
