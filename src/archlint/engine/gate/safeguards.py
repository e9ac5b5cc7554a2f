"""What a release changes in the things that changes are judged by: configuration, baseline, rules of the
team, schemas. None of it is obeyed unless a flag names a policy of the release, and all of it is told first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.documents import Node, load_text
from archlint.files import FileTree, Kind, TextProblem, decode
from archlint.files.tree import content_of
from archlint.finding.records import dataclass
from archlint.judging.release.verdict import Safeguard

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """Where the things lie that changes are judged by, relative to the root."""

    configurations: tuple[str, ...]
    """Those that are looked for: the nearest counts."""
    others: Mapping[str, str]
    """What each further file or folder is, by its path."""
    own: str | None = None
    """The policy, if it is read from a file of the release itself."""
    is_committed: bool = False
    """Whether that is read as the release's commit has it, and not from the working tree."""


def changed_safeguards(base: FileTree, revision: FileTree, files: PolicyFiles) -> list[Safeguard]:
    """Everything that is not as the base has it."""
    found = [*_own(base, revision, files)]
    found += [
        each
        for path in files.configurations
        for each in _configuration(path, content_of(base, path), content_of(revision, path))
    ]
    for place, what in files.others.items():
        before, after = _below(base, place), _below(revision, place)
        for path in sorted({*before, *after}):
            old, new = content_of(base, path), content_of(revision, path)
            if old != new:
                word = "new" if old is None else "gone" if new is None else "changed"
                found.append(Safeguard(path, 1, f"{what} is {word}"))
    return found


def _own(base: FileTree, revision: FileTree, files: PolicyFiles) -> Iterator[Safeguard]:
    """That the policy is one of the release; if its commit has the one of the base, that is no change."""
    path = files.own
    if path is None or (files.is_committed and content_of(base, path) == content_of(revision, path)):
        return
    word = "has" if files.is_committed else "may have"
    said = f"this file of the release is its policy: the release {word} changed it"
    yield Safeguard(path, 1, said, is_policy=True)


def _below(tree: FileTree, place: str) -> Sequence[str]:
    return [path for path in tree.paths() if path == place or path.startswith(f"{place.rstrip('/')}/")]


def _configuration(path: str, before: bytes | None, after: bytes | None) -> Iterator[Safeguard]:
    """What the two texts of a configuration say differently, by key."""
    if before == after:
        return
    old, new = _settings(path, before), _settings(path, after)
    if not old and not new:
        return
    if before is None or after is None:
        yield Safeguard(path, 1, f"the configuration is {'new' if before is None else 'gone'}")
        return
    for key in {**old, **new}:
        was, now = old.get(key), new.get(key)
        if (None if was is None else was.value) != (None if now is None else now.value):
            yield from _of_key(path, key, was, now)


_BELOW = frozenset(("gate", "rules", "breaking"))
"""Keys whose own keys are told one by one."""


def _of_key(path: str, key: str, was: Node | None, now: Node | None) -> Iterator[Safeguard]:
    """What has changed of a key."""
    if key in _BELOW and was is not None and now is not None and was.is_map and now.is_map:
        old, new = dict(was.items()), dict(now.items())
        for name in {**old, **new}:
            one, other = old.get(name), new.get(name)
            if (None if one is None else one.value) != (None if other is None else other.value):
                yield Safeguard(path, _line_of(other or now), _said(f"{key}.{name}", one, other))
        return
    yield Safeguard(path, _line_of(now), _said(key, was, now))


def _line_of(node: Node | None) -> int:
    return 1 if node is None or not node.exists else node.place().span().line


def _settings(path: str, content: bytes | None) -> Mapping[str, Node]:
    """The keys of a configuration; of ``pyproject.toml`` those of archlint's table, without their lines."""
    if content is None:
        return {}
    try:
        text = decode(content)
        if path.endswith(".toml"):
            import tomllib

            text = json.dumps(tomllib.loads(text).get("tool", {}).get("archlint", {}), default=str)
        loaded = load_text(path, text, Kind.DATA)
    except (TextProblem, ValueError, RecursionError, AttributeError):
        return {}
    return dict(loaded.documents[0].root.items()) if loaded.documents else {}


def _said(key: str, was: Node | None, now: Node | None) -> str:
    before, after = (None if each is None else each.value for each in (was, now))
    if before is None:
        return f"`{key}` is new: {_short(after)}"
    if after is None:
        return f"`{key}` is gone: it was {_short(before)}"
    if isinstance(before, list) and isinstance(after, list):
        return f"`{key}` has changed: {_lists(before, after)}"
    return f"`{key}` has changed: it was {_short(before)}, and is {_short(after)}"


def _lists(before: list[Any], after: list[Any]) -> str:
    new = [item for item in after if item not in before]
    gone = [item for item in before if item not in after]
    parts = [f"new {_short(new)}"] if new else []
    return ", ".join([*parts, f"gone {_short(gone)}"] if gone else parts) or "another order"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
