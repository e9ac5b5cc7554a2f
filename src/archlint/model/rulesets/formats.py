"""The formats by which rulesets say which documents a rule is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.finding.regex import regex

_NUMBER = regex(r"\s*+([+-]?\d++)")
_PATCHED = regex(r"([23])\.(\d++)\.(\d++)\Z")
_MINOR = regex(r"(\d)\.(\d)(?:\.\d*+)?\Z")
_DRAFT = regex(r"https?://json-schema.org/(?:draft-0([467])|draft/(20(?:19-09|20-12)))/(?:hyper-)?schema#?\Z")
_TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
_BRANCHES = ("allOf", "oneOf", "anyOf", "not", "if")

Test = Callable[[dict[str, Any]], bool]


def _text(value: Any) -> str:
    """A version as a text: YAML reads ``3.1`` as a number."""
    return str(value)


def _begins_with(key: str, number: int) -> Test:
    def test(data: dict[str, Any]) -> bool:
        found = _NUMBER.match(_text(data[key])) if key in data else None
        return found is not None and int(found[1]) == number

    return test


def _minor(key: str, major: int, minor: int) -> Test:
    def test(data: dict[str, Any]) -> bool:
        found = _MINOR.match(_text(data[key])) if key in data else None
        return found is not None and (int(found[1]), int(found[2])) == (major, minor)

    return test


def _events(major: int) -> Test:
    def test(data: dict[str, Any]) -> bool:
        found = _PATCHED.match(_text(data["asyncapi"])) if "asyncapi" in data else None
        return found is not None and int(found[1]) == major

    return test


def _is_schema(data: dict[str, Any]) -> bool:
    stated = data.get("$schema")
    return isinstance(stated, str) and "//json-schema.org/" in stated


def _is_like_schema(data: dict[str, Any]) -> bool:
    stated = data.get("type")
    types = stated if isinstance(stated, list) else [stated]
    return (
        _is_schema(data)
        or ("type" in data and all(isinstance(item, str) and item in _TYPES for item in types))
        or isinstance(data.get("enum"), list)
        or any(isinstance(data.get(key), (dict, list)) for key in _BRANCHES)
    )


def _draft(name: str) -> Test:
    def test(data: dict[str, Any]) -> bool:
        found = _DRAFT.match(data["$schema"]) if _is_schema(data) else None
        return found is not None and name in (found[1], found[2])

    return test


_TESTS: dict[str, Test] = {
    "oas2": _begins_with("swagger", 2),
    "oas3": _begins_with("openapi", 3),
    **{f"oas3_{minor}": _minor("openapi", 3, minor) for minor in range(3)},
    "asyncapi2": _events(2),
    "asyncapi3": _events(3),
    **{f"asyncapi2_{minor}": _minor("asyncapi", 2, minor) for minor in range(7)},
    **{f"asyncapi3_{minor}": _minor("asyncapi", 3, minor) for minor in range(2)},
    "json-schema": _is_schema,
    "json-schema-loose": _is_like_schema,
    **{f"json-schema-draft{draft}": _draft(draft) for draft in ("4", "6", "7")},
    **{f"json-schema-{draft}": _draft(draft) for draft in ("2019-09", "2020-12")},
    "arazzo1_0": _minor("arazzo", 1, 0),
}


def named_format(name: str) -> str | None:
    """The format that a ruleset means, which has several names for some; ``None`` if there is none."""
    plain = name.strip()
    if plain.startswith(("oas", "asyncapi", "aas", "arazzo")):
        plain = plain.lower().replace(".", "_")
        plain = f"asyncapi{plain[3:]}" if plain.startswith("aas") else plain
    plain = plain.replace("json-schema-draft-", "json-schema-draft").replace("draft20", "20")
    return plain if plain in _TESTS else None


SCHEMA_FORMATS = frozenset(name for name in _TESTS if name.startswith("json-schema"))
"""The formats of documents that are schemas."""


def formats_of(data: Any) -> frozenset[str]:
    """The formats that a document has."""
    if not isinstance(data, dict):
        return frozenset()
    return frozenset(name for name, test in _TESTS.items() if test(data))
