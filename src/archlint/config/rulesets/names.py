"""How rulesets of Spectral are called; apart, as each run asks whether there is one."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

NAMES = (".spectral.yaml", ".spectral.yml", ".spectral.json")
"""In the order in which they are looked for."""
PROGRAM_ENDS = (".js", ".mjs", ".cjs", ".ts")
"""How rulesets end that only Node can read."""
FILES = (*NAMES, *(f".spectral{end}" for end in PROGRAM_ENDS))

REDOCLY = ("redocly.yaml", "redocly.yml", ".redocly.yaml", ".redocly.yml")
"""How configurations of Redocly are called, in the order in which they are looked for."""
REDOCLY_IGNORED = ".redocly.lint-ignore.yaml"
"""How the file beside it is called that lists what is ignored."""


def found_redocly(root: Path) -> str | None:
    """The name of the configuration of Redocly at the top of a repository, if there is one."""
    return next((name for name in REDOCLY if os.path.lexists(root / name)), None)


def is_redocly(path: str) -> bool:
    """Whether a file that is named as a ruleset is a configuration of Redocly."""
    return Path(path).name in REDOCLY


def ignore_file_of(path: str) -> str:
    """The ignore file beside a configuration of Redocly."""
    return posixpath.join(posixpath.dirname(path), REDOCLY_IGNORED)


def found_ruleset(root: Path) -> str | None:
    """The name of the ruleset at the top of a repository, if there is one."""
    return next((name for name in FILES if os.path.lexists(root / name)), None)
