"""How rulesets of Spectral are called; apart, as each run asks whether there is one."""

from __future__ import annotations

import os
from pathlib import Path

NAMES = (".spectral.yaml", ".spectral.yml", ".spectral.json")
"""In the order in which they are looked for."""
PROGRAM_ENDS = (".js", ".mjs", ".cjs", ".ts")
"""How rulesets end that only Node can read."""
FILES = (*NAMES, *(f".spectral{end}" for end in PROGRAM_ENDS))


def found_ruleset(root: Path) -> str | None:
    """The name of the ruleset at the top of a repository, if there is one."""
    return next((name for name in FILES if os.path.lexists(root / name)), None)
