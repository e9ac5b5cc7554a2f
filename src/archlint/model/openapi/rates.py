"""Rate limits in extensions: the plain forms that people write, and those that gateways read.

Forms by source: Kong ``x-kong-plugin-rate-limiting`` (``config.minute`` and its like), Yandex API Gateway
``x-yc-apigateway-rate-limit`` (``rps``, ``rpm``), Google ``x-google-management`` and
``x-google-api-management`` (``unit: 1/min/{project}`` with ``values``), Kuadrant ``x-kuadrant`` (``limit``,
``duration``, ``unit``, or ``window``), Tyk ``x-tyk-api-gateway`` (``rate``, ``per``), WSO2
``x-throttling-limit`` (``requestCount``, ``unit``) and ``x-wso2-throttling-tier`` (``10KPerMin``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.articles import with_article
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi.contracts import Contract
from archlint.model.openapi.operations import operations_of
from archlint.model.world import World

_RATE_KEY = regex(r"x-(?:.*[-_])?(?:rate-?_?limit|throttl)", re.IGNORECASE)
_GATEWAY_KEYS = frozenset(
    ("x-google-management", "x-google-api-management", "x-kuadrant", "x-tyk-api-gateway")
)
_GATEWAY_PART = regex(r"rate-?_?limit|quota", re.IGNORECASE)
_AMOUNTS = (
    *("limit", "requests", "rate", "max", "events", "count", "calls", "requestcount", "maxrequests"),
    *("requestlimit", "value", "tokens", "average", "hits"),
)
_WINDOWS = (
    *("window", "period", "per", "interval", "duration", "unit", "timeunit", "timewindow", "windowseconds"),
    *("periodseconds", "intervalseconds"),
)
_MINUTES = {
    "s": 1 / 60,
    "min": 1.0,
    "h": 60.0,
    "d": 1440.0,
    "mon": 43_200.0,
    "y": 525_600.0,
    "ms": 1 / 60_000,
}
"""Length of each unit in minutes; a month counts 30 days."""
_UNITS = regex(
    r"(?:(ms|milli(?:second)?s?)|(s|sec|seconds?)|(m|min|minutes?)|(h|hr|hours?)|(d|days?)|(mon|months?)"
    r"|(y|years?))\Z",
    re.IGNORECASE,
)
_UNIT_NAMES = ("ms", "s", "min", "h", "d", "mon", "y")
_SPAN = regex(r"\s*+(\d++(?:\.\d++)?+)?+\s*+([A-Za-z]++)?+\s*+\Z")
_TEXT = regex(
    r"\s*+(\d[\d_,]*+(?:\.\d++)?)\s*+([kKmM])?\s*+(?:req(?:uest)?s?|calls?)?\s*+(?:/|per|p(?=[smh]\b))\s*+(.+)",
    re.IGNORECASE,
)
_NAMED = regex(r"(?:(?:requests?|calls?|max|limit|rate)_?)?per_?(second|minute|hour|day|month|year)\Z", re.I)
_SHORT = {"rps": "s", "rpm": "min", "rph": "h", "rpd": "d"}
_BARE = {"second": "s", "minute": "min", "hour": "h", "day": "d", "month": "mon", "year": "y"}
_DEEPEST = 8


@dataclass(frozen=True, eq=False)
class RateLimit:
    """A number of requests in a length of time; ``node`` is where the number stands."""

    node: Node
    requests: float
    minutes: float
    window: str
    """The length of time as a person would say it."""
    object: ObjectRef

    @classmethod
    def all(cls, world: World) -> Iterable[RateLimit]:
        """Every limit in an extension of a contract, a path, an operation or a response."""
        for contract in world.all(Contract):
            for owner, about in _owners(contract):
                for key, extension in owner.items():
                    if key.lower().startswith("x-"):
                        yield from _of_extension(key.lower(), extension, about)

    @property
    def source(self) -> Document:
        """The document that states the limit."""
        return self.node.document


def is_rate_extension(key: str) -> bool:
    """Whether a key is an extension that states a rate limit."""
    return _RATE_KEY.match(key) is not None


def _owners(contract: Contract) -> Iterator[tuple[Node, ObjectRef]]:
    yield contract.root, contract.object
    yield contract.root.get("info"), contract.object
    yield contract.root.get("components"), contract.object
    for item in contract.path_items:
        yield from ((layer, item.object) for layer in item.layers)
    for operation in operations_of(contract.path_items):
        yield operation.node, operation.object
        for response in operation.responses.values():
            yield response.node, operation.object


def _of_extension(key: str, node: Node, about: ObjectRef) -> Iterator[RateLimit]:
    if is_rate_extension(key):
        found = _limits(node, 0)
    elif key in _GATEWAY_KEYS:
        found = _in_gateway(node, 0)
    else:
        return
    for at, requests, minutes, window in found:
        yield RateLimit(at, requests, minutes, window, about)


_Found = tuple[Node, float, float, str]


def _in_gateway(node: Node, depth: int) -> Iterator[_Found]:
    """The parts of a gateway's settings that are about rates."""
    for key, child in node.items():
        if _GATEWAY_PART.match(key):
            yield from _limits(child, depth)
        elif depth < _DEEPEST:
            yield from _in_gateway(child, depth + 1)
    for child in node.elements():
        if depth < _DEEPEST:
            yield from _in_gateway(child, depth + 1)


