"""The suppressions that the files of a repository contain, each with its place and what it covers.

A mark is plain data: it can be kept with its file. Which rules its names mean, and whether its day has
passed, is judged later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import cached_property
from typing import Any

from archlint.documents import Document, TextFile
from archlint.files import API_DESCRIPTIONS, Kind, LineIndex, TextProblem, decode
from archlint.finding import ObjectRef, Place, Route, Span, Token
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.judging.comments import Comment, Comments, comments_of, with_hashes
from archlint.judging.directives import Directive, DirectiveFault, in_brackets, in_value
from archlint.judging.foreign import ANNOTATION
from archlint.model.kubernetes import objects_of

EXTENSION = "x-archlint-ignore"
_WORD = r"[ \t]*archlint:[ \t]*ignore(-file)?(?![\w-])"
_DIRECTIVES = {
    sign: regex(rf"(?:^|(?<=\s)){opening}{_WORD}")
    for sign, opening in (("#", "#+"), ("//", "//+"), ("--", "--+"), ("<!--", "<!--"))
}
_DESCRIPTIONS = (*API_DESCRIPTIONS, Kind.DATA)
"""Kinds of document in which ``$ref`` is a reference."""
_TAILS = ("-->", "*/")


class Cover(StrEnum):
    """What a mark covers."""

    LINES = "lines"
    FILE = "file"
    ELEMENT = "element"
    """What lies at or below a pointer: a Kubernetes object, or an element of an API description."""
    BUILT = "built"
    """What is found in the built object that has it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One suppression in a file."""

    path: str
    span: Span
    cover: Cover
    directive: Directive
    text: str
    """The suppression as written, without its reason: what tells it from others."""
    lines: tuple[int, ...] = ()
    document: int = 0
    pointer: str = ""
    """The element that is covered."""
    references: tuple[str, ...] = ()
    """Elements on the covered lines that refer to others, which are covered with them."""
    route: Route = ()
    """The route of the mark itself; empty for comments."""
    object: ObjectRef | None = None

    def place(self, revision: str | None) -> Place:
        """Where the mark is written, in a file of some revision."""
        return Place(TextFile(self.path, revision, self.document), self.route, at=self.span)


def read_marks(contents: Iterable[tuple[str, bytes]], documents: Iterable[Document]) -> list[Mark]:
    """The marks of some files, by path and place; ``documents`` are those of the world."""
    texts = dict(contents)
    by_path: dict[str, list[Document]] = {}
    for document in documents:
        if document.path in texts:
            by_path.setdefault(document.path, []).append(document)
    found: list[Mark] = []
    for path, content in texts.items():
        with suppress(TextProblem):  # told as a parse error
            found += marks_of(path, decode(content), by_path.get(path, ()))
    return found


def marks_of_built(documents: Iterable[Document], known: Iterable[Mark]) -> Iterator[Mark]:
    """The annotations of built objects that are not among those of the files: patches and fields set them."""
    seen = {(mark.path, mark.span.line, mark.span.column) for mark in known}
    for document in documents:
        for item in objects_of(document):
            written = item.get("metadata", "annotations", ANNOTATION)
            if not written.exists:
                continue
            place = written.place()
            span, source = place.span(), place.source
            key = (source.path, span.line, span.column)
            if key in seen:
                continue
            seen.add(key)
            directive = _said_by(written.value)
            text = f"{ANNOTATION}: {', '.join(directive.rules) or '?'}"
            route = place.route
            yield Mark(
                source.path,
                span,
                Cover.BUILT,
                directive,
                text,
                document=source.index,
                route=route,
                object=item.object,
            )


def marks_of(path: str, text: str, documents: Sequence[Document]) -> list[Mark]:
    """The marks of one file; ``documents`` are those of its text, if it is YAML or JSON."""
    found: list[Mark] = []
    text = with_hashes(path, text)
    comments = comments_of(path, text) if "archlint:" in text else None
    if comments is not None:
        commented = list(_CommentedText(path, LineIndex(text), comments).marks())
        found += _with_references(commented, documents) if "$ref" in text else commented
    if ANNOTATION in text:
        found += [mark for document in documents for mark in _annotations(document)]
    if EXTENSION in text:
        found += [mark for document in documents for mark in _extensions(document)]
    return sorted(found, key=lambda mark: (mark.span, mark.pointer))


class _CommentedText:
    """A text with its comments, in which marks are looked for."""

    def __init__(self, path: str, lines: LineIndex, comments: Comments) -> None:
        self.path = path
        self.lines = lines
        self.comments = comments

    def marks(self) -> Iterator[Mark]:
        """The marks in all comments."""
        document = -1
        starts = iter([*self.comments.documents, len(self.lines.text) + 1])
        following = next(starts)
        for comment in self.comments.found:
            while comment.start >= following:
                document += 1
                following = next(starts)
            said = self.lines.text[comment.start : comment.end]
            matches = [*_DIRECTIVES[self.comments.sign].finditer(said)] if "archlint:" in said else []
            covered = self._covered_lines(comment) if matches else ()
            ends = [*(match.start() for match in matches[1:]), len(said)]
            for match, end in zip(matches, ends, strict=False):
                yield self._mark(comment, match, end, max(document, 0), covered)

    def _mark(
        self, comment: Comment, match: re.Match[str], stop: int, document: int, covered: tuple[int, ...]
    ) -> Mark:
        """The mark of a directive, whose text ends where the comment does or the next one begins."""
        said = _without_tail(match.string[match.end() : stop])
        directive = in_brackets(said)
        begin = comment.start + match.string.index("archlint:", match.start())
        end = comment.start + match.end() + (said.find("]") + 1 if said.startswith("[") else 0)
        is_file = match[1] is not None
        if is_file and comment.start >= self.comments.content and directive.fault is None:
            directive = Directive(directive.rules, directive.reason, fault=DirectiveFault("misplaced"))
        return Mark(
            self.path,
            self._span(begin, end),
            Cover.FILE if is_file else Cover.LINES,
            directive,
            text=" ".join(self.lines.text[begin:end].split()),
            lines=() if is_file else covered,
            document=document,
        )

    def _span(self, begin: int, end: int) -> Span:
        line, column = self.lines.position(begin)
        end_line, end_column = self.lines.position(end)
        return Span(line, column, line, end_column if end_line == line else column + 1)

    def _covered_lines(self, comment: Comment) -> tuple[int, ...]:
        """The comment's line and, if it stands alone, the next one that is neither comment nor blank."""
        first, column = self.lines.position(comment.start)
        if self.lines.lines(first)[: column - 1].strip():
            return (first,)
        following = self._content_from.get(self.lines.position(comment.end)[0] + 1)
        return (first,) if following is None else (first, following)

    @cached_property
    def _content_from(self) -> dict[int, int]:
        """For each line the first one from there on that is neither comment nor blank."""
        found: dict[int, int] = {}
        nearest: int | None = None
        for number in range(self.lines.count, 0, -1):
            line = self.lines.lines(number).strip()
            if line and not line.startswith(self.comments.sign):
                nearest = number
            if nearest is not None:
                found[number] = nearest
        return found


