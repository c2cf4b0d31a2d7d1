"""Run every measurement, or the ones named: ledger, acts, append, intake, page, together, crowd, voters, sealing, reading, workplan, search, statement, register, pay, growth, opinions."""

import subprocess
import sys
import time

MEASUREMENTS = (
    "ledger",
    "acts",
    "append",
    "intake",
    "page",
    "together",
    "crowd",
    "voters",
    "sealing",
    "reading",
    "workplan",
    "search",
    "statement",
    "register",
    "pay",
    "growth",
    "opinions",
)


def main() -> int:
    """Run the measurements that were asked for, each in a process and a database of its own; a name that does not exist is refused."""
    wanted = sys.argv[1:] or MEASUREMENTS
    unknown = [name for name in wanted if name not in MEASUREMENTS]
    if unknown:
        there = ", ".join(MEASUREMENTS)
        print(f"There is no measurement {', '.join(unknown)}; there is {there}.", file=sys.stderr)
        return 2
    took, failed = {}, []
    for name in wanted:
        print(f"\n== {name}", flush=True)
        start = time.monotonic()
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode:
            failed.append(name)
        took[name] = time.monotonic() - start
    print(f"\n{'measurement':16}{'seconds':>8}")
    for name, seconds in took.items():
        print(f"{name:16}{seconds:>8.0f}{'  failed' if name in failed else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
