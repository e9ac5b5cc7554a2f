"""What a consumer reads of the headers of an answer, held against those that the contract declares.

A header that HTTP itself defines may come with any answer, so nothing is said where a contract leaves it out.
Any other one is a promise that the contract does not make. A declared header has a schema, of which the text
that the consumer waits for must be a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.comparison.evidence.pact_reading import Lack, Reading, Unmet
from archlint.comparison.evidence.styles import Reading as Style
from archlint.comparison.evidence.styles import StyleProblem, Unread
from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.evidence.pact import PactPart
from archlint.model.evidence.pact_values import Expected, expected_text
from archlint.model.openapi import Contract
from archlint.model.openapi.operations import Response

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
            expected = _expected(contract, node, part, (name, text, seen))
            yield from _of_value(stated, expected, reading_of)
        elif known not in _OF_BODY and known not in _OF_HTTP and not known.startswith(_OF_ORIGINS):
            home = response.node if response.node.exists else response.declared
            yield Unmet(Lack.UNDECLARED, home.get("headers", name), seen, header=name)


_Header = tuple[str, str, Node]
"""Name, value and place."""


def _expected(
    contract: Contract, declared: Node, part: PactPart, header: _Header
) -> tuple[Node, Expected] | None:
    """The schema of a header with what is expected of its value; ``None`` if that cannot be told.

    A text without a matcher stands for all values that it may be read as. Matchers are about texts, so where
    the schema has others, what they let through is known for the example alone.
    """
    name, text, seen = header
    node = contract.references.follow(declared).node
    schema = node if contract.is_v2 else node.get("schema")
    rule = part.header_rule(name)
    try:
        style = Style(node, schema, "header", contract)
        values = style.one(text, name)
    except Unread:
        return None
    except StyleProblem:
        return None if rule is not None else (schema, Expected(seen, {"const": text}))
    if rule is None:
        return schema, Expected(seen, {"enum": values})
    is_text = style.shape.types <= {"string"} and not style.style.is_json
    return (schema, expected_text(seen, text, rule)) if is_text else None


def _of_value(
    name: str, expected: tuple[Node, Expected] | None, reading_of: MakeReading
) -> Iterator[Unmet | None]:
    if expected is None:
        yield None
    elif isinstance(expected[0].value, (dict, bool)):
        reading = reading_of(expected[0])
        yield from (replace(unmet, header=name) for unmet in reading.of(*expected))
        if reading.doubts:
            yield None
