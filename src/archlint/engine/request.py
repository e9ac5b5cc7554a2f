"""What a run is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.config import Settings
from archlint.files import FileTree, GitTree
from archlint.files.tree import is_inside
from archlint.finding import Notice, Rule, Unread
from archlint.finding.records import dataclass
from archlint.judging.asked import Asked
from archlint.judging.baseline import Baseline
from archlint.registry import Registry

if TYPE_CHECKING:
    from archlint.judging.marks import Mark


@dataclass(frozen=True, slots=True)
class Side:
    """One revision of what is checked: a tree and the paths in it."""

    tree: FileTree
    paths: tuple[str, ...]
    named: frozenset[str] = frozenset()
    """Those that a path of the command line names itself."""
    asked: tuple[str, ...] = ("",)
    """The folders and files that were asked for; the empty text is the root."""


def covers_everything(path: str) -> bool:
    """The scope of a run over the whole repository."""
    return True


def alone() -> None:
    """The repository of what is compared by itself: none."""


Progress = Callable[[str, int, int], None]
"""Takes note of what is done now, how many parts of it are done, and of how many (0: it has no parts)."""


def silent(stage: str, done: int, of: int) -> None:
    """Where nobody asks what is done."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, with which rules."""

    revision: Side
    root: str
    registry: Registry
    rules: tuple[Rule, ...]
    """The rules in force."""
    settings: Settings
    today: date
    covers: Callable[[str], bool] = covers_everything
    """Whether a file of this path is read because of the named paths, or would be if it existed."""
    lies_below: Callable[[str], bool] = covers_everything
    """Whether a path lies below the named paths, excluded files included: these decide what is reported."""
    whole: bool = True
    """Whether the named paths are the whole repository."""
    sees_all: bool = True
    """Whether joins see the whole repository, so that what they do not find is not there."""
    on_request: tuple[Rule, ...] = ()
    """Rules that are not in force and that an object may turn on for itself."""
    repository: Callable[[], Side | None] = alone
    """The repository around the revision of a contract, where whom a change breaks may be found."""
    base: Side | None = None
    """The older side; rules that judge changes run only if there is one."""
    base_commit: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    """Paths of the revision and what they were called at the base."""
    names_pairs: bool = False
    """Whether somebody named these pairs, and it is not git that takes files for renamed."""
    earlier: Callable[[], Iterable[tuple[str, Side]]] = tuple
    """The versions before the base against which events are compared too, each with its name; the newest
    first."""
    new_only: bool = False
    baseline: Baseline = field(default_factory=Baseline)
    trusts: Callable[[Mark], bool] | None = None
    """Which suppressions in files count; ``None`` for all, and the remarks for other tools as well."""
    keep: Callable[[Baseline], None] | None = None
    """Report nothing, and give this the baseline that knows all findings."""
    kube_score: str | None = None
    """The program to ask as well, if a flag names it."""
    helm: str | None = None
    """The program that renders charts, if a flag or the environment names it."""
    schema_folders: tuple[tuple[str, Path], ...] = ()
    """Folders with schemas of custom resources, each with the name by which findings call it."""
    jobs: int | None = None
    cache_folder: Path | None = None
    notices: tuple[Notice, ...] = ()
    unread: tuple[Unread, ...] = ()
    """What listing the files already left out."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Commit, branch and repository of the revision, where a report wants them."""
    progress: Progress = silent

    @property
    def asked(self) -> Asked:
        """Which findings of the rules in force are asked for."""
        settings = self.settings
        return self.registry.asked(settings.profile, settings.select, settings.ignore)

    def has_file(self, path: str) -> bool:
        """Whether a path, such as one of the baseline, is a file below the root."""
        tree = self.revision.tree
        if isinstance(tree, GitTree):
            return path in tree
        return is_inside(path) and (Path(self.root) / path).is_file()
