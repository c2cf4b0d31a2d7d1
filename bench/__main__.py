"""Run every measurement, or the ones named: ledger, append, intake, page, sealing, reading, workplan, search, statement, register, pay."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
ORDER = (
    "ledger",
    "append",
    "intake",
    "page",
    "sealing",
    "reading",
    "workplan",
    "search",
    "statement",
    "register",
    "pay",
)


def main() -> int:
    """Run the measurements that were asked for; a name that does not exist is refused with those that do."""
    there = [name for name in ORDER if (HERE / f"{name}.py").exists()]
    wanted = sys.argv[1:] or there
    unknown = [name for name in wanted if name not in there]
    if unknown:
        print(f"There is no measurement {', '.join(unknown)}; there is {', '.join(there)}.", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"\n== {name}", flush=True)
        sys.argv = [name]
        runpy.run_module(f"bench.{name}", run_name="__main__")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
