"""The files that kustomizations name, as documents and bytes, read once each.

Only files below the root of a kustomization are read, as kustomize itself demands, and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from posixpath import join as join_path
from posixpath import normpath
from typing import Any

from archlint.documents.document import Document
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.values import (
    Origin,
    Value,
    from_document,
    made,
    object_of,
    plain,
    root_of,
)
from archlint.documents.load import Loaded, load_text
from archlint.documents.node import Node
from archlint.files import FileProblem, FileTree, Kind, TextProblem, decode
from archlint.files.submodules import submodule_of, unfilled_submodules
from archlint.finding import Edit, Fix, Place, Route, Span, Token
from archlint.finding.regex import regex

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_REMOTE = regex(r"(?i)(?:git::)?(?:(?:https?|ssh|file)://|github\.com[/:]|[a-z][a-z0-9-]*@[^/]+[:/]|git@)")
Read = Callable[[str], Loaded]


def is_remote(name: str) -> bool:
    """Whether kustomize would fetch what is named."""
    return _REMOTE.match(name) is not None


class Sources:
    """The files of a tree."""

    def __init__(self, tree: FileTree, read: Read | None = None) -> None:
        """``read`` gives what has been read already."""
        self._tree = tree
        self._read = read
        self._documents: dict[str, Loaded] = {}
        self._inline: dict[tuple[int, Route], tuple[Any, Loaded]] = {}
        self._bytes: dict[str, bytes | None] = {}
        self._listed = frozenset(tree.paths())
        self._folders = {
            path[:at] for path in self._listed for at, sign in enumerate(path) if sign == "/"
        } | {""}

    def path(self, folder: str, name: str, origin: Origin) -> str:
        """The path of a file that a kustomization in a folder names."""
        if name.startswith("/"):
            raise Refusal(f"'{name}' is an absolute path.", origin)
        path = normpath(join_path(folder, name))
        if path == ".." or path.startswith("../"):
            raise Refusal(f"'{name}' leads out of the repository.", origin)
        return "" if path == "." else path

    def file(self, folder: str, name: str, origin: Origin) -> str:
        """As ``path``, of a file that has to be below the kustomization's folder."""
        if is_remote(name):
            raise Refusal(
                f"'{name}' is not in this repository, and nothing is fetched.", origin, Reason.REMOTE
            )
        path = self.path(folder, name, origin)
        if folder and not path.startswith(f"{folder}/"):
            if not self.is_folder(path) and self.read(path) is None:
                raise self.missing(path, f"'{name}' is not there or cannot be read.", origin)
            raise Refusal(
                f"'{name}' is not below the folder of the kustomization, which kustomize refuses.", origin
            )
        return path

    def is_folder(self, path: str) -> bool:
        """Whether a path is a folder, even one that is left out of what is read."""
        if path in self._folders or path in self._listed:
            return path in self._folders
        return any(self.read(join_path(path, name)) is not None for name in FILE_NAMES)

    def kustomization(self, folder: str) -> list[str]:
        """The kustomization files of a folder."""
        paths = [join_path(folder, name) for name in FILE_NAMES]
        listed = [path for path in paths if path in self._listed]
        if listed or (self._listed and folder in self._folders):
            return listed
        return [path for path in paths if self.read(path) is not None]

    def read(self, path: str) -> bytes | None:
        """The content of a file; ``None`` if it cannot be read."""
        if path not in self._bytes:
            try:
                self._bytes[path] = self._tree.read(path)
            except (FileProblem, OSError, ValueError):
                self._bytes[path] = None
        return self._bytes[path]

    def missing(self, path: str, words: str, origin: Origin, reason: Reason = Reason.MISSING) -> Refusal:
        """What stands in the way where nothing is at a path: it is not here if a submodule may have it."""
        submodule = submodule_of(path, self._submodules)
        if submodule is None:
            return Refusal(words, origin, reason, path=path)
        text = f"'{path}' is of the submodule '{submodule}', which is not checked out here."
        return Refusal(text, origin, Reason.ABSENT)

    @cached_property
    def _submodules(self) -> tuple[str, ...]:
        return unfilled_submodules(self._tree)

    def bytes(
        self, folder: str, name: str, origin: Origin, reason: Reason = Reason.ABSENT
    ) -> tuple[str, bytes]:
        """Path and content of a file that a kustomization names, and what it is if it is not there."""
        path = self.file(folder, name, origin)
        content = self.read(path)
        if content is None:
            raise self.missing(path, f"'{name}' is not there or cannot be read.", origin, reason)
        return path, content

    def documents(self, folder: str, name: str, origin: Origin) -> list[Value]:
        """The documents of a file that a kustomization names, without empty ones."""
        path = self.file(folder, name, origin)
        loaded = self._loaded(path)
        if loaded is None:
            raise self.missing(path, f"'{name}' is not there or cannot be read.", origin)
        return list(map(object_of, _said(loaded, f"'{name}'", origin)))

    def top(self, path: str) -> list[Value]:
        """The documents of a kustomization file."""
        loaded = self._loaded(path)
        origin: Origin = (None, _Whole(path, self._tree.revision))
        if loaded is None:
            raise Refusal(f"'{path}' cannot be read.", origin, Reason.MISSING)
        return list(map(from_document, _said(loaded, f"'{path}'", origin, repeats=True)))

    def _loaded(self, path: str) -> Loaded | None:
        if path not in self._documents:
            known = self._read(path) if self._read is not None else Loaded()
            if not known.documents and not known.problems:
                content = self.read(path)
                if content is None:
                    return None
                try:
                    known = load_text(path, decode(content), Kind.KUBERNETES, revision=self._tree.revision)
                except TextProblem:
                    return None
            self._documents[path] = known
        return self._documents[path]

    def inline(self, value: Value) -> list[Value]:
        """The documents of a text that is written into a kustomization."""
        source, route = root_of(value.origin)
        key = (id(source), route)
        if key not in self._inline:
            loaded = load_text(source.path, value.text, Kind.KUBERNETES, revision=self._tree.revision)
            self._inline[key] = (source, loaded)  # held, so that its id stays its own
        loaded = self._inline[key][1]
        inside = _Inside(value)
        return [_moved(object_of(each), inside) for each in _said(loaded, "The text", value.origin)]


