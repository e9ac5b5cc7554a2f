"""What the parts of a body say of themselves, held against the ``encoding`` of the contract.

OpenAPI, encoding object: https://spec.openapis.org/oas/v3.1.1.html#encoding-object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archlint.comparison.evidence.media import declared_for, is_known
from archlint.comparison.evidence.parts import Part, parts_of
from archlint.comparison.evidence.styles import Reading, StyleProblem
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import Pair, SentBody
from archlint.model.evidence.fields import MULTIPART
from archlint.model.evidence.media_types import bare
from archlint.model.openapi import Contract
from archlint.model.openapi.operations import value_schema


@dataclass(frozen=True, slots=True)
class PartMisfit:
    """A part that is not as its encoding says, and where that stands."""

    node: Node
    problem: str


@dataclass(frozen=True, slots=True)
class PartHeader:
    """The value of a header of a part: its schema, with all that it may stand for."""

    schema: Node
    readings: Sequence[Any]
    name: str
    part: str


def judged_parts(
    sent: SentBody, encoding: Node, contract: Contract, shows_values: bool
) -> Iterator[PartMisfit | PartHeader]:
    """What the encoding says of the parts of a body; raises ``StyleProblem`` and ``Unread``."""
    if not encoding.is_map or not sent.is_complete or bare(sent.media_type or "") != MULTIPART:
        return
    for part in parts_of(sent.content, sent.media_type or ""):
        told = contract.references.follow(encoding.get(part.name)).node
        if told.is_map:
            yield from _of_type(part, told, shows_values)
            if sent.has_part_headers:
                yield from _of_headers(part, told, sent, contract)


def _of_type(part: Part, told: Node, shows_values: bool) -> Iterator[PartMisfit]:
    wanted = told.get("contentType").text
    # parts without a type are taken as what is asked for: many clients leave it out
    if wanted is None or not part.media_type or declared_for(part.media_type, wanted.split(",")):
        return
    kind = bare(part.media_type)
    said = kind if shows_values or is_known(kind) else "another media type"
    yield PartMisfit(
        told.get("contentType"), f"the part '{part.name}' is {said}, and its encoding takes {wanted}"
    )


def _of_headers(
    part: Part, told: Node, sent: SentBody, contract: Contract
) -> Iterator[PartMisfit | PartHeader]:
    for name, listed in told.get("headers").items():
        node = contract.references.follow(listed).node
        if name.lower() == "content-type" or not node.is_map:
            continue
        value = part.headers.get(name.lower())
        if value is None:
            if node.get("required").value is True:
                yield PartMisfit(listed, f"the part '{part.name}' lacks the header '{name}'")
            continue
        schema = value_schema(node)
        try:
            values = Reading(node, schema, "header", contract).of_headers(
                [Pair(name, value, sent.place)], name
            )
        except StyleProblem as problem:
            yield PartMisfit(listed, f"the header '{name}' of the part '{part.name}' {problem}")
            continue
        for readings in values if schema.exists else ():
            yield PartHeader(schema, readings, name, part.name)
