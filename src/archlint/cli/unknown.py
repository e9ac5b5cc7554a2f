"""What to type instead of a command that does not exist."""

from __future__ import annotations

import os
from collections.abc import Collection

import click

from archlint.cli.exits import UsageProblem
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


class NamedGroup(click.Group):
    """A group of commands, which tells what was meant by one that does not exist."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but for the message."""
        if not ctx.resilient_parsing and args[0] not in self.commands and not args[0].startswith("-"):
            near = nearest(args[0], self.commands) or f"; say {one_of(tuple(self.commands))}"
            raise UsageProblem(f"there is no command '{self.name} {args[0]}'{near}")
        return super().resolve_command(ctx, args)
