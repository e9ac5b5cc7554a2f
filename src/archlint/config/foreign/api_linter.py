"""api-linter: a list of configurations, each of which puts rules on or off for some paths.

Source: https://linter.aip.dev/configuration. Of several that speak of a rule and a path the last one counts,
and what a configuration enables wins over what it disables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from archlint.config.errors import ConfigurationError
from archlint.config.foreign.patterns import UnusablePattern, as_patterns
from archlint.config.foreign.source import ForeignFile
from archlint.config.foreign.translation import NO_RULE, Suppression, Translation
from archlint.finding.records import dataclass

TOOL = "api-linter"
FILES = (
    *(".api-linter.yaml", ".api-linter.yml", ".api-linter.json"),
    *("api-linter.yaml", "api-linter.yml", "api-linter.json", "api_linter.yaml", "api_linter.json"),
)
_KEYS = frozenset(("included_paths", "excluded_paths", "enabled_rules", "disabled_rules"))
_ALL = "tag:preset:aip"
_WILD = frozenset("*?]}")
_ALL_FILES = ("**/*.proto",)
_REASON = "off in the configuration of api-linter"
_LATER = "it changes for other paths what a configuration above it says; write that as 'suppress' yourself"


@dataclass(frozen=True, eq=False)
class _Where:
    """Where a rule is off, as patterns of which the last one that matches counts."""

    before: _Where | None
    """To what these are added; many rules share a beginning."""
    added: tuple[str, ...]

    def patterns(self) -> list[str]:
        """All patterns."""
        parts: list[tuple[str, ...]] = []
        where: _Where | None = self
        while where is not None:
            parts.append(where.added)
            where = where.before
        return [pattern for part in reversed(parts) for pattern in part]


_NOWHERE, _EVERYWHERE = _Where(None, ()), _Where(None, _ALL_FILES)


class _Entry:
    """One configuration: where it holds, as patterns, and which rules it names."""

    def __init__(
        self, number: int, paths: tuple[Sequence[str], Sequence[str]], rules: tuple[list[str], list[str]]
    ) -> None:
        """``paths`` are those that are included and excluded, ``rules`` those that are on and off."""
        self.number = number
        self.enabled, self.disabled = rules
        self._included, self._excluded = paths[0] or _ALL_FILES, paths[1]
        self._is_everywhere = not paths[0] and not paths[1]

    def off_also(self, where: _Where) -> _Where | None:
        """Where a rule is off that was off somewhere; ``None`` if paths are left out of which nobody can say
        so by a pattern."""
        if self._is_everywhere:
            return _EVERYWHERE
        if self._excluded and where is not _NOWHERE:
            return None
        return self._after(where, (*self._included, *(f"!{pattern}" for pattern in self._excluded)))

    def on_again(self, where: _Where) -> _Where | None:
        """Where it is off still; ``None`` likewise."""
        if self._is_everywhere or where is _NOWHERE:
            return _NOWHERE
        if self._excluded and where is not _EVERYWHERE:
            return None
        return self._after(where, (*(f"!{pattern}" for pattern in self._included), *self._excluded))

    def _after(self, where: _Where, added: tuple[str, ...]) -> _Where:
        return _Where(None if where is _NOWHERE else where, added)


def is_own(source: ForeignFile) -> bool:
    """Whether a file is a list of maps with the keys of api-linter."""
    data = source.data
    return (
        isinstance(data, list)
        and bool(data)
        and all(isinstance(item, dict) and item and _KEYS.issuperset(item) for item in data)
    )


def rule_names(check: str) -> Sequence[str]:
    """How rule pages call a rule."""
    return (f"{TOOL}:{check}",)


def translate(source: ForeignFile, into: Translation) -> None:
    """Tell that all rules are on, as they are in api-linter, and where which of them are off."""
    names = [name.removeprefix(f"{TOOL}:") for name in into.names_beginning(f"{TOOL}:")]
    meant = cache(lambda word: frozenset(name for name in names if _is_meant(word, name)))
    into.sets[_ALL] = None
    groups: dict[_Where, frozenset[str]] = {_NOWHERE: frozenset(names)}
    for entry in _entries(source, into):
        for word in (*entry.disabled, *entry.enabled):
            if not meant(word):
                into.lose(f"rule '{word}'", NO_RULE)
        enabled = frozenset[str]().union(*map(meant, entry.enabled))
        disabled = frozenset[str]().union(*map(meant, entry.disabled)) - enabled
        later: dict[_Where, frozenset[str]] = {}
        for where, members in groups.items():
            for part, after in (
                (members - enabled - disabled, lambda where: where),
                (members & disabled, entry.off_also),
                (members & enabled, entry.on_again),
            ):
                narrowed = after(where) if part else where
                if narrowed is None:
                    into.lose(f"configuration {entry.number}", _LATER)
                    narrowed = where
                later[narrowed] = later.get(narrowed, frozenset()) | part
        groups = {where: members for where, members in later.items() if members}
    for where, members in sorted(groups.items(), key=lambda group: min(group[1])):
        rules = [f"{TOOL}:{name}" for name in sorted(members)]
        if where is _EVERYWHERE:
            into.names_off.update(dict.fromkeys(rules))
        elif where is not _NOWHERE:
            into.suppress.append(Suppression(tuple(rules), tuple(where.patterns()), (), _REASON))


def _entries(source: ForeignFile, into: Translation) -> Iterator[_Entry]:
    for number, item in enumerate(source.entries, 1):
        if not isinstance(item, dict):
            raise ConfigurationError([f"{source.name}: configuration {number} is not a map of settings"])
        for key in sorted(map(str, item.keys() - _KEYS)):
            into.lose(f"key '{key}'", "api-linter has no such key")
        paths = _texts(item.get("included_paths"))
        included = tuple(_patterns(paths, into))
        if paths and not included:
            continue  # what it says holds for no path of the repository
        excluded = tuple(_patterns(_texts(item.get("excluded_paths")), into))
        rules = _texts(item.get("enabled_rules")), _texts(item.get("disabled_rules"))
        yield _Entry(number, (included, excluded), rules)


def _patterns(globs: Sequence[str], into: Translation) -> Iterator[str]:
    """Patterns for paths as they are given to api-linter, which is run in whatever folder; what begins with
    ``*`` means files of that folder alone, which is taken for the root."""
    for glob in dict.fromkeys(globs):
        try:
            if not glob.endswith(".proto") and _WILD.isdisjoint(glob.rpartition("/")[2]):
                raise UnusablePattern("it names a folder, and api-linter asks for whole paths of files")
            is_below = glob.startswith(("*", "/", "~"))
            yield from as_patterns(_of_files(glob if is_below else f"**/{glob}"))
        except UnusablePattern as problem:
            into.lose(f"path '{glob}'", str(problem))


def _of_files(glob: str) -> str:
    """A glob that names no folders, as what is below a folder that is left out cannot be taken back."""
    if glob.endswith("**"):
        return f"{glob}/*.proto"
    return f"{glob}.proto" if glob.endswith("*") else glob


def _is_meant(word: str, name: str) -> bool:
    """Whether a word of a configuration means a rule: its name, some parts of it from one end, or one in the
    middle."""
    parts = word.lower().removesuffix("::").removeprefix("::")
    return parts == "all" or f"::{parts}::" in f"::{name}::"


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
