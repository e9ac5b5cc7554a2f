"""One file as documents: decode, choose the reader, and turn what goes wrong into problems with places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.documents.document import Document, DuplicateKey, ParseProblem
from archlint.documents.json import JsonDocument, JsonError, JsonMarks, read_json, without_comments
from archlint.documents.marks import Extent, YamlMarks
from archlint.documents.scalars import Reading
from archlint.documents.templating import without_marks
from archlint.files import API_DESCRIPTIONS, Kind, LineIndex, is_json
from archlint.finding import Location, Span
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from archlint.documents.yaml import YamlError

_COMMENTED = frozenset({Kind.DATA, Kind.AVRO, Kind.JSON_SCHEMA})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file gave."""

    documents: tuple[Document, ...] = ()
    problems: tuple[ParseProblem, ...] = ()
    duplicates: tuple[DuplicateKey, ...] = ()


def load_text(path: str, text: str, kind: Kind, *, revision: str | None = None) -> Loaded:
    """The documents of a YAML or JSON text; ``path`` decides which of the two it is."""
    lines = LineIndex(text)
    if is_json(path):
        return _load_json(path, lines, kind, revision)
    return _load_yaml(path, lines, kind, revision)


def _load_json(path: str, lines: LineIndex, kind: Kind, revision: str | None) -> Loaded:
    if not lines.text.strip():
        return Loaded()
    text = lines.text
    try:
        read = read_json(text)
    except JsonError as error:
        # readers of settings and of Avro take comments; those of other contracts do not
        text = without_comments(text) if kind in _COMMENTED else text
        commented = _read(text) if kind in _COMMENTED else None
        if commented is None:
            message = _advice("JSON", error.message, error.is_limit)
            return Loaded(problems=(ParseProblem(path, message, _point(lines, error.offset)),))
        read = commented
    marks = JsonMarks(text)
    document = Document(path, lambda: read.data, marks, lines, kind=kind, revision=revision)
    repeated = marks.duplicates() if read.has_duplicates else []
    return Loaded((document,), duplicates=tuple(_duplicate(path, lines, 0, entry) for entry in repeated))


def _read(text: str) -> JsonDocument | None:
    """What a JSON text says; ``None`` if it is none."""
    try:
        return read_json(text)
    except JsonError:
        return None


def is_template(path: str, text: str, kind: Kind, problem: ParseProblem) -> bool:
    """Whether a text that gave a problem is a template: the marks of its engine are what does not parse."""
    plain = without_marks(text)
    if plain is None:
        return False
    problems = load_text(path, plain, kind).problems
    return not problems or _error(problems[0]) != _error(problem)


def _error(problem: ParseProblem) -> tuple[str, int]:
    """What an error is, without its column, which marks in its line move."""
    return problem.message, problem.span.line if problem.span else 0


def _load_yaml(path: str, lines: LineIndex, kind: Kind, revision: str | None) -> Loaded:
    from archlint.documents.yaml import read_yaml

    reading = Reading.CORE if kind in API_DESCRIPTIONS else Reading.KUBERNETES
    read, error = read_yaml(lines.text, reading)
    documents = tuple(
        Document(path, item.take, YamlMarks(item.tree), lines, kind=kind, index=index, revision=revision)
        for index, item in enumerate(read)
    )
    duplicates = tuple(
        _duplicate(path, lines, index, entry) for index, item in enumerate(read) for entry in item.duplicates
    )
    if error is None:
        return Loaded(documents, duplicates=duplicates)
    problem = ParseProblem(path, _yaml_advice(lines, error), _point(lines, error.offset))
    return Loaded(documents, (problem,), duplicates)


def _advice(name: str, message: str, is_limit: bool) -> str:
    """What is wrong with a text; what is well formed and only more than is read is not called wrong."""
    if is_limit:
        more = (
            "That need not be an error, but is more than archlint reads: divide it or write it more simply."
        )
        return f"The file is not checked further: it {message}. {more}"
    return f"The file is not valid {name}: {message}. Fix it here."


def _yaml_advice(lines: LineIndex, error: YamlError) -> str:
    written = lines.lines(lines.position(error.offset)[0])
    if not error.is_limit and "\t" in written[: len(written) - len(written.lstrip())]:
        return "The file is not valid YAML: a tab indents this line. Indent with spaces."
    return _advice("YAML", error.message, error.is_limit)


def _duplicate(path: str, lines: LineIndex, index: int, entry: tuple[str, Extent, Extent]) -> DuplicateKey:
    key, place, first = entry
    return DuplicateKey(path, key, _stretch(lines, place), _stretch(lines, first), index)


def _stretch(lines: LineIndex, extent: Extent) -> Span:
    line, column = lines.position(extent[0])
    end_line, end_column = lines.position(extent[1])
    return Span(line, column, line, end_column if end_line == line else column + 1)


def _point(lines: LineIndex, offset: int) -> Span:
    line, column = lines.position(offset)
    return Span(line, column, line, column + 1)


def first_place(duplicate: DuplicateKey) -> Location:
    """The first occurrence of a repeated key, as a related location."""
    return Location(duplicate.path, duplicate.first, duplicate.document, message="first defined here")
