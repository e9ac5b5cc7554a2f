"""Values that a repository states for a chart in it: what is said by whoever deploys the chart, and the files
that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from posixpath import join as join_path
from posixpath import normpath

from archlint.documents import Document
from archlint.documents.charts.chart import Charts
from archlint.documents.charts.given_values import Layers, ValuesFault
from archlint.documents.kustomize.values import Origin, Value
from archlint.files import FileProblem, NoSuchFile, TextProblem, decode
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.submodules import may_be_in_submodule
from archlint.model.world import World

_MOST_FILES = 200
_MOST_SETTINGS = 2000
_COMMA = regex(r"(?<!\\),")


@dataclass(frozen=True, slots=True)
class Stated:
    """One release of a chart, as something in the repository states it."""

    label: str
    """What messages call who states it: ``Application cart``."""
    path: str
    """The file that it is written in."""
    values: Value | None
    release: str
    namespace: str | None
    files: tuple[str, ...] = ()
    """Files of values that take part."""
    faults: tuple[ValuesFault, ...] = ()
    unknown: tuple[str, ...] = ()
    """What of it is not here."""
    has_variables: bool = False
    """Whether a ``${NAME}`` in it stands for a value that nobody knows here."""
    is_without_own: bool = False
    """Whether the chart's own values do not count."""
    version: str = ""
    """Of Kubernetes, if it is stated."""
    apis: tuple[str, ...] = ()
    has_crds: bool = True
    finish: Value | None = None
    """The ``spec`` that says what is changed in what is rendered."""


@dataclass(frozen=True, slots=True)
class ChartUse:
    """Something that deploys a chart from a folder, which may be one of another repository."""

    source: str
    """What it names as the place of the folder: a URL, or a source object of Flux."""
    folder: str
    path: str
    """The file that it is written in."""
    read: Callable[[ValueFiles], Stated]
    claims: tuple[tuple[str, str], ...] = ()
    """Sources and files of values that it names in them."""
    is_sure: bool = True
    """Whether it is said as it is deployed; else it may be said otherwise where that is."""


class ValueFiles:
    """The files of values of a world, for those who name them."""

    def __init__(self, world: World, charts: Charts, sources: Iterable[str]) -> None:
        """``sources`` are those that are taken for this repository."""
        self._world = world
        self._charts = charts
        self.sources = frozenset(sources)
        self.paths = world.kinds

    def add(
        self, layers: Layers, path: str, asked: Origin, *, may_be_missing: bool = False, is_kept: bool = True
    ) -> None:
        """Put a file of values over others; ``is_kept`` tells that it has to be in the repository."""
        if "://" in path:
            layers.unknown.append(f"'{path}' is not in this repository")
            return
        if len(layers.files) >= _MOST_FILES:
            layers.unknown.append(f"it names more than {_MOST_FILES} files of values")
            return
        found = normpath(path)
        text = self.text(layers, found, asked, may_be_missing=may_be_missing, is_kept=is_kept)
        if text is None:
            return
        document = self._charts.document(found)
        if document is None and self._charts.says_something(found):
            layers.fault(asked, f"'{found}' is no file of values that can be read")
        else:
            layers.add_file(document, found, asked)

    def text(
        self, layers: Layers, path: str, asked: Origin, *, may_be_missing: bool = False, is_kept: bool = True
    ) -> str | None:
        """The text of a file that somebody names; notes why there is none."""
        if path.startswith(("/", "../")) or path in ("..", "."):
            layers.fault(asked, f"'{path}' leads out of the repository")
            return None
        try:
            return decode(self._world.tree.read(path))
        except NoSuchFile:
            if may_be_missing:
                return None
            if is_kept and not may_be_in_submodule(self._world, path):
                layers.fault(asked, f"there is no file '{path}'")
            else:
                layers.unknown.append(f"'{path}' is not here")
        except (FileProblem, TextProblem) as problem:
            if path in self._world.tree.absent:
                layers.unknown.append(f"'{path}' is not here")
            else:
                layers.fault(asked, f"'{path}' cannot be read. {problem.message}")
        except (OSError, ValueError):
            layers.fault(asked, f"'{path}' cannot be read")
        return None

    def document(self, path: str) -> Document | None:
        """What a file says, if it is there."""
        return self._charts.document(path)


def settings_of(layers: Layers, entries: list[Value]) -> list[Value]:
    """Single settings, as many as are followed."""
    if len(entries) > _MOST_SETTINGS:
        layers.unknown.append(f"it has more than {_MOST_SETTINGS} parameters")
    return entries[:_MOST_SETTINGS]


def with_commas(text: str) -> str:
    """A value of ``--set`` in which commas part nothing."""
    return _COMMA.sub(r"\\,", text)


def below(folder: str, path: str) -> str:
    """A path that is named in a folder; one that begins with a slash is named from the root."""
    return normpath(path.lstrip("/") if path.startswith("/") else join_path(folder, path))
