"""Write what `./dev lock` found as the exact versions that `alongside[locked]` installs. Reads one requirement a line."""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
LISTED = re.compile(r"^locked = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Put the lines of standard input into pyproject.toml."""
    lines = [line.strip() for line in sys.stdin if "==" in line]
    listed = "".join("  '{}',\n".format(line) if '"' in line else '  "{}",\n'.format(line) for line in lines)
    written = PROJECT.read_text(encoding="utf-8")
    PROJECT.write_text(LISTED.sub(lambda _: "locked = [\n" + listed + "]\n", written), encoding="utf-8")


if __name__ == "__main__":
    main()
