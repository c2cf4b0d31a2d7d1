"""The `alongside` command."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run what the command line asks for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.site.settings")
    execute_from_command_line(["alongside", *sys.argv[1:]])


if __name__ == "__main__":
    main()
