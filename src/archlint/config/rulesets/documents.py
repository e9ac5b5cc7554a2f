"""Reads the files of rulesets, and says what is wrong with one that cannot be read."""

from __future__ import annotations

from archlint.config.errors import ConfigurationError
from archlint.documents import Loaded, load_text
from archlint.files import FileProblem, Kind, TextProblem, WorkingTree, decode

LARGEST = 1 << 20
"""Bytes of one file of a ruleset."""
_TOO_LARGE = "The file is larger than 1 MiB. Split it into files that it extends."


def read_map(tree: WorkingTree, path: str, what: str) -> tuple[Loaded, bytes]:
    """A file whose first document is a map, with its bytes; raises ``ConfigurationError``."""
    try:
        content = tree.read(path)
        text = decode(content)
    except FileProblem as problem:
        message = _TOO_LARGE if problem.reason == "too-large" else problem.message
        raise ConfigurationError([f"{path}: {message}"]) from None
    except TextProblem as problem:
        raise ConfigurationError([f"{path}:{problem.line}:{problem.column}: {problem.message}"]) from None
    loaded = load_text(path, text, Kind.OPENAPI)
    for fault in loaded.problems:
        at = f":{fault.span.line}:{fault.span.column}" if fault.span else ""
        raise ConfigurationError([f"{path}{at}: {fault.message}"])
    if not loaded.documents or not isinstance(loaded.documents[0].data, dict):
        raise ConfigurationError([f"{path}: {what}"])
    return loaded, content
