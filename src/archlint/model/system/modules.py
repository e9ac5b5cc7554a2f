"""Modules of one repository that are built into each other: what a module uses, its users run.

Sources: Maven (``parent``, ``dependencies``), Gradle (``project(":name")``), .NET (``ProjectReference``).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from posixpath import basename, dirname, join, normpath

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.system.build_files import (
    GRADLE_FILES,
    LARGEST,
    Artifact,
    Pom,
    poms,
    used_in_gradle,
    without_comments,
)
from archlint.model.system.folders import named_folder, source_folders
from archlint.model.world import World

_DEEPEST = 8
_PROJECT = regex(r"\bproject\s*\(\s*(?:path\s*[:=]\s*)?[\"']:([\w.:-]{1,200})[\"']")
_REFERENCE = regex(r"<ProjectReference\s[^>]{0,200}?Include\s*=\s*\"([^\"]{1,300})\"")


@dataclass(frozen=True)
class Modules:
    """Which folders of source are built into which."""

    used: dict[str, tuple[str, ...]]
    """By the path of a folder: those whose build it inherits, and those that it depends on."""
    users: dict[str, tuple[str, ...]]
    """By the path of a folder: those that depend on it."""

    def all_used(self, path: str) -> Iterator[str]:
        """The folders that one is built of, without itself, the nearest first."""
        return _reached(self.used, path)

    def all_users(self, path: str) -> Iterator[str]:
        """The folders that one is built into, the nearest first."""
        return _reached(self.users, path)


def _reached(steps: dict[str, tuple[str, ...]], path: str) -> Iterator[str]:
    seen, nearest = {path}, [path]
    for _ in range(_DEEPEST):
        nearest = [item for each in nearest for item in steps.get(each, ()) if item not in seen]
        nearest = list(dict.fromkeys(nearest))
        seen.update(nearest)
        yield from nearest


def modules(world: World) -> Modules:
    """The modules of a world; ask with ``world.fact(modules)``."""
    folders = world.fact(source_folders).by_path
    inherited: dict[str, list[str]] = {}
    needed: dict[str, list[str]] = {}
    for path in sorted(world.kinds):
        name, folder = basename(path), named_folder(dirname(path))
        is_wanted = name in GRADLE_FILES or name.endswith(".csproj")
        text = (world.text(path) or "") if is_wanted and folder in folders else ""
        if not text or len(text) > LARGEST:
            continue
        if name.endswith(".csproj"):
            needed.setdefault(folder, []).extend(_referenced(path, text))
        else:
            needed.setdefault(folder, []).extend(
                each
                for found in used_in_gradle(text, _PROJECT)
                for each in _projects(found[1], path, folders)
            )
    homes = _Homes({named_folder(dirname(path)): pom for path, pom in world.fact(poms).items()}, folders)
    for folder, pom in homes.poms.items():
        inherited[folder] = homes.of(pom.parent)
        needed[folder] = [home for item in pom.dependencies for home in homes.of(item)]
    used = {folder: [*inherited.get(folder, ()), *needed.get(folder, ())] for folder in {*inherited, *needed}}
    users: dict[str, list[str]] = {}
    for folder in sorted(needed):
        for other in needed[folder]:
            if other != folder:
                users.setdefault(other, []).append(folder)
    return Modules(_without_doubles(used), _without_doubles(users))


def _without_doubles(found: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {folder: tuple(dict.fromkeys(others)) for folder, others in found.items()}


class _Homes:
    """Which folder each module of Maven is in."""

    def __init__(self, found: Mapping[str, Pom], folders: Container[str]) -> None:
        self.poms = {folder: pom for folder, pom in found.items() if folder in folders}
        self._named: dict[str, list[tuple[Artifact, str]]] = {}
        for folder, pom in self.poms.items():
            self._named.setdefault(pom.own.name, []).append((pom.own, folder))

    def of(self, wanted: Artifact) -> list[str]:
        """The first folder whose module an artifact may be, if it has a name."""
        known = self._named.get(wanted.name, []) if wanted.name else []
        return [folder for own, folder in known if own.may_be(wanted)][:1]


def _projects(found: str, path: str, folders: Container[str]) -> Iterator[str]:
    """The folder that a path of Gradle's means: from the root of the build, which holds the asking one."""
    wanted = found.replace(":", "/")
    here = dirname(path)
    while here:
        here = dirname(here)
        if join(here, wanted) in folders:
            yield join(here, wanted)
            return


def _referenced(path: str, text: str) -> Iterator[str]:
    for found in _REFERENCE.findall(without_comments(text)):
        yield named_folder(dirname(normpath(join(dirname(path), found.replace("\\", "/")))))
