"""Build files: what a module is called, inherits and depends on.

Only what is put on the class path counts: no comment, no exclusion, nothing that is managed for others, and
no library of tests. Source: https://maven.apache.org/pom.html (``dependencies``, ``dependencyManagement``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename
from typing import Final

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.world import World

GRADLE_FILES: Final = ("build.gradle", "build.gradle.kts")
JVM_FILES: Final = ("pom.xml", *GRADLE_FILES)
"""What modules of Maven and Gradle are built by."""
LARGEST: Final = 500_000
"""Characters of a build file that is read."""
_DEEPEST = 50
_Value = tuple[str, int]
"""A text and where it begins."""
_COMMENT = regex(r"<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)")
_GRADLE = regex(r"\"[^\"\n]*+\"|'[^'\n]*+'|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)")
"""Matches texts and comments, of which either may hold the other."""
_TAG = regex(r"<(/?+)([A-Za-z_][\w.:-]*+)([^<>]*+)>")
_MODULE = ("project",)
_PARENT = ("project", "parent")
_DEPENDENCY = ("project", "dependencies", "dependency")


@dataclass(frozen=True)
class Artifact:
    """What a build file names by group and name."""

    group: str
    name: str
    start: int = 0
    """Where the name begins in the text."""

    def may_be(self, other: Artifact) -> bool:
        """Whether two are one: of the same name, and of the same group if both are known."""
        groups = {item.group for item in (self, other) if item.group and "${" not in item.group}
        return self.name == other.name and len(groups) < 2


@dataclass(frozen=True)
class Pom:
    """One build file."""

    own: Artifact
    parent: Artifact
    dependencies: tuple[Artifact, ...]


def poms(world: World) -> dict[str, Pom]:
    """The build files of Maven by path; ask with ``world.fact(poms)``."""
    texts = ((path, world.text(path) or "") for path in sorted(world.kinds) if basename(path) == "pom.xml")
    return {path: pom_of(text) for path, text in texts if text and len(text) <= LARGEST}


def pom_of(text: str) -> Pom:
    """A build file that is read as far as it can be."""
    own, parent = dict[str, _Value](), dict[str, _Value]()
    used: list[dict[str, _Value]] = []
    for path, value in _elements(without_comments(text)):
        if path == _DEPENDENCY and value is None:
            used.append({})
        if value is not None:
            around = path[:-1]
            found = own if around == _MODULE else parent if around == _PARENT else {}
            (used[-1] if around == _DEPENDENCY else found).setdefault(path[-1], value)
    above, called = _artifact(parent), _artifact(own)
    needed = (_artifact(item) for item in used if "scope" not in item or item["scope"][0] != "test")
    return Pom(
        Artifact(called.group or above.group, called.name),
        above,
        tuple(item for item in needed if item.name),
    )


def _artifact(values: dict[str, _Value]) -> Artifact:
    name, start = values.get("artifactId", ("", 0))
    return Artifact(values.get("groupId", ("", 0))[0], name, start)


def _elements(text: str) -> Iterator[tuple[tuple[str, ...], _Value | None]]:
    """The path of each element that begins, and again, with its text, of each that holds text alone."""
    around: list[str] = []
    opened = -1
    for tag in _TAG.finditer(text):
        closing, name, rest = tag.groups()
        if rest.endswith("/"):
            opened = -1
        elif not closing:
            if len(around) == _DEEPEST:
                return
            around.append(name)
            opened = tag.end()
            yield tuple(around), None
        else:
            if opened >= 0 and around[-1] == name:
                value = text[opened : tag.start()]
                yield tuple(around), (value.strip(), tag.start() - len(value.lstrip()))
            opened = -1
            if name in around:
                while around.pop() != name:
                    pass


def used_in_gradle(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Where a build file of Gradle matches, but for comments, what is left out, and what tests alone need."""
    code = _GRADLE.sub(lambda part: part[0] if part[0][0] in "\"'" else _blank(part), text)
    for match in pattern.finditer(code):
        line = code[code.rfind("\n", 0, match.start()) + 1 : match.start()].lstrip()
        if "exclude" not in line and not line.startswith("test"):
            yield match


def without_comments(text: str) -> str:
    """A text of XML whose comments are blank, so that each place in it stays what it was."""
    return _COMMENT.sub(_blank, text)


def _blank(part: re.Match[str]) -> str:
    return "".join("\n" if char == "\n" else " " for char in part[0])
