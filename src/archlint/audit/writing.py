"""Where audit records go: a file that only grows, or standard error.

A link is never followed: who can write the repository could lead the records, or what they overwrite,
elsewhere.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from archlint.cli.output import is_led_astray, say
from archlint.finding.records import dataclass


class AuditProblem(Exception):
    """A record that cannot be written; the text says why."""


@dataclass(frozen=True, slots=True)
class AuditSink:
    """A file, or standard error."""

    path: Path | None
    root: Path

    def write(self, line: str) -> None:
        """Append a record and see it written; raises ``AuditProblem``."""
        if self.path is None:
            say(line.rstrip("\n"), "json")
            return
        if is_led_astray(self.path, self.root):
            raise AuditProblem(f"'{self.path}' leads through a link of the repository; name another file")
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            descriptor = os.open(self.path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
        except FileNotFoundError:
            folder = self.path.absolute().parent
            raise AuditProblem(f"'{self.path}' cannot be written: make the folder '{folder}' first") from None
        except OSError as error:
            raise AuditProblem(f"'{self.path}' cannot be written: {error.strerror}") from None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise AuditProblem(f"'{self.path}' is no plain file")
            data = line.encode("ascii")
            if os.write(descriptor, data) != len(data):
                raise AuditProblem(f"'{self.path}' cannot be written: the disk is full")
            os.fsync(descriptor)
        except OSError as error:
            raise AuditProblem(f"'{self.path}' cannot be written: {error.strerror}") from None
        finally:
            os.close(descriptor)