def _said(loaded: Loaded, what: str, origin: Origin, *, repeats: bool = False) -> list[Document]:
    if loaded.problems:
        raise Refusal(f"{what} is no valid YAML.", origin, Reason.BROKEN)
    if loaded.duplicates and not repeats:
        raise Refusal(f"{what} repeats the key '{loaded.duplicates[0].key}'.", origin, Reason.BROKEN)
    return [document for document in loaded.documents if document.data is not None]


class _Whole:
    """A file of which nothing is known but its path."""

    def __init__(self, path: str, revision: str | None) -> None:
        self.path = path
        self.index = 0
        self.revision = revision

    def span(self, route: Route, token: Token) -> Span:
        """See ``finding.Source``."""
        return Span(1, 1, 1, 2)

    def names(self, route: Route) -> tuple[str, ...]:
        """See ``finding.Source``."""
        return ()

    def place(self, route: Route, token: Token) -> Place:
        """The beginning of the file."""
        return Place(self, (), token, Span(1, 1, 1, 2))


class _Inside:
    """A text that is written into another document; its places are lines of that one."""

    def __init__(self, value: Value) -> None:
        source, self.route = root_of(value.origin)
        self.outer: Document = source
        self.value = value

    def placed(self, document: Document) -> Inline:
        """A document of the text."""
        return Inline(self.outer, self.route, document)


class Inline:
    """One document of a text in another document."""

    def __init__(self, outer: Document, route: Route, inner: Document) -> None:
        self.outer = outer
        self.route = route
        self.inner = inner

    @property
    def path(self) -> str:
        """The file of the outer document."""
        return self.outer.path

    def at(self, route: Route) -> Any:
        """The node at a route of the text."""
        return self.inner.at(route)

    def source_text(self, route: Route) -> str:
        """See ``Document``."""
        return self.inner.source_text(route)

    @property
    def kind(self) -> Kind:
        """The kind of the outer document."""
        return self.outer.kind

    def place(self, route: Route, token: Token) -> Place:
        """Where a part of the text stands: exact in a literal block, else the whole of the text."""
        whole = self.outer.place(self.route, Token.VALUE)
        shift = self._shift()
        if shift is None:
            return whole
        start, indent = shift
        inside = self.inner.span(route, token)
        span = Span(
            inside.line + start, inside.column + indent, inside.end_line + start, inside.end_column + indent
        )
        return Place(self.outer, self.route, token, span)

    def edited(self, route: Route, edit: Callable[[Node], Fix | None]) -> Fix | None:
        """See ``Document.edited``: in a literal block, an edit of the lines of the outer document."""
        fix, shift = edit(self.inner.at(route)), self._shift()
        if fix is None or shift is None or "\t" in "".join(item.text for item in fix.edits):
            return None
        moved = [_moved_edit(item, *shift) for item in fix.edits]
        if any(item is not None and item.line > self.outer.text.count("\n") + 1 for item in moved):
            return None  # the text ends with the block, and without a line end
        return None if None in moved else Fix(fix.safe, tuple(item for item in moved if item is not None))

    def _shift(self) -> tuple[int, int] | None:
        """By how many lines and columns what is written in a literal block is moved."""
        header = self.outer.source_text(self.route) if isinstance(self.outer, Document) else ""
        if not header.startswith("|") or header[1:2].isdigit():
            return None
        start = self.outer.place(self.route, Token.VALUE).span().line
        lines = self.outer.text.split("\n")
        indents = (len(line) - len(line.lstrip(" ")) for line in lines[start : start + 1000] if line.strip())
        return start, next(indents, 0)


def _moved_edit(edit: Edit, lines: int, indent: int) -> Edit | None:
    """An edit in a line or of whole lines of a literal block as one of the text around it."""
    text = edit.text
    if text.startswith("\n"):  # behind the last line of a text that ends without a line end
        edit, text = Edit(edit.path, edit.line + 1, 1, edit.line + 1, 1, text[1:]), text[1:]
    are_lines = edit.column == edit.end_column == 1 and text.endswith("\n")
    if not are_lines and "\n" in text:
        return None
    columns = (1, 1) if are_lines else (edit.column + indent, edit.end_column + indent)
    if are_lines:
        text = "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())
    return Edit(edit.path, edit.line + lines, columns[0], edit.end_line + lines, columns[1], text)


def _moved(value: Value, inside: _Inside) -> Value:
    """Values of a text with origins in the document around it."""
    roots: dict[int, Inline] = {}
    document, _ = root_of(value.origin)
    if id(document) not in roots:
        roots[id(document)] = inside.placed(document)
    return made(plain(value), (None, roots[id(document)]))
