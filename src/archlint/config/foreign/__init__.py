"""Translates the configuration of another tool into one of archlint.

Each module of this package that has a ``TOOL`` is one tool, found by its name: ``FILES`` are the names under
which its configuration is kept, ``is_own`` recognises another file by what it says, ``rule_names`` gives the
aliases under which rule pages know one of its checks, and ``translate`` tells a ``Translation`` what is on,
off and set. Nothing that a configuration names is fetched, imported or run.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Protocol, cast

from archlint.config.errors import ConfigurationError
from archlint.config.foreign.rendering import render
from archlint.config.foreign.source import ForeignFile, read_source
from archlint.config.foreign.translation import Lost, Translation
from archlint.config.words import one_of
from archlint.registry import Registry

__all__ = ["ForeignFile", "Lost", "Tool", "import_configuration", "read_source", "tools"]


class Tool(Protocol):
    """What a module about a tool offers."""

    TOOL: str
    FILES: Sequence[str]

    def is_own(self, source: ForeignFile) -> bool:
        """Whether a file of another name is a configuration of this tool."""

    def rule_names(self, check: str) -> Sequence[str]:
        """The aliases of archlint's rules that stand for one of the tool's checks."""

    def translate(self, source: ForeignFile, into: Translation) -> None:
        """Tell what a configuration says; raises ``ConfigurationError`` for what is none."""


def tools() -> dict[str, Tool]:
    """All tools by name."""
    found: dict[str, Tool] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "TOOL"):
            found[loaded.TOOL] = cast(Tool, loaded)
    return found


def import_configuration(
    source: ForeignFile, registry: Registry, tool: str | None = None
) -> tuple[str, Sequence[Lost]]:
    """An ``archlint.yaml`` as text, and what has no counterpart in it; raises ``ConfigurationError``."""
    chosen = _chosen(source, tool)
    translation = Translation(chosen.TOOL, registry, chosen.rule_names)
    chosen.translate(source, translation)
    return render(translation, source.name), translation.lost


def _chosen(source: ForeignFile, name: str | None) -> Tool:
    known = tools()
    if name is not None:
        return known[name]
    named = [tool for tool in known.values() if source.file_name in tool.FILES]
    found = named if len(named) == 1 else [tool for tool in named or known.values() if tool.is_own(source)]
    found = found or named[:1]  # names that several tools read are those of the first one
    if len(found) == 1:
        return found[0]
    names = ", ".join(tool.TOOL for tool in found or known.values())
    said = "may be of several tools" if found else "is of no tool that archlint knows"
    raise ConfigurationError([f"{source.name} {said}; say which with --from: {one_of([names])}"])
