"""Path filters of workflows, held against what their jobs build.

Source: GitHub Docs, "Workflow syntax for GitHub Actions": ``paths`` starts a workflow for pushes of branches
if any file fits; ``*`` is any text without a slash, ``**`` any text, ``!`` takes files out, and the last
pattern that fits counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.runbooks.shell import simple_commands
from archlint.model.workflows.paths import WorkflowPath, known_path
from archlint.model.world import World

_SIMPLE = regex(r"!?[\w./*-]{1,200}")
"""Patterns of which every sign is understood."""
_PIECES = regex(r"\*\*/|\*\*|\*|[^*]+")
_MOST_STARS = 4
_MOST_FILES = 500
_LONGEST = 50_000


@dataclass(frozen=True, eq=False)
class FilteredBuild:
    """A folder that a workflow builds, and the filter that decides when it does."""

    filter: Node
    built: WorkflowPath
    files: tuple[str, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[FilteredBuild]:
        """Each folder once for each workflow with a filter."""
        seen: set[tuple[str, str]] = set()
        for built in filter(None, map(_build_of, world.all(WorkflowPath))):
            chosen = built.source.root.get("on", "push", "paths")
            key = (built.source.path, built.path)
            if chosen.is_list and built.path not in ("", ".") and key not in seen:
                seen.add(key)
                files = world.fact(_files_below).get(built.path, ())
                if files:
                    yield cls(chosen, built, tuple(files))

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.built.source

    @property
    def object(self) -> ObjectRef:
        """The job that builds."""
        return self.built.object

    @property
    def is_missed(self) -> bool:
        """Whether no change of any file of the folder starts the workflow."""
        patterns = [item.text or "" for item in self.filter.elements()]
        known = [_compiled(pattern) for pattern in patterns]
        if not patterns or None in known:
            return False
        rules = [
            (pattern.startswith("!"), form) for pattern, form in zip(patterns, known, strict=True) if form
        ]
        return not any(_fits(path, rules) for path in self.files)


def _build_of(named: WorkflowPath) -> WorkflowPath | None:
    """What an image is made of: a context, or what ``docker build`` is given in the folder that a step runs
    in; ``None`` for other paths, and where several things are built or it cannot be told what."""
    if named.what == "'context'":
        return named
    script = named.step.node.get("run").text or ""
    if named.what != "working-directory" or "docker" not in script or len(script) > _LONGEST:
        return None
    commands = [
        texts
        for line in script.replace("\\\n", " ").split("\n")
        for words in simple_commands(line)
        if (texts := [word.text for word in words])[0] in ("docker", "cd", "pushd")
    ]
    builds = [texts for texts in commands if texts[1:2] == ["build"] or texts[1:3] == ["buildx", "build"]]
    if len(builds) != 1 or any(texts[0] != "docker" for texts in commands):
        return None
    path = known_path(builds[0][-1], named.path)
    return None if path is None else replace(named, path=path)


def _fits(path: str, rules: Sequence[tuple[bool, re.Pattern[str]]]) -> bool:
    chosen = False
    for is_out, form in rules:
        if form.fullmatch(path):
            chosen = not is_out
    return chosen


def _compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern as an expression; ``None`` for one that is not understood."""
    if _SIMPLE.fullmatch(pattern) is None or pattern.count("*") > _MOST_STARS:
        return None
    made = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    pieces = _PIECES.findall(pattern.removeprefix("!"))
    return re.compile("".join(made.get(piece) or re.escape(piece) for piece in pieces))


def _files_below(world: World) -> Mapping[str, Sequence[str]]:
    """The files of each folder that something builds, up to a number; ask with ``world.fact``."""
    wanted = {item.path for item in map(_build_of, world.all(WorkflowPath)) if item is not None}
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(world.kinds) if wanted else ():
        above = path
        while "/" in above:
            above = above.rpartition("/")[0]
            if above in wanted and len(found[above]) < _MOST_FILES:
                found[above].append(path)
    return found
