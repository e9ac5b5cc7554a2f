"""What to type instead of a command that does not exist."""

from __future__ import annotations

import os
from collections.abc import Collection

from archlint.config.words import nearest, one_of

_ELSEWHERE = {
    "check": ("lint", "scan", "audit", "test", "validate", "analyze", "score"),
    "breaking": ("diff", "compare", "changelog", "summary"),
    "explain": ("rule", "doc", "docs", "why"),
    "rules": ("list", "checks", "linter"),
    "config": ("settings",),
    "cache": ("clean", "clear"),
    "init": ("install", "setup", "new"),
    "--help": ("help",),
    "--version": ("version",),
}
"""What is called otherwise by other linters."""


def unknown_command(name: str, commands: Collection[str]) -> str:
    """A sentence that names the command that was meant, or all."""
    said = f"there is no command '{name}'"
    for command, others in _ELSEWHERE.items():
        if name in others:
            return f"{said}; did you mean 'archlint {command}'?"
    near = nearest(name, commands)
    if near:
        return said + near
    if os.path.lexists(name):
        return f"{said}; to check this path: archlint check {name}"
    return f"{said}; say {one_of(tuple(commands))}"
