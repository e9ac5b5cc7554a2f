"""What a consumer reads of the headers of an answer, held against those that the contract declares.

A header that HTTP itself defines may come with any answer, so nothing is said where a contract leaves it out.
Any other one is a promise that the contract does not make. A declared header has a schema, of which the text
that the consumer waits for must be a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.comparison.evidence.pact_reading import Lack, Reading, Unmet
from archlint.comparison.evidence.styles import Reading as Style
from archlint.comparison.evidence.styles import StyleProblem, Unread
from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.evidence.pact import PactPart
from archlint.model.evidence.pact_values import Expected, TakenValues, expected_text
from archlint.model.openapi import Contract
from archlint.model.openapi.operations import Response, value_schema

_OF_BODY = frozenset(("content-type", "content-length"))
"""Headers that say what the body is, and are judged with it."""
_OF_HTTP = frozenset(
    (
        *("accept-ch", "accept-patch", "accept-post", "accept-ranges", "age", "allow", "alt-svc"),
        *("authentication-info", "cache-control", "clear-site-data", "connection", "content-disposition"),
        *("content-encoding", "content-language", "content-location", "content-range", "date", "deprecation"),
        *("content-security-policy", "content-security-policy-report-only", "etag", "expires", "keep-alive"),
        *("cross-origin-embedder-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"),
        *("last-modified", "link", "location", "permissions-policy", "pragma", "preference-applied"),
        *("proxy-authenticate", "proxy-authentication-info", "refresh", "referrer-policy", "retry-after"),
        *("server", "server-timing", "set-cookie", "strict-transport-security", "sunset", "trailer"),
        *("timing-allow-origin", "transfer-encoding", "upgrade", "vary", "via", "warning"),
        *("www-authenticate", "x-content-type-options", "x-frame-options", "x-powered-by"),
        "x-xss-protection",
    )
)
"""Fields of HTTP, and those that servers add by themselves.

Source: https://www.iana.org/assignments/http-fields/http-fields.xhtml.
"""
_OF_ORIGINS = "access-control-"
MakeReading = Callable[[Node], Reading]
"""Gives what takes expectations of a header's schema apart."""


def unmet_headers(
    contract: Contract, response: Response, part: PactPart, reading_of: MakeReading
) -> Iterator[Unmet | None]:
    """The headers that no answer has as they are expected; ``None`` for each of which that cannot be told."""
    declared = {name.lower(): (name, node) for name, node in response.headers()}
    for name, text, seen in part.headers:
        known = name.lower()
        if known in declared:
            stated, node = declared[known]
            for unmet in _of_header(contract, node, part, (name, text, seen), reading_of):
                yield None if unmet is None else replace(unmet, header=stated)
        elif known not in _OF_BODY and known not in _OF_HTTP and not known.startswith(_OF_ORIGINS):
            home = response.node if response.node.exists else response.declared
            yield Unmet(Lack.UNDECLARED, home.get("headers", name), seen, header=name)


_Header = tuple[str, str, Node]
"""Name, value and place."""
_WRITTEN: dict[str, TakenValues] = {
    "integer": {"type": "string", "pattern": r"^-?[0-9]+$"},
    "number": {"type": "string", "pattern": r"^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"},
    "boolean": {"enum": ["true", "false"]},
    "null": {"enum": ["", "null"]},
    "string": {"type": "string"},
}
"""All texts that are read as a value of a type."""


def _of_header(
    contract: Contract, declared: Node, part: PactPart, header: _Header, reading_of: MakeReading
) -> Iterator[Unmet | None]:
    """What of a header no answer has.

    A text without a matcher stands for all values that it may be read as. Matchers are about texts, so where
    the schema has other values, the texts count which these are written as.
    """
    name, text, seen = header
    node = contract.references.follow(declared).node
    schema = value_schema(node)
    rule = part.header_rule(name)
    try:
        style = Style(node, schema, "header", contract)
        values = style.one(text, name)
    except Unread:
        yield None
        return
    except StyleProblem:
        values = [text]
        if rule is not None:
            yield None
            return
    if not isinstance(schema.value, (dict, bool)):
        return
    types = style.shape.types
    if rule is None:
        reading, expected = reading_of(schema), Expected(seen, {"enum": values})
    elif style.style.is_json or types & {"array", "object"}:
        yield None
        return
    else:
        expected = expected_text(seen, text, rule)
        reading = reading_of(schema) if types <= {"string"} else reading_of(schema).over(_texts_of(types))
    yield from reading.of(schema, expected)
    if reading.doubts:
        yield None


def _texts_of(types: Iterable[str]) -> TakenValues:
    return {"anyOf": [_WRITTEN[name] for name in sorted(types)]}
