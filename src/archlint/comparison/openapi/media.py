"""Matches media types: by name, without their parameters, by suffix (``application/problem+json`` is a kind
of ``application/json``), or by a range such as ``application/*``.

Parameters are read as RFC 9110 writes them (section 5.6.6): ``charset="UTF-8"`` is ``charset=utf-8``.

Compares which schemas a media type has: of the whole, and of each item of a stream.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import Happening, MediaSchemaChanged, Naming
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi import Direction

_PARAMETER = regex(r';\s*([^\s;="]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))', re.DOTALL)
_TOKEN = regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_MOST = 100
"""Media types of a body that are matched otherwise than by name."""


@dataclass(frozen=True, slots=True)
class MatchedMedia:
    """Media types that stand for each other, and those that stand alone."""

    pairs: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


def match_media(old: Collection[str], new: Collection[str]) -> MatchedMedia:
    """Each name of the old side with the same, or else the nearest one, of the new side that no other has."""
    pairs = {name: name for name in old if name in new}
    if len(old) * len(new) > _MOST * _MOST:
        return _matched(old, new, pairs)
    for alike in (is_same, _is_plainly_same, _is_kind, _is_in_range):
        for name in old:
            if name in pairs:
                continue
            taken = set(pairs.values())
            several = alike is _is_in_range  # a range stands for many
            found = next(
                (other for other in new if (several or other not in taken) and alike(name, other)), None
            )
            if found is not None:
                pairs[name] = found
    return _matched(old, new, pairs)


def _matched(old: Collection[str], new: Collection[str], pairs: dict[str, str]) -> MatchedMedia:
    used = set(pairs.values())
    return MatchedMedia(
        tuple((name, pairs[name]) for name in old if name in pairs),
        tuple(name for name in old if name not in pairs),
        tuple(name for name in new if name not in used),
    )


def naming_of(old: str, new: str) -> Naming | None:
    """How one name relates to another that stands for it; ``None`` if they are the same."""
    if is_same(old, new):
        return None
    before, after = _plain(old), _plain(new)
    if before != after and (is_range(old) or is_range(new)):
        return Naming.WIDER if _is_in_range(old, new) else Naming.NARROWER
    if _parameters(old) != _parameters(new):
        return Naming.PARAMETERS
    if before == after:
        return None
    return Naming.NARROWER if _contains(before, after) else Naming.WIDER


def is_same(one: str, other: str) -> bool:
    """Whether two names mean one media type, whatever their letter case, spaces, quotes and order are."""
    return one == other or normal(one) == normal(other)


def normal(name: str) -> str:
    """A media type in the one form that all its spellings have."""
    parameters = sorted(f"; {key}={_written(value)}" for key, value in _parameters(name))
    return _plain(name) + "".join(parameters)


def listed(text: str) -> list[str]:
    """The media types of a list with commas, each in its normal form."""
    parts, is_quoted, is_escaped = [""], False, False
    for char in text:
        if char == "," and not is_quoted:
            parts.append("")
            continue
        is_quoted ^= char == '"' and not is_escaped
        is_escaped = is_quoted and char == "\\" and not is_escaped
        parts[-1] += char
    return [normal(part) for part in parts if part.strip()]


def is_json(name: str) -> bool:
    """Whether a media type is JSON, or a range that JSON belongs to."""
    plain = _plain(name)
    return plain in ("application/json", "*/*", "application/*", "text/json") or plain.endswith("json")


def is_plain_text(name: str) -> bool:
    """Whether a body of this media type is a text and nothing else."""
    return _plain(name) == "text/plain"


def is_form(name: str) -> bool:
    """Whether a body of this media type is made of fields."""
    plain = _plain(name)
    return plain == "application/x-www-form-urlencoded" or plain.startswith("multipart/")


def is_range(name: str) -> bool:
    """Whether a name stands for many media types."""
    return _plain(name).endswith("/*")


def _is_plainly_same(old: str, new: str) -> bool:
    return _plain(old) == _plain(new)


def _is_kind(old: str, new: str) -> bool:
    one, two = _plain(old), _plain(new)
    return _contains(one, two) or _contains(two, one)


def _contains(wide: str, narrow: str) -> bool:
    """Whether one name is a kind of the other: ``application/atom+xml`` of ``application/xml``."""
    kind, _, name = wide.partition("/")
    other, _, special = narrow.partition("/")
    return kind == other and "+" not in name and special.count("+") == 1 and special.endswith(f"+{name}")


def _is_in_range(old: str, new: str) -> bool:
    return _plain(new) in (_plain(old).split("/")[0] + "/*", "*/*")


def _plain(name: str) -> str:
    return name.partition(";")[0].strip().lower()


def _parameters(name: str) -> frozenset[tuple[str, str]]:
    """Names and values; the names, and what a character set is called, know no case."""
    found = set()
    for part in _PARAMETER.finditer(name):
        key, value = part[1].lower(), (part[3] or "").strip()
        if part[2] is not None:
            value = re.sub(r"\\(.)", r"\1", part[2], flags=re.DOTALL)
        found.add((key, value.lower() if key == "charset" else value))
    return frozenset(found)


def _written(value: str) -> str:
    if _TOKEN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


ITEMS = "itemSchema"
"""The schema of each item of a stream, since version 3.2."""


def compare_presence(
    contracts: ContractPair, pair: OperationPair, direction: Direction, nodes: tuple[Node, Node], keyword: str
) -> None:
    """Tell of a schema of a media type that is new or gone; ``nodes`` are where it is, or would be."""
    base, revision = nodes
    stated = revision if revision.exists else base
    if base.exists is revision.exists or stated.value in ({}, True):
        return
    other = _sibling(base if stated is revision else revision, keyword)
    if keyword == "schema" and other.exists:
        return  # the schema of the whole gave way to that of the items, or the other way round
    change = MediaSchemaChanged(
        at=_above(revision).place(),
        was=_above(base).place(),
        about=contracts.names.about(revision),
        where=contracts.names.label(revision),
        realm=pair.realm,
        what=Happening.ADDED if revision.exists else Happening.REMOVED,
        direction=direction,
        keyword=keyword,
    )
    contracts.report(change, pair.name, None)


def _sibling(schema: Node, keyword: str) -> Node:
    """Beside a schema that is missing: that of the items."""
    return _above(schema).get(ITEMS if keyword == "schema" else "schema")


def _above(schema: Node) -> Node:
    """The media type that has a schema, or would have."""
    return schema.document.at(schema.route[:-1])
