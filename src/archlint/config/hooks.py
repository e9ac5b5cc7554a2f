"""Adds a hook to a ``.pre-commit-config.yaml`` by inserting lines, so that comments and layout stay."""

from __future__ import annotations

import re
from typing import Any

from archlint.documents import Document, load_text
from archlint.files import Kind
from archlint.finding.regex import regex

_ITEM = regex(r"( *)-( +)\S")
_PATH = ".pre-commit-config.yaml"


class HookProblem(Exception):
    """A file that a hook cannot be added to safely; the text says why."""


def add_hook(text: str, entry: str, hook_id: str) -> str | None:
    """The text with one more entry of ``repos``; ``None`` if the hook is there already.

    ``entry`` is one item of a block sequence, beginning with ``- ``. Raises ``HookProblem`` for a file that
    is not as pre-commit wants it or that is written in a way that lines cannot be added to.
    """
    document = _read(text)
    before = document.data if document is not None else None
    if _has(before, hook_id):
        return None
    made = _inserted(text, document, entry)
    after = _read(made)
    wanted = _expected(before, entry)
    if after is None or after.data != wanted:
        raise HookProblem("its layout is unusual")
    return made


def has_entry(text: str, entry: str) -> bool:
    """Whether one of the ``repos`` says just that; where the hook comes from and what it installs counts."""
    document = _read(text)
    wanted = load_text(_PATH, entry, Kind.DATA).documents[0].data
    return document is not None and document.data is not None and wanted[0] in (document.data["repos"] or [])


def _read(text: str) -> Document | None:
    loaded = load_text(_PATH, text, Kind.DATA)
    if loaded.problems:
        raise HookProblem(loaded.problems[0].message)
    if len(loaded.documents) > 1:
        raise HookProblem("it has more than one YAML document")
    document = loaded.documents[0] if loaded.documents else None
    data = document.data if document is not None else None
    if data is not None and (not isinstance(data, dict) or not isinstance(data.get("repos") or [], list)):
        raise HookProblem("it has no list of 'repos'")
    return document


def _has(data: Any, hook_id: str) -> bool:
    repos = (data.get("repos") or []) if isinstance(data, dict) else []
    hooks = [hook for repo in repos if isinstance(repo, dict) for hook in repo.get("hooks") or []]
    return any(isinstance(hook, dict) and hook.get("id") == hook_id for hook in hooks)


def _expected(before: Any, entry: str) -> Any:
    added = load_text(_PATH, entry, Kind.DATA).documents[0].data
    data = dict(before or {})
    data["repos"] = [*(data.get("repos") or []), *added]
    return data


def _inserted(text: str, document: Document | None, entry: str) -> str:
    data = document.data if document is not None else None
    text = text if not text or text.endswith("\n") else text + "\n"
    lines = text.split("\n")
    if document is None or not isinstance(data, dict) or "repos" not in data:
        return f"{text}repos:\n{_indented(entry, 2)}"
    if not data["repos"]:
        number = document.at(("repos",)).place().span().line
        if not re.fullmatch(r"repos:[ \t]*+(?:(?:\[\s*+\]|null|~)[ \t]*+)?", lines[number - 1].rstrip("\r")):
            raise HookProblem("its layout is unusual")
        lines[number - 1 : number] = ["repos:", _indented(entry, 2).rstrip("\n")]
        return "\n".join(lines)
    first = document.at(("repos", 0)).place().span().line
    item = next((match for line in reversed(lines[:first]) if (match := _ITEM.match(line))), None)
    if item is None:
        raise HookProblem("its 'repos' are not written one a line")
    end = _end_of_repos(document, lines)
    return "\n".join([*lines[:end], _indented(entry, len(item[1])).rstrip("\n"), *lines[end:]])


def _end_of_repos(document: Document, lines: list[str]) -> int:
    """The number of lines up to the last one that belongs to ``repos``."""
    keys = [node.place().span().line for _, node in document.root.items()]
    start = document.at(("repos",)).place().span().line
    following = [line for line in keys if line > start]
    end = min(following) - 1 if following else len(lines)
    while end > start and (not lines[end - 1].strip() or lines[end - 1].startswith(("#", "..."))):
        end -= 1
    return end


def _indented(entry: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}" if line.strip() else line for line in entry.splitlines(keepends=True))
