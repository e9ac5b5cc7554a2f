"""The paths of a contract by their segments, so that asking for one costs no look at all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from archlint.finding.records import dataclass
from archlint.model.exposure.path_matches import Mode, PathMatch, Segments


@dataclass(eq=False)
class PathTree:
    """What begins with some segments; ``first`` is the lowest number of a path among these."""

    first: int
    is_end: bool = False
    """Whether a path has no more segments."""
    below: dict[str | None, PathTree] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Sequence[Segments]) -> PathTree:
        """The tree of some paths, numbered by their order."""
        root = cls(0)
        for number, path in enumerate(paths):
            here = root
            for segment in path:
                here = here.below.setdefault(segment, cls(number))
            here.is_end = True
        return root

    def takes(self, match: PathMatch) -> bool:
        """Whether a path may be among those of a match. What follows a parameter at the end of a path is
        taken for part of it, as servers read paths of files."""
        parts, begun = match.parts, match.begun
        waiting: list[tuple[PathTree, int, bool]] = [(self, 0, False)]
        while waiting:
            here, depth, is_parameter = waiting.pop()
            if depth == len(parts):
                if here._continues(match.mode, begun):
                    return True
            elif here.is_end and is_parameter:
                return True
            else:
                waiting += [
                    (here.below[key], depth + 1, key is None)
                    for key in {parts[depth], None}
                    if key in here.below
                ]
        return False

    def _continues(self, mode: Mode, begun: str) -> bool:
        if mode is Mode.EXACT:
            return self.is_end
        if not begun:
            return self.is_end or bool(self.below)
        return any(key is None or key.startswith(begun) for key in self.below)

    def deepest(self, wanted: Segments) -> tuple[int, list[PathTree]]:
        """How many first segments of a path are known, and what begins with these."""
        level, depth = [self], 0
        while depth < len(wanted):
            keys = {wanted[depth], None}
            following = [here.below[key] for here in level for key in keys if key in here.below]
            if not following:
                break
            level, depth = following, depth + 1
        return depth, level
