"""Names of proto files as the code that is generated from them spells them, in any language.

Sources: the guides to generated code of protobuf.dev and grpc.io: Go and C# write ``ListItems`` and
``ProductId``, Java and JavaScript ``listItems`` and ``getProductId``, Ruby ``list_items`` and ``product_id``.
"""

from __future__ import annotations

import re

from archlint.finding.regex import regex

_WORDS = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def name_pattern(name: str) -> re.Pattern[str]:
    """Matches a method, message, enum or service."""
    return re.compile(rf"\b(?:{_spellings(name)})(?:Async)?\b")


def client_pattern(service: str) -> re.Pattern[str]:
    """Matches the clients of a service, such as ``NewCartServiceClient`` and ``CartServiceStub``."""
    return re.compile(rf"(?:{_spellings(service)})")


def accessor_pattern(field: str) -> re.Pattern[str]:
    """Matches a field, and what reads or sets it."""
    return re.compile(
        rf"\b(?:[gG]et_?|[sS]et_?|[hH]as_?|[aA]dd_?|[cC]lear_?)?(?:{_spellings(field)})(?:List)?\b"
    )


def _spellings(name: str) -> str:
    words = _WORDS.findall(name) or [name]
    camel = "".join(word[0].upper() + word[1:] for word in words)
    spelt = {name, camel, camel[0].lower() + camel[1:], "_".join(word.lower() for word in words)}
    return "|".join(map(re.escape, sorted(spelt)))
