"""Files of evidence, and which reader each is for: a kind of evidence is a module of this package."""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from importlib import import_module
from typing import Protocol

from archlint.documents import Document, TextFile, load_text
from archlint.files import DEFAULT_LIMIT, FileProblem, FileTree, Kind, TextProblem, decode
from archlint.model.evidence.around import Around
from archlint.model.evidence.exchange import Exchange

_STRUCTURED = (".json", ".har", ".yaml", ".yml", ".postman_collection")


class EvidenceProblem(Exception):
    """Evidence that cannot be read; the text says why, without anything of what it holds."""


class EvidenceFile:
    """One file: its text, its data if it is JSON or YAML, and what of it is left out."""

    def __init__(self, path: str, text: str, around: Around | None = None) -> None:
        self.path = path
        self.text = text
        self.around = around or Around()
        """What lies around it, such as environments."""
        self.left_out: Counter[str] = Counter()
        """How many entries of it are not judged, by the reason."""

    @cached_property
    def source(self) -> TextFile:
        """The file as a source of places that are given as spans."""
        return TextFile(self.path)

    @cached_property
    def head(self) -> str:
        """The beginning, by which its kind is told."""
        return self.text[:4096]

    @cached_property
    def is_structured(self) -> bool:
        """Whether it may be JSON or YAML."""
        return self.path.lower().endswith(_STRUCTURED) or self.head.lstrip()[:1] == "{"

    @cached_property
    def document(self) -> Document | None:
        """Its data; ``None`` if it is neither JSON nor YAML. Raises ``EvidenceProblem`` if it is broken."""
        if not self.is_structured:
            return None
        is_json = self.head.lstrip()[:1] in ("{", "[")
        # the reader goes by the suffix, which evidence may not have
        name = "evidence.json" if is_json else "evidence.yaml"
        loaded = load_text(name, self.text, Kind.OPENAPI)
        if loaded.problems:
            span = loaded.problems[0].span
            where = f" at line {span.line}" if span else ""
            raise EvidenceProblem(f"is no valid {'JSON' if is_json else 'YAML'}{where}; it may be cut off")
        for document in loaded.documents:
            document.path = self.path
            return document
        return None


class Reader(Protocol):
    """What a module has that reads a kind of evidence."""

    def is_own(self, file: EvidenceFile) -> bool:
        """Whether a file is of this kind."""

    def exchanges(self, file: EvidenceFile) -> Iterator[Exchange]:
        """What the file tells, in its order."""


def open_evidence(tree: FileTree, path: str, around: Around | None = None) -> EvidenceFile:
    """A file of evidence; raises ``EvidenceProblem`` if it is no text or too large."""
    try:
        return EvidenceFile(path, decode(tree.read(path)), around)
    except TextProblem:
        raise EvidenceProblem("is no text in UTF-8") from None
    except FileProblem as problem:
        most = f"is larger than the {DEFAULT_LIMIT >> 20} MiB that are read of one file (split it)"
        is_large = problem.reason == "too-large"
        raise EvidenceProblem(most if is_large else f"cannot be read ({problem.reason})") from None


def reader_of(file: EvidenceFile, is_named: bool = True) -> Reader | None:
    """The reader of a file; ``None`` if it is no evidence that is known. Raises ``EvidenceProblem``.

    ``is_named``: whether the file is named itself, and does not only lie in a folder that is.
    """
    known = (reader for reader in readers() if is_named or not getattr(reader, "ONLY_NAMED", False))
    return next((reader for reader in known if reader.is_own(file)), None)


@cache
def readers() -> Sequence[Reader]:
    """The readers of all kinds, found by what their modules have."""
    package = import_module("archlint.model.evidence")
    modules = (import_module(f"{package.__name__}.{found.name}") for found in _modules(package.__path__))
    return tuple(module for module in modules if hasattr(module, "exchanges") and hasattr(module, "is_own"))


def _modules(path: Sequence[str]) -> list[pkgutil.ModuleInfo]:
    return sorted(pkgutil.iter_modules(path), key=lambda found: found.name)
