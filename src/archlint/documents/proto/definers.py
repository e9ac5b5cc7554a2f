"""Which proto files define a type, as far as a glance at their texts tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from archlint.documents.proto.groups import LinkedFile
from archlint.documents.proto.statements import defined_names, package_of


class Definers:
    """The files of a world by what they define; only those are looked into whose package is asked for."""

    def __init__(self, files: Mapping[str, LinkedFile]) -> None:
        self._files = files
        self._names: dict[str, dict[str, str]] = {}

    def by(self, name: str) -> str | None:
        """The first file, by path, that defines a type, or one that a type is nested in."""
        parts = name.split(".")
        for at in range(len(parts)):
            known = self._known_in(".".join(parts[:at]))
            found = known.get(".".join(parts[: at + 1]))
            if found is not None:
                return found
        return None

    @cached_property
    def _packages(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._files):
            found[package_of(self._files[path].text)].append(path)
        return dict(found)

    def _known_in(self, package: str) -> Mapping[str, str]:
        if package not in self._names:
            known: dict[str, str] = {}
            for path in self._packages.get(package, ()):
                for name in defined_names(self._files[path].text):
                    known.setdefault(name, path)
            self._names[package] = known
        return self._names[package]
