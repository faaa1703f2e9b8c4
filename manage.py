#!/usr/bin/env python3
"""The door to everything: `demo` and `fulltest` set themselves up first, the rest is Django's."""

import os
import sys


def main():  # type: () -> int
    if sys.argv[1:2] and sys.argv[1] in ("demo", "fulltest"):
        # Nothing is installed yet, and this Python may be too old for the rest: standard library only.
        from project.bootstrap.commands import run

        return run(sys.argv[1], sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
