"""Becomes another program once this process has limits: memory, seconds of CPU time, bytes of a file that it
writes, then the program and its arguments. This file must import nothing of archlint."""

from __future__ import annotations

import os
import resource
import sys


def main() -> None:
    """Set the limits, and become the program."""
    memory, seconds, output = map(int, sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
    ):
        try:
            resource.setrlimit(kind, (limit, limit))
        except (OSError, ValueError):
            continue  # the system has no such limit, or a lower one
    os.execv(sys.argv[4], sys.argv[4:])


if __name__ == "__main__":
    main()
