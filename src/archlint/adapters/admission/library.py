"""The functions that Kubernetes adds to CEL, and those that translated expressions call.

Functions are chosen by the kinds of value that they get, for which the library knows no "any": a function
that takes all kinds is declared once for each.

Source: Kubernetes documentation, "Common Expression Language in Kubernetes", and its package
``k8s.io/apiserver/pkg/cel/library``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from archlint.adapters.admission import quantities as kinds
from archlint.finding.regex import regex

CARRIERS = regex(
    r"\b(quantity|isQuantity|ip|isIP|cidr|isCIDR|url|isURL|semver|isSemver|format|sum|min|max|indexOf)\b\s*[(.]"
)
"""Names of functions whose types archlint does not check as Kubernetes does."""
UNREADABLE = "a regular expression that archlint cannot read"
_MOST_MATCHES = 10_000


class UnknownValue(Exception):
    """An expression asks for what nobody knows before a request is made."""


class Functions:
    """The declarations of all functions for an environment of the library ``cel``."""

    def __init__(self, cel: Any, variable: Callable[[str], Any], given: Callable[[str], Any]) -> None:
        """``variable`` gives the value of a policy's variable, ``given`` what is known of the request."""
        self._cel = cel
        self._found: dict[str, list[Any]] = {}
        types = cel.Type
        self._dyn, self._int, self._bool = types.DYN, types.INT, types.BOOL
        self._double, self._string = types.DOUBLE, types.STRING
        self._map, self._list = types.Map(types.DYN, types.DYN), types.List(types.DYN)
        self._any = (
            *(types.INT, types.UINT, types.DOUBLE, types.BOOL, types.STRING, types.BYTES, types.NULL),
            *(types.TIMESTAMP, types.DURATION, self._map, self._list),
        )
        self._add_internal(variable, given)
        self._add_texts()
        self._add_lists()
        self._add_sets()
        self._add_quantities()
        self._add_addresses()
        self._add_urls()
        self._add_versions()
        self._add_formats()
        self._add("jsonpatch.escapeKey", types.STRING, [types.STRING], _escaped)

    def declarations(self) -> list[Any]:
        """All functions."""
        return [self._cel.FunctionDecl(name, overloads) for name, overloads in self._found.items()]

    def _add(self, name: str, result: Any, takes: Iterable[Any], run: Callable[..., Any]) -> None:
        self._overload(name, result, takes, run, is_member=False)

    def _method(self, name: str, result: Any, takes: Iterable[Any], run: Callable[..., Any]) -> None:
        self._overload(name, result, takes, run, is_member=True)

    def _overload(
        self, name: str, result: Any, takes: Iterable[Any], run: Callable[..., Any], *, is_member: bool
    ) -> None:
        overloads = self._found.setdefault(name, [])
        overloads.append(
            self._cel.Overload(
                f"{name}_{len(overloads)}",
                return_type=result,
                parameters=list(takes),
                is_member=is_member,
                impl=run,
            )
        )

    def _add_internal(self, variable: Callable[[str], Any], given: Callable[[str], Any]) -> None:
        types = self._cel.Type
        results = {"dyn": self._dyn, "list": self._list, "map": self._map, "bool": self._bool} | {
            name: getattr(types, name.upper())
            for name in ("int", "uint", "double", "string", "bytes", "duration", "timestamp")
        }
        for name, result in results.items():
            self._add(f"__variable_{name}", result, [self._string], variable)
            self._add(f"__as_{name}", result, [result], lambda value: value)
        self._add("__given", self._dyn, [self._string], given)
        pairs = types.List(self._list)
        self._method(
            "__pairs", pairs, [self._map], lambda value: [[key, item] for key, item in value.items()]
        )
        self._method(
            "__pairs", pairs, [self._list], lambda value: [[at, item] for at, item in enumerate(value)]
        )
        self._method("__entries", self._map, [self._list], _entries)
        self._method("__merged", self._map, [self._list], lambda maps: _entries(_items(maps)))

    def _add_texts(self) -> None:
        text, texts = self._string, self._cel.Type.List(self._string)
        for name, found in (("__indexOf", str.find), ("__lastIndexOf", str.rfind)):
            self._method(name, self._int, [text, text], found)
            self._method(name, self._int, [text, text, self._int], _index_from(name))
        self._method("__reverse", text, [text], lambda value: value[::-1])
        self._method("find", text, [text, text], lambda value, pattern: next(_matches(value, pattern), ""))
        self._method("findAll", texts, [text, text], lambda value, pattern: list(_matches(value, pattern)))
        self._method("findAll", texts, [text, text, self._int], _some_matches)

    def _add_lists(self) -> None:
        for kind in self._any:
            self._method("__indexOf", self._int, [self._list, kind], _index)
            self._method("__lastIndexOf", self._int, [self._list, kind], _last_index)
        self._method("isSorted", self._bool, [self._list], _is_sorted)
        self._method("sum", self._dyn, [self._list], _sum)
        self._method("min", self._dyn, [self._list], lambda items: _extreme(min, items))
        self._method("max", self._dyn, [self._list], lambda items: _extreme(max, items))
        self._method("__reverse", self._list, [self._list], lambda items: items[::-1])
        self._method("distinct", self._list, [self._list], _distinct)
        self._method("sort", self._list, [self._list], lambda items: sorted(_comparable(items)))
        self._method("flatten", self._list, [self._list], _flat)
        self._method("slice", self._list, [self._list, self._int, self._int], _slice)
        self._add("lists.range", self._list, [self._int], lambda length: list(range(min(length, 100_000))))

    def _add_sets(self) -> None:
        both = [self._list, self._list]
        self._add(
            "sets.contains", self._bool, both, lambda one, other: all(_has(one, item) for item in other)
        )
        self._add(
            "sets.intersects", self._bool, both, lambda one, other: any(_has(one, item) for item in other)
        )
        self._add("sets.equivalent", self._bool, both, _are_equivalent)

    def _add_quantities(self) -> None:
        one, text, number = self._map, self._string, self._int
        self._add("quantity", one, [text], kinds.quantity)
        self._add("isQuantity", self._bool, [text], _holds(kinds.quantity))
        self._method("sign", number, [one], lambda value: _sign(kinds.amount(value)))
        self._method("isInteger", self._bool, [one], lambda value: _fits(kinds.amount(value)))
        self._method("asInteger", number, [one], _as_integer)
        self._method("asApproximateFloat", self._double, [one], lambda value: float(kinds.amount(value)))
        for name, sign in (("add", 1), ("sub", -1)):
            for kind in (one, number):
                self._method(name, one, [one, kind], _added(sign))
        self._method("isLessThan", self._bool, [one, one], lambda a, b: _order(a, b) < 0)
        self._method("isGreaterThan", self._bool, [one, one], lambda a, b: _order(a, b) > 0)
        self._method("compareTo", number, [one, one], _order)

    def _add_addresses(self) -> None:
        one, text = self._map, self._string
        self._add("ip", one, [text], kinds.ip)
        self._add("isIP", self._bool, [text], _holds(kinds.ip))
        self._add("ip.isCanonical", self._bool, [text], lambda value: kinds.ip(value) == {kinds.IP: value})
        self._add("cidr", one, [text], kinds.cidr)
        self._add("isCIDR", self._bool, [text], _holds(kinds.cidr))
        self._method("family", self._int, [one], lambda value: kinds.address_of(value).version)
        for name, holds in (
            ("isUnspecified", "is_unspecified"),
            ("isLoopback", "is_loopback"),
            ("isLinkLocalUnicast", "is_link_local"),
        ):
            self._method(name, self._bool, [one], _property(holds))
        self._method("isLinkLocalMulticast", self._bool, [one], _is_link_local_multicast)
        self._method(
            "isGlobalUnicast",
            self._bool,
            [one],
            lambda value: kinds.is_global_unicast(kinds.address_of(value)),
        )
        for kind in (one, text):
            self._method("containsIP", self._bool, [one, kind], kinds.contains_address)
            self._method("containsCIDR", self._bool, [one, kind], kinds.contains_network)
        self._method("ip", one, [one], lambda value: {kinds.IP: str(kinds.network_of(value).ip)})
        self._method("masked", one, [one], lambda value: {kinds.CIDR: str(kinds.network_of(value).network)})
        self._method(
            "prefixLength", self._int, [one], lambda value: kinds.network_of(value).network.prefixlen
        )

    def _add_urls(self) -> None:
        one, text = self._map, self._string
        self._add("url", one, [text], kinds.url)
        self._add("isURL", self._bool, [text], _holds(kinds.url))
        parts = (
            ("getScheme", "scheme"),
            ("getHost", "host"),
            ("getHostname", "hostname"),
            ("getPort", "port"),
        )
        for name, part in (*parts, ("getEscapedPath", "path")):
            self._method(name, text, [one], _url_part(part))
        self._method("getQuery", self._map, [one], _url_part("query"))

    def _add_versions(self) -> None:
        one, text = self._map, self._string
        self._add("semver", one, [text], kinds.semver)
        self._add("semver", one, [text, self._bool], kinds.semver)
        self._add("isSemver", self._bool, [text], _holds(kinds.semver))
        self._add("isSemver", self._bool, [text, self._bool], _holds(kinds.semver))
        for index, name in enumerate(("major", "minor", "patch")):
            self._method(name, self._int, [one], _version_part(index))

    def _add_formats(self) -> None:
        for name in kinds.FORMATS:
            self._add(f"format.{name}", self._map, [], _format(name))
        self._add("format.__named", self._map, [self._string], kinds.named_format)
        texts = self._cel.Type.List(self._string)
        self._method("__validate", texts, [self._map, self._string], kinds.mistakes)


