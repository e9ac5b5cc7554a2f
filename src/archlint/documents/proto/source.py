"""A compiled proto file, and where each part of it stands in the text.

A route goes down by kind and name: ``("message", "Cart", "field", "items")``, nested messages after their
parent: ``("message", "Cart", "message", "Item")``. Kinds are ``message``, ``field``, ``oneof``, ``enum``,
``value``, ``service``, ``rpc`` and ``extension``; below an element stand its parts, such as ``type``,
``number``, ``label`` or ``json_name`` of a field, ``input`` and ``output`` of an rpc. At the top there are
``package``, ``syntax``, ``import`` with a name and ``option`` with the number of a field of ``FileOptions``.
The empty route is the file; its token is the package's name, else what follows ``syntax =``, its value the
first line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archlint.documents.proto.buf_lint import BufLint
from archlint.documents.proto.columns import code_point_column
from archlint.documents.proto.comments import Comments
from archlint.documents.proto.parts import FIELD_PARTS, PARTS, Path
from archlint.documents.proto.recorded import RecordedSpans, beginning
from archlint.documents.proto.routes import EDITION, OPTIONS, PACKAGE, SYNTAX, Routes
from archlint.documents.proto.statements import Import, imports_of
from archlint.documents.proto.wire import NOTHING, WireMessage, packed, unpacked
from archlint.files import LineIndex
from archlint.finding import Edit, Route, Span, Token
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import (
        FileDescriptorProto,
        SourceCodeInfo,
    )

# Numbers of fields in google/protobuf/descriptor.proto.
_NAME = 1
_IMPORT = 3
_IGNORE = "buf:lint:ignore "
_DISABLED = regex(r"api-linter:[ \t]?([\w:-]++)=disabled")


@dataclass(frozen=True, slots=True)
class ProtoImport:
    """An import statement that was resolved."""

    name: str
    kind: str
    """``public``, ``weak``, ``option`` or empty."""
    target: str | None
    """The path of the file; ``None`` if that comes with the compiler or cannot be found."""
    is_found: bool = True
    """Whether it could be read, in the repository or as one of the public files that everybody has."""


_FIRST_STATEMENT = regex(r"^[ \t]*(?:syntax|edition)\s*=\s*(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)
_PACKAGE_NAME = regex(r"package\s+([\w.]+)")


class ProtoFile:
    """A source made of one proto file; see ``archlint.finding.Source``."""

    __slots__ = (
        "_comments",
        "_is_plain",
        "_lines",
        "_package_name",
        "_places",
        "_routes",
        "_said",
        "_spans",
        "_speaks_to_buf",
        "_statements",
        "descriptor",
        "hidden_options",
        "imports",
        "lint",
        "path",
        "revision",
        "speaks_to_api_linter",
        "stand_ins",
        "unused_imports",
    )

    def __init__(
        self,
        path: str,
        text: str,
        descriptor: FileDescriptorProto,
        *,
        places: bytes | None = None,
        revision: str | None = None,
        statements: Sequence[Import] | None = None,
        unused_imports: Sequence[str] = (),
        stand_ins: frozenset[str] = frozenset(),
        imports: Sequence[ProtoImport] = (),
        lint: BufLint | None = None,
        hidden_options: frozenset[str] = frozenset(),
    ) -> None:
        """``places`` is the serialized ``SourceCodeInfo``, if the descriptor does not hold it; ``statements``
        are the import statements, if they are known."""
        self.path = path
        self.descriptor = descriptor
        self.revision = revision
        self.unused_imports = tuple(unused_imports)
        """Names of imports of which nothing is used, as far as that is known."""
        self.stand_ins = stand_ins
        """Full names, without a leading dot, of types about which only the name is known; they are defined by
        imports that are not in the repository, and the name may lack part of its package."""
        self.imports = tuple(imports)
        """Its import statements in their order."""
        self.lint = lint
        """What the repository's own settings for ``buf lint`` say about the file; ``None`` if there are
        none."""
        self.hidden_options = hidden_options
        """Names, as they are written, of custom options that are set and could not be read."""
        self._places = places
        self._comments: Comments | None = None
        self._statements = statements
        self._said: dict[Route, WireMessage] = {}
        self.speaks_to_api_linter = "api-linter:" in text
        """Whether a comment may disable a rule of ``api-linter``."""
        self._speaks_to_buf = _IGNORE in text and (lint is None or lint.obeys_comments)
        self._lines = LineIndex(text)
        self._is_plain = text.isascii() and "\t" not in text
        self._routes = Routes(descriptor)
        self._spans: RecordedSpans | None = None
        self._package_name: Span | None = None

    @property
    def index(self) -> int:
        """Always 0: a proto file is one document."""
        return 0

    @property
    def has_syntax(self) -> bool:
        """Whether a statement says which syntax or edition it is."""
        if self.descriptor.syntax:
            return True
        return any(tuple(location.path) == SYNTAX for location in self._first_locations())

    @property
    def places(self) -> bytes:
        """What the compiler recorded of places and comments, as a serialized ``SourceCodeInfo``."""
        if self._places is None:
            self._places = self.descriptor.source_code_info.SerializeToString()
        return self._places

    @property
    def spans(self) -> RecordedSpans:
        """The place of each path that the compiler recorded, both packed."""
        if self._spans is None:
            self._spans = RecordedSpans(self.places)
        return self._spans

    @property
    def statements(self) -> Sequence[Import]:
        """Its import statements in their order, as they are written; each finding about one asks for them."""
        if self._statements is None:
            self._statements = imports_of(self.text)
        return self._statements

    @property
    def text(self) -> str:
        """The text of the file."""
        return self._lines.text

    @property
    def has_text(self) -> bool:
        """Whether its text is known; of what is part of an image it is not."""
        return bool(self.text) and not self.text.isspace()

    def says_the_same(self, other: ProtoFile) -> bool:
        """Whether it is what another revision of it is."""
        return self.text == other.text and (self.has_text or self.descriptor == other.descriptor)

    def may_say(self, words: str) -> bool:
        """Whether some words are in the text, as far as that is known."""
        return words in self.text or not self.has_text

    def offset(self, line: int, column: int) -> int:
        """The offset of a place."""
        return self._lines.offset(line, column)

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Another text between two offsets."""
        return Edit(self.path, *self._lines.position(start), *self._lines.position(end), text)

    def names(self, route: Route) -> tuple[str, ...]:
        """See ``archlint.finding.Source.names``: routes consist of names already."""
        return tuple(map(str, route))

    def span(self, route: Route, token: Token) -> Span:
        """See ``archlint.finding.Source.span``; the value of an element is the first line of its
        definition."""
        while route:
            found = self._named(route) if token is Token.ANCHOR else self._whole(route)
            if found is not None:
                return found
            route, token = route[:-1], Token.ANCHOR
        return self._top() if token is Token.ANCHOR else self.first_line

    def option_span(self, route: Route, numbers: Path) -> Span | None:
        """Where an option of an element is set, by its numbers below the descriptor of the element."""
        path = self.path_of(route) if route else ()
        return None if path is None else self._location((*path, *numbers))

    def said(self, route: Route) -> WireMessage:
        """The options of an element, or of the file, by number, custom ones included; they are read once, as
        many rules ask."""
        found = self._said.get(route)
        if found is None:
            found = self._said[route] = self._options(route)
        return found

    def _options(self, route: Route) -> WireMessage:
        element = self.element(route)
        has_options = element is not None and element.HasField("options")
        return WireMessage(element.options.SerializeToString()) if has_options else NOTHING

    def is_deprecated(self, route: Route) -> bool:
        """Whether the element, or one that holds it, is going to be removed."""
        is_element = len(route) > 1 and route[0] != "option"
        path = self.path_of(route[: len(route) // 2 * 2]) if is_element else ()
        return any(element.options.deprecated for element in self._elements(path or ()))

    def element(self, route: Route) -> Any:
        """The descriptor of an element, or of the file; ``None`` if there is no such thing."""
        path = self.path_of(route) if route else ()
        return None if path is None else self._elements(path)[-1]

    def _elements(self, path: Path) -> list[Any]:
        """The descriptors on the way to an element, that of the file first."""
        found: list[Any] = [self.descriptor]
        for number, at in zip(path[::2], path[1::2], strict=False):
            name = found[-1].DESCRIPTOR.fields_by_number[number].name
            found.append(getattr(found[-1], name)[at])
        return found

    def comment(self, route: Route) -> str:
        """The comment before an element, without its signs; a comment apart from the element is none."""
        path = self.path_of(route)
        return "" if path is None else self.comments.before(path)

    def comment_for_buf(self, route: Route) -> str:
        """The same as buf sees it."""
        path = self.path_of(route)
        return "" if path is None else self.comments.before_for_buf(path)

    def stray_comments(self, route: Route) -> tuple[str, str]:
        """The comment behind an element, and those that stand apart above it."""
        path = self.path_of(route)
        return ("", "") if path is None else self.comments.strays(path)

    @property
    def comments(self) -> Comments:
        """All comments that the compiler recorded."""
        if self._comments is None:
            self._comments = Comments(self.places, self.text, self._beginning)
        return self._comments

    def _beginning(self, path: Path) -> int | None:
        """The offset at which an element begins."""
        place = self._location(path)
        return None if place is None else self._lines.offset(place.line, place.column)

    def is_told_to_ignore(self, route: Route, rule: str) -> bool:
        """Whether a comment before the element, or before one that holds it, says ``buf:lint:ignore``."""
        if not self._speaks_to_buf:
            return False
        comments = map(self.comments.before_for_buf, self._ways(route))
        lines = (line.strip() for comment in comments for line in comment.split("\n"))
        return any(line.startswith(_IGNORE + rule) for line in lines)

    def is_disabled(self, route: Route, rule: str) -> bool:
        """Whether a comment before the element, before one that holds it, or at the top of the file says
        ``api-linter: RULE=disabled``, be it for all rules of which the names begin or end so."""
        if not self.speaks_to_api_linter:
            return False
        comments = map(self.comments.before, self._ways(route))
        said = [name for comment in comments for name in _DISABLED.findall(comment)]
        said += _DISABLED.findall(self._comments_on_top())
        around = f"::{rule}::"
        return any(name == "all" or f"::{name}::" in around for name in said)

    def _comments_on_top(self) -> str:
        """All comments before the first statement."""
        first = self._first_locations()
        is_syntax = [location for location in first if tuple(location.path) in (SYNTAX, EDITION)]
        said = [(*location.leading_detached_comments, location.leading_comments) for location in is_syntax]
        return "\n".join(comment for comments in said for comment in comments)

    def _first_locations(self) -> Sequence[SourceCodeInfo.Location]:
        """That of the file and of its first statement, before which none says the syntax."""
        from google.protobuf.descriptor_pb2 import SourceCodeInfo

        return SourceCodeInfo.FromString(beginning(self.places, 2)).location

    def _ways(self, route: Route) -> list[Path]:
        """The numbers of an element and of those that hold it."""
        while route and route[0] != "import" and self.path_of(route) is None:
            route = route[:-1]
        path = self._import_path(route) if route[:1] == ("import",) else self.path_of(route)
        return [] if path is None else [path[:end] for end in range(1, len(path) + 1)]

    def _import_path(self, route: Route) -> Path | None:
        names = [item.name for item in self.imports]
        return (_IMPORT, names.index(str(route[1]))) if len(route) > 1 and route[1] in names else None

    def _named(self, route: Route) -> Span | None:
        """The token that names the element, or that is the part of an element."""
        if route[0] == "import":
            return self._import(str(route[1])) if len(route) > 1 else None
        if route == ("package",):
            return self._package()
        path = self.path_of(route)
        if path is None:
            return None
        if len(route) % 2 == 0:
            return self._location((*path, _NAME)) or self._location(path)
        if route[-1] == "type":  # that of a message or enum is recorded as the name of the type
            return self._location(path) or self._location((*path[:-1], *FIELD_PARTS["type_name"]))
        return self._clipped(self._location(path))

    def _clipped(self, span: Span | None) -> Span | None:
        """The first line of what takes several, as the annotation of a method does."""
        if span is None or span.line == span.end_line:
            return span
        return Span(span.line, span.column, span.line, len(self._lines.lines(span.line)) + 1)

    def _whole(self, route: Route) -> Span | None:
        path = self._import_path(route) if route[0] == "import" else self.path_of(route)
        span = self._location(path) if path is not None else None
        return self._named(route) if span is None else self._clipped(span)

    def _top(self) -> Span:
        package = self._package()
        if package is not None:
            return package
        first = _FIRST_STATEMENT.search(self.text)
        return self.between(first.start(1), first.end(1)) if first else Span(1, 1, 1, 1)

    @property
    def first_line(self) -> Span:
        """The first line, for what is missing at the top."""
        return Span(1, 1, 1, len(self._lines.lines(1)) + 1)

    def _package(self) -> Span | None:
        if self._package_name is None:
            self._package_name = self._found_package()
        return self._package_name

    def _found_package(self) -> Span | None:
        statement = self._location(PACKAGE)
        if statement is None:
            return None
        start = self._lines.offset(statement.line, statement.column)
        name = _PACKAGE_NAME.match(self.text, start)
        return self.between(name.start(1), name.end(1)) if name else statement

    def _import(self, name: str) -> Span | None:
        for statement in self.statements:
            if statement.name == name:
                return self.between(statement.name_start, statement.name_end)
        return None

    def between(self, start: int, end: int) -> Span:
        """What lies between two offsets."""
        return Span(*self._lines.position(start), *self._lines.position(end))

    def path_of(self, route: Route) -> Path | None:
        """The numbers by which the compiler records an element, or a part of one."""
        if len(route) % 2 == 0 or len(route) < 3:
            return self._routes.path(route)
        if route[0] == "option":  # one of several that extend those of a file
            return (OPTIONS, *map(int, route[1:]))
        element = self._routes.path(route[:-1])
        numbers = PARTS.get(str(route[-3]), {}).get(str(route[-1]))
        return None if element is None or numbers is None else (*element, *numbers)

    def _location(self, path: Path) -> Span | None:
        """The place that the compiler recorded for a part of the descriptor."""
        found = self.spans.get(packed(path))
        return None if found is None else self.recorded(found)

    def recorded(self, place: bytes) -> Span:
        """One of ``spans``."""
        line, column, *end = unpacked(place)
        end_line, end_column = end if len(end) == 2 else (line, end[0])
        if self._is_plain:  # the compiler counts as everybody does
            return Span(line + 1, column + 1, end_line + 1, end_column + 1)
        return Span(*self._place(line, column), *self._place(end_line, end_column))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        return line + 1, code_point_column(self._lines.lines(line + 1), column)
