"""From a set of files to a world: each file decoded, its kind found, its documents and problems kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from posixpath import splitext

from archlint.documents import Document, DuplicateKey, Loaded, ParseProblem, load_text
from archlint.files import (
    TEMPLATE_LINE,
    FileProblem,
    FileTree,
    Kind,
    TextProblem,
    chart_folders,
    decode,
    path_kind,
    text_kind,
)
from archlint.finding import Span
from archlint.model.world import World

_STRUCTURED = frozenset({".yaml", ".yml", ".json"})
CONTRACTS = frozenset({Kind.OPENAPI, Kind.PROTO})
"""The kinds of file that are compared with their older selves."""


class Reader:
    """Reads files of one tree and gathers what goes wrong on the way."""

    def __init__(self, tree: FileTree, named: Collection[str], only: Collection[Kind] | None) -> None:
        self._tree = tree
        self._named = named
        self._only = only
        self.kinds: dict[str, Kind] = {}
        self.documents: dict[str, tuple[Document, ...]] = {}
        self.problems: list[ParseProblem] = []
        self.duplicates: list[DuplicateKey] = []

    def read(self, path: str, known: Kind | None) -> None:
        """Read one file of the world; ``known`` is its kind if its name tells it."""
        is_structured = splitext(path)[1].lower() in _STRUCTURED or known is Kind.KUSTOMIZATION
        if known is Kind.CHART_TEMPLATE or not is_structured:
            self.kinds[path] = known or Kind.OTHER
            return
        loaded = self.load(path, known)
        self.documents[path] = loaded.documents
        self.problems.extend(loaded.problems)
        self.duplicates.extend(loaded.duplicates)

    def load(self, path: str, known: Kind | None = None) -> Loaded:
        """The documents of one YAML or JSON file, and its problems."""
        try:
            text = decode(self._tree.read(path))
        except TextProblem as problem:
            span = Span(problem.line, problem.column, problem.line, problem.column + 1)
            return self._unreadable(path, known, ParseProblem(path, problem.message, span))
        except FileProblem as problem:
            return self._unreadable(path, known, ParseProblem(path, problem.message))
        kind = self.kinds.setdefault(path, known or text_kind(text, path.lower().endswith(".json")))
        if self._only is not None and kind not in self._only:
            return Loaded()
        loaded = load_text(path, text, kind, revision=self._tree.revision)
        if loaded.problems and path not in self._named and TEMPLATE_LINE.search(text):
            # Text that a template engine renders first is no YAML, and is not meant to be.
            self.kinds[path] = Kind.OTHER
            return Loaded()
        return loaded

    def _unreadable(self, path: str, known: Kind | None, problem: ParseProblem) -> Loaded:
        self.kinds.setdefault(path, known or Kind.DATA)
        return Loaded(problems=(problem,))


def read_world(
    tree: FileTree,
    paths: Sequence[str],
    named: frozenset[str] = frozenset(),
    *,
    only: Collection[Kind] | None = None,
) -> World:
    """Everything that the given files say; with ``only``, structured files of other kinds stay unread."""
    reader = Reader(tree, named, only)
    charts = chart_folders(paths)
    for path in paths:
        reader.read(path, path_kind(path, charts))
    return World(
        tree,
        reader.kinds,
        reader.documents,
        load=lambda path: reader.load(path).documents,
        problems=reader.problems,
        duplicates=reader.duplicates,
        named=named,
    )
