"""Lists, numbers and values in sentences: one way for messages and reports of all stages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence


def number_of(count: int, word: str) -> str:
    """Such as ``1 error``, ``2 errors`` or ``2 entries``."""
    if count == 1:
        return f"{count} {word}"
    return f"{count} {word[:-1]}ies" if word.endswith("ry") else f"{count} {word}s"


def listed(parts: Sequence[str], most: int | None = None) -> str:
    """Such as ``a, b and c``; of more than ``most`` the first ones, as in ``a, b and 4 more``."""
    if most is not None and len(parts) > most:
        return listed((*parts[:most], f"{len(parts) - most} more"))
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def either(parts: Sequence[str], most: int | None = None) -> str:
    """Such as ``a, b or c``; of more than ``most`` the first ones, as in ``a, b or 4 more``."""
    if most is not None and len(parts) > most:
        return either((*parts[:most], f"{len(parts) - most} more"))
    return " or ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def quoted(names: Iterable[object]) -> list[str]:
    """Each name as messages show it."""
    return [f"'{written(name)}'" for name in names]


def written(value: object, most: int = 60) -> str:
    """A value as documents have it: text as it is, maps and lists in JSON, cut behind so many characters."""
    if value is None or isinstance(value, bool | dict | list):
        return shortened(json.dumps(value, ensure_ascii=False, default=str), most)
    return str(value)


def shortened(text: str, most: int) -> str:
    """A text that has at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def was_in(words: str, version: str | None) -> str:
    """What an older side is called, with the version that it is; without a version the base."""
    return words if version is None else f"{words}, in {version}"


def as_it_was(version: str | None) -> str:
    """What an older side is called where it is shown beside a finding; without a version the base."""
    return "as it was" if version is None else f"as it was in {version}"
