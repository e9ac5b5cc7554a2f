"""A configuration of another tool as its user keeps it: text, plain data, and where it lies."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from archlint.config.errors import ConfigurationError
from archlint.documents import load_text
from archlint.files import FileProblem, Kind, TextProblem, WorkingTree, decode, find_root

LARGEST = 1_000_000
"""Bytes of a configuration; a larger one is not read."""


class ForeignFile:
    """One file, or standard input."""

    def __init__(self, name: str, text: str, folder: str = "") -> None:
        self.name = name
        self.text = text
        self.folder = folder
        """Where it lies, relative to the root; empty for the root and for standard input."""

    @property
    def file_name(self) -> str:
        """Its name without folders."""
        return PurePosixPath(self.name).name

    @cached_property
    def data(self) -> Any:
        """What it says as YAML or JSON; ``None`` if it is neither."""
        loaded = load_text(self.name, self.text, Kind.DATA)
        return loaded.documents[0].data if loaded.documents and not loaded.problems else None

    @property
    def keys(self) -> dict[str, Any]:
        """Its data as a map; raises ``ConfigurationError`` for anything else."""
        data = self._only({})
        if not isinstance(data, dict):
            raise ConfigurationError([f"{self.name} is not a map of settings; name a configuration file"])
        return data

    @property
    def entries(self) -> list[Any]:
        """Its data as a list; raises ``ConfigurationError`` for anything else."""
        data = self._only([])
        if not isinstance(data, list):
            raise ConfigurationError([f"{self.name} is not a list of settings; name a configuration file"])
        return data

    def _only(self, nothing: Any) -> Any:
        """The data of its one document."""
        loaded = load_text(self.name, self.text, Kind.DATA)
        if loaded.problems:
            first = loaded.problems[0]
            at = f":{first.span.line}:{first.span.column}" if first.span else ""
            raise ConfigurationError([f"{self.name}{at}: {first.message}"])
        if len(loaded.documents) > 1:
            raise ConfigurationError([f"{self.name} has more than one document; import them one by one"])
        return loaded.documents[0].data if loaded.documents else nothing


def read_source(name: str, content: bytes | None) -> ForeignFile:
    """A file by its path, or the content of standard input; raises ``ConfigurationError``."""
    try:
        if content is not None:
            return ForeignFile("standard input", decode(content))
        file = Path(name)
        text = decode(WorkingTree(file.absolute().parent, limit=LARGEST).read(file.name))
        return ForeignFile(name, text, _folder(file))
    except FileProblem as problem:
        raise ConfigurationError([f"{name}: {problem.message}"]) from None
    except TextProblem as problem:
        raise ConfigurationError([f"{name}:{problem.line}:{problem.column}: {problem.message}"]) from None


def _folder(file: Path) -> str:
    root = find_root([file])
    folder = file.absolute().parent.resolve()
    return folder.relative_to(root).as_posix().removeprefix(".") if folder.is_relative_to(root) else ""
