"""Proto files of a revision as compiled sources, and what went wrong on the way.

What compiles them is imported only when there is something to compile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping

from archlint.documents.document import ParseProblem
from archlint.documents.proto.source import ProtoFile
from archlint.files import FileTree
from archlint.finding import Span, Unread
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class LoadedProtos:
    """What the proto files of a revision gave, both by path."""

    files: tuple[ProtoFile, ...] = ()
    problems: tuple[ParseProblem, ...] = ()
    unread: tuple[Unread, ...] = ()
    """What is part of their settings and was not read or run."""


def load_protos(
    tree: FileTree,
    paths: Iterable[str],
    store: MutableMapping[str, bytes] | None = None,
    look: Callable[[ProtoFile], object] = lambda file: None,
) -> LoadedProtos:
    """Compile proto files. Files of the tree beside them are read if an import names them. Starts a child
    process if there is anything to compile; what ``store`` has from an earlier run is not compiled again.

    ``look`` is given each file that is compiled as soon as it is, while others may still be at work.
    """
    chosen = sorted(paths)
    if not chosen:
        return LoadedProtos()
    from archlint.documents.proto.image import ImageTree

    if isinstance(tree, ImageTree):
        files = tuple(tree.protos())
        for file in files:
            look(file)
        return LoadedProtos(files)
    from archlint.documents.proto.assembly import Assembly
    from archlint.documents.proto.kept import Keeper
    from archlint.documents.proto.links import Linker

    linker = Linker(tree, chosen)
    assembly = Assembly(linker, tree.revision, Keeper(store, linker.pinned_roots), look)
    assembly.compile()
    files = tuple(sorted(assembly.files, key=lambda file: file.path))
    problems = sorted([*linker.problems, *assembly.problems], key=_order)
    return LoadedProtos(files, tuple(problems), tuple(linker.unread()))


def _order(problem: ParseProblem) -> tuple[object, ...]:
    span = problem.span or Span(0, 0, 0, 0)
    return (problem.path, span.line, span.column, problem.message)