def _limits(node: Node, depth: int) -> Iterator[_Found]:
    """All limits in a value whose key says that it states one."""
    if depth > _DEEPEST:
        return
    if node.is_list:
        for item in node.elements():
            yield from _limits(item, depth + 1)
    elif node.is_map:
        yield from _of_map(node, depth)
    else:
        found = _of_scalar(node) if depth == 0 else _of_text(node)
        if found is not None:
            yield found


def _of_map(node: Node, depth: int) -> Iterator[_Found]:
    fields = {key.lower().replace("-", "").replace("_", ""): child for key, child in node.items()}
    unit = fields.get("unit")
    if unit is not None and unit.text is not None and unit.text.startswith("1/") and "values" in fields:
        yield from _of_google(unit.text, fields["values"])
        return
    window = _window(fields)
    amount = next(
        (fields[name] for name in _AMOUNTS if name in fields and _amount(fields[name]) is not None), None
    )
    if amount is not None and (window is not None or depth == 0):
        minutes, words = window or (1.0, "a minute")
        yield amount, _amount(amount) or 0.0, minutes, words
        return
    for key, child in node.items():
        name = key.lower()
        short = _SHORT.get(name) or _BARE.get(name) or _named_unit(key)
        number = _amount(child)
        if short is not None and number is not None:
            yield child, number, _MINUTES[short], _say(1, short)
        elif not name.startswith(("retry", "burst", "description", "enabled")):
            yield from _limits(child, depth + 1)


def _of_google(unit: str, values: Node) -> Iterator[_Found]:
    name = _unit(unit.split("/")[1])
    for _, value in values.items():
        number = _amount(value)
        if name is not None and number is not None:
            yield value, number, _MINUTES[name], _say(1, name)


def _window(fields: dict[str, Node]) -> tuple[float, str] | None:
    """The length of time that the fields of one limit state, in minutes and in words."""
    number, unit = 1.0, None
    for name in _WINDOWS:
        value = fields.get(name)
        if value is None:
            continue
        plain = _amount(value) if value.text is None else None
        found = _SPAN.match(value.text) if value.text is not None else None
        if plain is not None:
            number, unit = plain, unit or "s"
        elif found is not None and found[2] is not None and _unit(found[2]) is not None:
            number, unit = float(found[1] or number), _unit(found[2])
        elif found is not None and found[1] is not None:
            number, unit = float(found[1]), unit or "s"
    if unit is None or not number > 0:
        return None
    return number * _MINUTES[unit], _say(number, unit)


def _of_scalar(node: Node) -> _Found | None:
    """A bare number counts requests a minute; a text is a number and a length of time."""
    number = _amount(node)
    return _of_text(node) if number is None else (node, number, 1.0, "a minute")


def _of_text(node: Node) -> _Found | None:
    found = _TEXT.match(node.text) if node.text is not None and len(node.text) <= 80 else None
    if found is None:
        return None
    span = _SPAN.match(found[3])
    unit = _unit(span[2] or "") if span is not None else None
    if span is None or unit is None:
        return None
    factor = {"k": 1e3, "m": 1e6}.get((found[2] or "").lower(), 1.0)
    count = float(span[1] or 1)
    if not count > 0:
        return None
    return node, float(re.sub("[_,]", "", found[1])) * factor, count * _MINUTES[unit], _say(count, unit)


def _unit(text: str) -> str | None:
    found = _UNITS.match(text.strip())
    return (
        None
        if found is None
        else next(n for n, part in zip(_UNIT_NAMES, found.groups(), strict=True) if part)
    )


def _named_unit(key: str) -> str | None:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower().replace("-", "_")
    found = _NAMED.match(spaced)
    return None if found is None else _BARE[found[1].lower()]


def _amount(node: Node) -> float | None:
    """A number, or text that is nothing else; infinity and the like are no limits."""
    value = node.value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(?:\.\d{1,9})?", value):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e15:
        return None
    return float(value) if math.isfinite(value) else None


def _say(count: float, unit: str) -> str:
    names = dict(
        zip(_UNIT_NAMES, ("millisecond", "second", "minute", "hour", "day", "month", "year"), strict=True)
    )
    return with_article(names[unit]) if count == 1 else f"{count:g} {names[unit]}s"
