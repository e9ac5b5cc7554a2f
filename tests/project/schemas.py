"""The schemas of files that services read, as check-jsonschema ships them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def problems_of(schema: str, file: Path, origin: str = "vendor") -> list[str]:
    """What is wrong with a file; empty if nothing is."""
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"{origin}.{schema}", str(file))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()
