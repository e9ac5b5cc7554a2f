"""Changes of a file that know its structure: keys and values of data, tokens of all other text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any

from tests.fuzz.notations import DATA, NO_DATA, bounded, read, write
from tests.fuzz.seeds import seeds

_TOKEN = re.compile(r"\w+|[ \t]+|.|\n")
_LARGEST = 60_000
"""Characters after which a text is cut: what is asked here is not how fast long input is read."""
_MOST = 200
"""Items of a list that has been widened."""

HOSTILE = (
    "##[error]forged",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[buildStop]",
    "x\r::error::forged",
    "\n  ::set-output name=a::b",
    "\u2028::warning::x",
    "\x0b::notice::x\x0c::notice::y\x85::notice::z",
    "\x1b[31m\x07",
    "\u202e\u2066\u200b",
    "</td><script>alert(1)</script>",
    "| `x` | [l](y)",
    "{{ .Values.x }}",
    "${X}",
    "%0A%0D",
    "a" * 3000,
    "(((((((a+)+)+)+)+)+)+)$",
    "a{99999}{99999}",
    "a{" + "9" * 4500 + "}",
    "../../../../etc/passwd",
    "/dev/zero",
    "#/components/schemas/../x",
    "#/a~2b/%zz",
    "https://example.invalid/a.yaml",
    "\\",
    "\x00",
    "\ud800",
    "é\u0301ß\U0001f600",
    " ",
    "",
)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**30,
    1.5,
    1e308,
    float("inf"),
    float("nan"),
    "0",
    "null",
    "2026-01-01",
    "1e400",
    "9" * 4400,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"$ref": "#"},
    {"$ref": 1},
    {"$ref": "#/components/schemas/A"},
    {"name": []},
    {"type": ["object", "null"]},
)


def mutated(text: str, path: str, random: Random) -> str:
    """The text with a few changes; always another program's idea of it, often no longer valid."""
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        is_data = path.endswith(DATA) and random.random() < 0.6
        text = (_data_changed(text, path, random) if is_data else None) or _text_changed(text, random)
        text = text[:_LARGEST]  # each time, as a change may make it a thousand times longer
    return text


def _data_changed(text: str, path: str, random: Random) -> str | None:
    try:
        documents = read(text, path)
        for _ in range(random.choice((1, 1, 2, 4))):
            _change_once(documents, random)
            bounded(documents)
        return write(documents, text, path, random)
    except NO_DATA:
        return None  # no data any more: what is left is text


def _change_once(documents: list[Any], random: Random) -> None:
    places = list(_places(documents))
    holder, key = random.choice(places)
    change = random.choice(_CHANGES)
    change(holder, key, [holder[key] for holder, key in places], random)


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with each of its keys or positions."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        entries = list(here.items() if isinstance(here, dict) else enumerate(here))
        for key, value in entries:
            yield here, key
            if isinstance(value, dict | list):
                waiting.append(value)


Change = Callable[[Any, Any, list[Any], Random], None]


def _replace(holder: Any, key: Any, values: list[Any], random: Random) -> None:
    holder[key] = random.choice((random.choice(ODD), random.choice(HOSTILE), _copy(random.choice(values))))


def _remove(holder: Any, key: Any, values: list[Any], random: Random) -> None:
    del holder[key]


def _rename(holder: Any, key: Any, values: list[Any], random: Random) -> None:
    if isinstance(holder, dict):
        known = random.choice(_words())
        holder[random.choice((known, random.choice(HOSTILE), random.choice((1, True, None))))] = holder.pop(
            key
        )


def _add(holder: Any, key: Any, values: list[Any], random: Random) -> None:
    if isinstance(holder, dict):
        holder[random.choice(_words())] = _copy(random.choice((*values, *ODD)))
    else:
        holder.insert(random.randrange(len(holder) + 1), _copy(random.choice((*values, *ODD))))


def _wrap(holder: Any, key: Any, values: list[Any], random: Random) -> None:
    for _ in range(random.choice((1, 2, 30, 150))):
        holder[key] = random.choice(([holder[key]], {random.choice(_words()): holder[key]}))


def _widen(holder: Any, key: Any, values: list[Any], random: Random) -> None:
    if isinstance(holder[key], str):
        holder[key] = holder[key] + random.choice(HOSTILE)
    elif isinstance(holder[key], list):
        holder[key] = (holder[key] * random.choice((2, 50)))[:_MOST]
    elif isinstance(holder[key], int):
        holder[key] = random.choice((-holder[key], holder[key] + 1, holder[key] * 10**20))


_CHANGES: tuple[Change, ...] = (_replace, _replace, _remove, _rename, _add, _add, _wrap, _widen)


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str, skipkeys=True))


@cache
def _words() -> tuple[str, ...]:
    """All keys that occur in the seeds, so that one kind's words get into another's."""
    key = re.compile(r"""^[ \t]*(?:- )?["']?([$\w./-]{1,40})["']?:(?:\s|$)""", re.MULTILINE)
    texts = (text for seed in seeds() for text in (*seed.files.values(), *seed.base.values()))
    return tuple(sorted({word for text in texts for word in key.findall(text)}))


def _text_changed(text: str, random: Random) -> str:
    kind = random.randrange(9)
    lines = text.split("\n")
    at = random.randrange(len(lines))
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(random.randrange(len(lines)), lines[at])
    elif kind == 2:
        lines[at] += random.choice(("  # archlint: ignore[ALL] x", "  # archlint: ignore[", *HOSTILE))
    elif kind == 3:
        lines[at] = random.choice((" ", "  ", "\t", "- ", "#", "&a ", "*a", "? ", "---\n", "}")) + lines[at]
    elif kind == 4:
        lines = lines[:at]
    elif kind == 5:
        return text.replace("\n", random.choice(("\r\n", "\r", "\n\n")))
    else:
        return _tokens_changed(text, random)
    return "\n".join(lines)


def _tokens_changed(text: str, random: Random) -> str:
    tokens = _TOKEN.findall(text) or [""]
    at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    kind = random.randrange(5)
    if kind == 0:
        del tokens[at]
    elif kind == 1:
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif kind == 2:
        tokens[at] = random.choice((random.choice(HOSTILE), str(random.choice(ODD)), random.choice(_words())))
    elif kind == 3:
        tokens[at] *= random.choice((2, 1000))
    else:
        tokens.insert(at, random.choice("{}[]()<>\"'`:;,|&*!%@#\\-?$~^=\r\t\ufeff"))
    return "".join(tokens)