def _entries(pairs: Iterable[Any]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"insert failed: key {key} already exists")
        found[key] = value
    return found


def _items(maps: Iterable[dict[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    for item in maps:
        yield from item.items()


def _index_from(name: str) -> Callable[[str, str, int], int]:
    def found(value: str, part: str, at: int) -> int:
        return value.find(part, at) if name == "__indexOf" else value.rfind(part, 0, at + len(part))

    return found


def _matches(value: str, pattern: str) -> Iterator[Any]:
    for count, match in enumerate(re.finditer(python_pattern(pattern), value, re.ASCII)):
        if count == _MOST_MATCHES:
            raise ValueError("too many matches")
        yield match[0]


def python_pattern(pattern: str) -> str:
    """A pattern of RE2 as one of Python; raises ``ValueError`` for what the two understand otherwise."""
    if re.search(r"\\[pPzQCxA]|\[\[:|\(\?[^:iP)]|\(\?P[=>]", pattern):
        raise UnknownValue(UNREADABLE)
    return re.sub(
        r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*(?:\]|\\?\Z))|\$",
        lambda match: match[1] or r"\Z",
        pattern,
        flags=re.DOTALL,
    )


def _some_matches(value: str, pattern: str, most: int) -> list[str]:
    found = list(_matches(value, pattern))
    return found if most < 0 else found[:most]


def _same(one: Any, other: Any) -> bool:
    """Equality as CEL has it: numbers of all kinds compare, booleans are no numbers."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    return bool(one == other)


def _has(items: list[Any], wanted: Any) -> bool:
    return any(_same(item, wanted) for item in items)


def _are_equivalent(one: list[Any], other: list[Any]) -> bool:
    return all(_has(one, item) for item in other) and all(_has(other, item) for item in one)


def _index(items: list[Any], wanted: Any) -> int:
    return next((at for at, item in enumerate(items) if _same(item, wanted)), -1)


def _last_index(items: list[Any], wanted: Any) -> int:
    return next((at for at in reversed(range(len(items))) if _same(items[at], wanted)), -1)


def _comparable(items: list[Any]) -> list[Any]:
    kinds_seen = {
        "number" if isinstance(item, (int, float)) and not isinstance(item, bool) else type(item).__name__
        for item in items
    }
    if len(kinds_seen) > 1 or kinds_seen & {"dict", "list", "NoneType"}:
        raise ValueError("no such overload")
    return items


def _is_sorted(items: list[Any]) -> bool:
    return all(one <= other for one, other in pairwise(_comparable(items)))


def _sum(items: list[Any]) -> Any:
    if any(isinstance(item, (str, bool)) for item in _comparable(items)):
        raise ValueError("no such overload")
    return sum(items) if items else 0


def _extreme(choose: Callable[[list[Any]], Any], items: list[Any]) -> Any:
    if not items:
        raise ValueError(f"{choose.__name__} called on empty list")
    return choose(_comparable(items))


def _distinct(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if not _has(found, item):
            found.append(item)
    return found


def _flat(items: list[Any]) -> list[Any]:
    return [part for item in items for part in (item if isinstance(item, list) else [item])]


def _slice(items: list[Any], start: int, end: int) -> list[Any]:
    if not 0 <= start <= end <= len(items):
        raise ValueError("slice indices out of range")
    return items[start:end]


def _holds(read: Callable[..., Any]) -> Callable[..., bool]:
    def holds(*values: Any) -> bool:
        try:
            read(*values)
        except ValueError:
            return False
        return True

    return holds


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _fits(value: Fraction) -> bool:
    return value.denominator == 1 and -(2**63) <= value < 2**63


def _as_integer(value: Any) -> int:
    number = kinds.amount(value)
    if not _fits(number):
        raise ValueError("cannot convert value to integer")
    return int(number)


def _added(sign: int) -> Callable[[Any, Any], Any]:
    return lambda one, other: {kinds.QUANTITY: str(kinds.amount(one) + sign * kinds.amount(other))}


def _order(one: Any, other: Any) -> int:
    if kinds.tag_of(one) == kinds.SEMVER:
        left, right = kinds.version_key(one), kinds.version_key(other)
        return (left > right) - (left < right)
    return _sign(kinds.amount(one) - kinds.amount(other))


def _property(name: str) -> Callable[[Any], bool]:
    return lambda value: bool(getattr(kinds.address_of(value), name))


def _is_link_local_multicast(value: Any) -> bool:
    address = kinds.address_of(value)
    return str(address).startswith("224.0.0.") if address.version == 4 else str(address).startswith("ff02:")


def _url_part(part: str) -> Callable[[Any], Any]:
    return lambda value: kinds.url_part(value, part)


def _version_part(index: int) -> Callable[[Any], Any]:
    return lambda value: kinds.version_key(value)[index]


def _format(name: str) -> Callable[[], Any]:
    return lambda: kinds.named_format(name)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
