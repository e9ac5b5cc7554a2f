"""Names that other tools have for findings, such as ``buf:IMPORT_USED``, where they stand for rules.

A rule may be several rules of another tool, so such a name means those of its findings that bear it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def is_foreign(selector: str) -> bool:
    """Whether a selector is another tool's name of what is found."""
    return ":" in selector and not selector.startswith("tag:")


def tool_of(name: str) -> str:
    """The tool that has a name."""
    return name.partition(":")[0]


def foreign(selectors: Iterable[str]) -> frozenset[str]:
    """Those of some selectors that are names of other tools."""
    return frozenset(filter(is_foreign, selectors))


def are_about(names: frozenset[str], aliases: Sequence[str], ignored_as: Collection[str] = ()) -> bool:
    """Whether some names are all that one tool has for a finding or rule, so that to it they say all there
    is; of tools whose checks stand for a topic (``ignored_as``) one name is enough."""
    tools = {tool_of(alias) for alias in aliases if alias in names}
    return any(
        names.issuperset(alias for alias in aliases if tool_of(alias) == tool) for tool in tools
    ) or not names.isdisjoint(ignored_as)
