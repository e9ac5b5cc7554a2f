"""Path filters of workflows, held against what their jobs build.

Source: GitHub Docs, "Workflow syntax for GitHub Actions": ``paths`` starts a workflow for pushes of branches
if any file fits; ``*`` is any text without a slash, ``**`` any text, ``!`` takes files out, and the last
pattern that fits counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.workflows.paths import WorkflowPath
from archlint.model.world import World

_SIMPLE = regex(r"!?[\w./*-]{1,200}")
"""Patterns of which every sign is understood."""
_PIECES = regex(r"\*\*/|\*\*|\*|[^*]+")
_MOST_STARS = 4
_MOST_FILES = 500


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
        for built in world.all(WorkflowPath):
            chosen = built.source.root.get("on", "push", "paths")
            key = (built.source.path, built.path)
            if chosen.is_list and built.path not in ("", ".") and _is_build(built) and key not in seen:
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


def _is_build(built: WorkflowPath) -> bool:
    """Whether a path is what an image is made of: a context, or the folder that a build runs in."""
    if built.what == "'context'":
        return True
    script = built.step.node.get("run").text or ""
    return built.what == "working-directory" and ("docker build" in script or "docker buildx" in script)


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
    wanted = {item.path for item in world.all(WorkflowPath) if _is_build(item)}
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(world.kinds) if wanted else ():
        above = path
        while "/" in above:
            above = above.rpartition("/")[0]
            if above in wanted and len(found[above]) < _MOST_FILES:
                found[above].append(path)
    return found
