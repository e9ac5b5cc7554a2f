"""Modules of one repository that are built into each other: what a module uses, its users run.

Sources: Maven (``parent``, ``dependencies``), Gradle (``project(":name")``), .NET (``ProjectReference``).
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from posixpath import basename, dirname, join, normpath

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.system.folders import named_folder, source_folders
from archlint.model.world import World

_LARGEST = 500_000
_DEEPEST = 8
_ARTIFACT = regex(r"<artifactId>\s*([\w.-]{1,200})\s*</artifactId>")
_PARTS = regex(r"<(parent|dependencyManagement|dependencies|build|profiles|plugins|reporting)>")
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
    poms: dict[str, _Pom] = {}
    for path in sorted(world.kinds):
        name, folder = basename(path), named_folder(dirname(path))
        is_wanted = name in ("pom.xml", "build.gradle", "build.gradle.kts") or name.endswith(".csproj")
        text = (world.text(path) or "") if is_wanted and folder in folders else ""
        if not text or len(text) > _LARGEST:
            continue
        if name == "pom.xml":
            poms[folder] = _Pom(text)
        elif name.endswith(".csproj"):
            needed.setdefault(folder, []).extend(_referenced(path, text))
        else:
            needed.setdefault(folder, []).extend(
                each for found in _PROJECT.findall(text) for each in _projects(found, path, folders)
            )
    homes = {pom.own: folder for folder, pom in reversed(poms.items()) if pom.own}
    for folder, pom in poms.items():
        inherited[folder] = [homes[pom.parent]] if pom.parent in homes else []
        needed[folder] = [homes[name] for name in pom.needed if name in homes]
    used = {folder: [*inherited.get(folder, ()), *needed.get(folder, ())] for folder in {*inherited, *needed}}
    users: dict[str, list[str]] = {}
    for folder in sorted(needed):
        for other in needed[folder]:
            if other != folder:
                users.setdefault(other, []).append(folder)
    return Modules(_without_doubles(used), _without_doubles(users))


def _without_doubles(found: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {folder: tuple(dict.fromkeys(others)) for folder, others in found.items()}


class _Pom:
    """What a build file of Maven is called, inherits and needs."""

    def __init__(self, text: str) -> None:
        self.parent, self.needed = "", list[str]()
        own: list[str] = []
        at = 0
        while True:
            part = _PARTS.search(text, at)
            end = part.start() if part else len(text)
            own += _ARTIFACT.findall(text[at:end])
            if part is None:
                break
            closing = text.find(f"</{part[1]}>", part.end())
            at = closing if closing >= 0 else len(text)
            names = _ARTIFACT.findall(text[part.end() : at])
            if part[1] == "parent":
                self.parent = next(iter(names), "")
            elif part[1] == "dependencies":
                self.needed += names
        self.own = next(iter(own), "")


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
    for found in _REFERENCE.findall(text):
        yield named_folder(dirname(normpath(join(dirname(path), found.replace("\\", "/")))))
