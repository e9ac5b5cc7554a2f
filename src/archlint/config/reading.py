"""Reads a configuration file as a node with places, and checks its shape."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archlint.config.errors import ConfigurationError
from archlint.config.schema import CONFIGURATION
from archlint.config.validation import Problem, problems
from archlint.documents import Document, Node, load_text
from archlint.files import FileProblem, Kind, LineIndex, TextProblem, WorkingTree, decode
from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

LARGEST = 1_000_000
"""Bytes of a configuration; a larger file is not read."""
_TABLE = ("tool", "archlint")
_TABLE_LINE = regex(rb"^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*archlint\b", re.MULTILINE)
_TOML_PLACE = regex(r" \(at (?:line (\d+), column (\d+)|end of document)\)")
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration file whose shape is right; names of rules and their options are not judged yet."""

    path: Path
    label: str
    """How messages and findings call it: relative to the root, else as it was named."""
    node: Node

    @property
    def rule_folders(self) -> tuple[str, ...]:
        """Folders with rule pages, relative to the root; needed before the rules are complete."""
        return tuple(self.node.get("rule-folders").value or ())

    @property
    def ruleset(self) -> str | None:
        """The ruleset that it names; needed before the rules are complete."""
        return self.node.get("ruleset").text


def read_configuration(file: Path, root: Path) -> Configuration:
    """Read and check a file; raises ``ConfigurationError`` with the place of each problem."""
    inside = _below(file, root)
    label = inside or str(file)
    text = _text_of(file, label, root if inside else file.parent)
    document = _toml(text, label) if file.suffix == ".toml" else _yaml(text, label)
    node = document.root
    found = [] if node.value is None else list(problems(node, CONFIGURATION, ""))
    if inside:
        found += _paths_outside(node, root)
    refuse(label, found)
    return Configuration(file, label, node)


def refuse(label: str, found: Iterable[Problem]) -> None:
    """Raise ``ConfigurationError`` if there are problems."""
    lines: list[str] = []
    for place, message in found:
        span = place.span()
        lines.append(f"{label}:{span.line}:{span.column}: {message}")
    if len(lines) > _MOST_PROBLEMS:
        more = len(lines) - _MOST_PROBLEMS
        lines = [*lines[:_MOST_PROBLEMS], f"{label}: and {more} more"]
    if lines:
        raise ConfigurationError(lines)


def has_table(content: bytes) -> bool:
    """Whether the bytes of a ``pyproject.toml`` hold a table ``tool.archlint``.

    A broken file counts if a line looks like the head of that table, so that its error is told.
    """
    import tomllib

    try:
        data = tomllib.loads(content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):  # not TOML, or a number that is too long
        return _TABLE_LINE.search(content) is not None
    tool = data.get("tool")
    return isinstance(tool, dict) and "archlint" in tool


def _below(file: Path, root: Path) -> str | None:
    """The path relative to the root by its spelling; ``None`` for a file outside of it."""
    folder = file.absolute().parent.resolve()
    relative = os.path.relpath(folder / file.name, root.resolve()).replace(os.sep, "/")
    return None if relative.startswith("../") else relative


def _text_of(file: Path, label: str, folder: Path) -> str:
    name = label if folder != file.parent else file.name
    try:
        return decode(WorkingTree(folder, limit=LARGEST).read(name))
    except FileProblem as problem:
        raise ConfigurationError([f"{label}: {problem.message}"]) from None
    except TextProblem as problem:
        raise ConfigurationError([f"{label}:{problem.line}:{problem.column}: {problem.message}"]) from None


def _yaml(text: str, label: str) -> Document:
    loaded = load_text(label, text, Kind.DATA)
    lines = [_told(label, problem.span, problem.message) for problem in loaded.problems]
    for repeated in loaded.duplicates:
        first = repeated.first.line
        lines.append(_told(label, repeated.span, f"'{repeated.key}' is set twice (first on line {first})"))
    if len(loaded.documents) > 1:
        lines.append(f"{label}: a configuration is one document; remove the lines '---'")
    if lines:
        raise ConfigurationError(lines)
    return loaded.documents[0] if loaded.documents else _document(None, text, label)


def _document(data: Any, text: str, label: str) -> Document:
    from archlint.config.toml import TomlMarks, table_marks

    marks = TomlMarks() if data is None else table_marks(text, _TABLE)
    return Document(label, lambda: data, marks, LineIndex(text), kind=Kind.DATA)


_LONGEST_PATH = 240
"""Bytes of a path that the configuration names: systems refuse names of more than 255."""


def _toml(text: str, label: str) -> Document:
    import tomllib

    try:
        data = tomllib.loads(text)
        tool = data.get("tool")
        if not isinstance(tool, dict) or "archlint" not in tool:
            raise ConfigurationError([f"{label}: there is no table [tool.archlint] in this file"])
        return _document(_plain(tool["archlint"]), text, label)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        at = f":{place[1]}:{place[2]}" if place and place[1] else ""
        said = _TOML_PLACE.sub("", str(error))
        raise ConfigurationError([f"{label}{at}: The file is not valid TOML: {said}. Fix it here."]) from None
    except ValueError:
        raise ConfigurationError([f"{label}: The file has a number that is too long to be read."]) from None
    except RecursionError:
        raise ConfigurationError([f"{label}: The file nests too deep to be read."]) from None


def _plain(value: Any) -> Any:
    """TOML's values as YAML gives them: dates and times are texts; raises ``ValueError``."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, int):
        str(value)  # refused beyond some thousand digits, of which hexadecimal ones are read
    return value if isinstance(value, (str, int, float)) else value.isoformat()


def _told(label: str, span: Span | None, message: str) -> str:
    return f"{label}:{span.line}:{span.column}: {message}" if span else f"{label}: {message}"


def _paths_outside(node: Node, root: Path) -> list[Problem]:
    """Paths that leave the root, which a file of the repository itself may not name."""
    folders = (*node.get("rule-folders").elements(), *node.get("schemas").elements())
    named = [node.get("baseline"), node.get("ruleset"), *folders]
    top = os.path.realpath(root)
    found: list[Problem] = []
    for item in named:
        if item.text is None or "\0" in item.text:
            continue
        if len(os.fsencode(item.text)) > _LONGEST_PATH:
            found.append(
                (item.value_place(), f"the path has more than {_LONGEST_PATH} bytes; name a shorter one")
            )
            continue
        target = os.path.realpath(f"{top}/{item.text}" if not item.text.startswith("/") else item.text)
        if target != top and not target.startswith(top.rstrip(os.sep) + os.sep):
            found.append(
                (item.value_place(), f"'{item.text}' lies outside of the repository; name a path inside it")
            )
    return found