def _without_tail(text: str) -> str:
    """The text of a comment without what closes it."""
    text = text.rstrip()
    for tail in _TAILS:
        if text.endswith(tail):
            return text.removesuffix(tail).rstrip()
    return text


def _with_references(marks: Sequence[Mark], documents: Sequence[Document]) -> Iterator[Mark]:
    """Marks with the elements on their lines that are a reference; nothing else can be written in these."""
    described = [document for document in documents if document.kind in _DESCRIPTIONS]
    lines = {line for mark in marks for line in mark.lines}
    by_line: dict[int, list[str]] = {}
    for document in described if lines else ():
        for route in _referring(document.data):
            pointer = Place(document, route).pointer() or ""
            for token in (route, (*route, "$ref")):
                line = document.span(token, Token.ANCHOR).line
                if line in lines:
                    by_line.setdefault(line, []).append(pointer)
    for mark in marks:
        pointers = dict.fromkeys(pointer for line in mark.lines for pointer in by_line.get(line, ()))
        yield replace(mark, references=tuple(pointers)) if pointers else mark


def _referring(data: Any) -> Iterator[Route]:
    """The routes of all elements with a ``$ref``."""
    waiting: list[tuple[Route, Any]] = [((), data)]
    while waiting:
        route, value = waiting.pop()
        children: Iterable[tuple[Any, Any]] = ()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield route
            children = value.items()
        elif isinstance(value, list):
            children = enumerate(value)
        waiting += [((*route, key), item) for key, item in children if isinstance(item, (dict, list))]


def _annotations(document: Document) -> Iterator[Mark]:
    for item in objects_of(document):
        written = item.get("metadata", "annotations", ANNOTATION)
        if written.exists:
            yield _element_mark(document, written.route, written.value, item.node.route, item.object)


def _extensions(document: Document) -> Iterator[Mark]:
    """The elements that have the extension; read without recursion, as the depth is the author's choice."""
    waiting: list[tuple[Route, Any]] = [((), document.data)]
    while waiting:
        route, value = waiting.pop()
        if isinstance(value, dict):
            if EXTENSION in value:
                yield from _extension_marks(document, route, value[EXTENSION])
            waiting += [
                ((*route, key), item) for key, item in value.items() if isinstance(item, (dict, list))
            ]
        elif isinstance(value, list):
            waiting += [
                ((*route, index), item) for index, item in enumerate(value) if isinstance(item, (dict, list))
            ]


def _extension_marks(document: Document, element: Route, written: Any) -> Iterator[Mark]:
    """One mark for a text, one for each text of a list."""
    route = (*element, EXTENSION)
    if not isinstance(written, list):
        yield _element_mark(document, route, written, element, None)
        return
    for index, item in enumerate(written):
        yield _element_mark(document, (*route, index), item, element, None)


def _said_by(value: Any) -> Directive:
    return in_value(value) if isinstance(value, str) else Directive(fault=DirectiveFault("not-text"))


def _element_mark(
    document: Document, written: Route, value: Any, element: Route, about: ObjectRef | None
) -> Mark:
    directive = _said_by(value)
    pointer = Place(document, element).pointer() or ""
    span = document.span(written, Token.ANCHOR)
    key = next(part for part in reversed(written) if isinstance(part, str))
    text = f"{key}: {', '.join(directive.rules) or '?'}"
    return Mark(
        document.path,
        span,
        Cover.ELEMENT,
        directive,
        text,
        document=document.index,
        pointer=pointer,
        route=written,
        object=about,
    )
