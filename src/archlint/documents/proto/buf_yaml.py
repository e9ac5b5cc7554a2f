"""Files by which buf is set: how they are read, and what is said alike in sections of ``buf.yaml``.

Source: https://buf.build/docs/configuration/v2/buf-yaml/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any

from archlint.files import FileProblem
from archlint.finding.records import dataclass


def load(path: str, read: Callable[[str], bytes]) -> dict[str, Any] | None:
    """What a file says; ``None`` if it cannot be read or says nothing by keys."""
    try:
        text = read(path)
    except FileProblem:
        return None
    import yaml

    try:
        loaded = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def texts(value: Any) -> list[str]:
    """The texts of a list; what is none has none."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is one of some folders or files, or lies in one."""
    return any(not folder or path == folder or path.startswith(f"{folder}/") for folder in folders)


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """Which rules a section asks for, and where."""

    used: frozenset[str]
    """Ids of the rules that are in force."""
    is_stated: bool
    """Whether there is such a section at all; if not, this is what buf does by itself."""
    ignored: tuple[str, ...] = ()
    """Files and folders of which nothing is to be told."""
    ignored_by_rule: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def asks(self, rule: str, *paths: str) -> bool:
        """Whether a rule is in force for something that is, or was, at some paths."""
        if rule not in self.used:
            return False
        ignored = (*self.ignored, *self.ignored_by_rule.get(rule, ()))
        return not ignored or not any(is_below(path, ignored) for path in paths)


def choice_in(
    section: Any, usual: str, known: Mapping[str, frozenset[str]], below: Callable[[str], str]
) -> RuleChoice:
    """What a section chooses among known rules, each with the names that it is chosen by; without a word of
    it the set ``usual``. ``below`` makes a path in it one from the root."""
    said = section if isinstance(section, dict) else {}
    used = {rule for name in texts(said.get("use")) or [usual] for rule in known.get(name, ())}
    used -= {rule for name in texts(said.get("except")) for rule in known.get(name, ())}
    only: dict[str, tuple[str, ...]] = {}
    by_rule = said.get("ignore_only")
    for name, paths in by_rule.items() if isinstance(by_rule, dict) else ():
        for rule in known.get(str(name), ()):
            only[rule] = (*only.get(rule, ()), *map(below, texts(paths)))
    return RuleChoice(
        used=frozenset(used),
        is_stated=isinstance(section, dict),
        ignored=tuple(map(below, texts(said.get("ignore")))),
        ignored_by_rule=only,
    )
