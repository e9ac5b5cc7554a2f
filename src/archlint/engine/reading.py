"""From a set of files to a world: each file decoded, its kind found, its documents and problems kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from archlint.documents import Document, DuplicateKey, Loaded, ParseProblem, load_text
from archlint.files import FileProblem, FileTree, Kind, TextProblem, chart_folders, decode, path_kind, text_kind
from archlint.finding import Span
from archlint.model.world import World

_STRUCTURED = frozenset({".yaml", ".yml", ".json"})
UNPARSED = frozenset({Kind.CHART_TEMPLATE})
"""Kinds that look like YAML by name and are none."""


class Reader:
    """Reads files of one tree and gathers what goes wrong on the way."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self.kinds: dict[str, Kind] = {}
        self.documents: dict[str, tuple[Document, ...]] = {}
        self.problems: list[ParseProblem] = []
        self.duplicates: list[DuplicateKey] = []

    def read(self, path: str, known: Kind | None) -> None:
        """Read one file of the world; ``known`` is its kind if its name tells it."""
        if known is not None:
            self.kinds[path] = known
        if known in UNPARSED or PurePosixPath(path).suffix.lower() not in _STRUCTURED:
            self.kinds.setdefault(path, Kind.OTHER)
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
            return Loaded(problems=(ParseProblem(path, problem.message, span),))
        except FileProblem as problem:
            return Loaded(problems=(ParseProblem(path, problem.message),))
        kind = known or text_kind(text, path.lower().endswith(".json"))
        self.kinds.setdefault(path, kind)
        return load_text(path, text, kind, revision=self._tree.revision)


def read_world(tree: FileTree, paths: Sequence[str], named: frozenset[str] = frozenset()) -> World:
    """Everything that the given files say."""
    reader = Reader(tree)
    charts = chart_folders(paths)
    known = {path: path_kind(path, charts) for path in paths}
    for path in paths:
        reader.read(path, known[path])
    return World(
        tree,
        reader.kinds,
        reader.documents,
        load=lambda path: reader.load(path).documents,
        problems=reader.problems,
        duplicates=reader.duplicates,
        named=named,
    )
