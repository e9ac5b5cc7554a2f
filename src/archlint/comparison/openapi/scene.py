"""What all comparisons of two contracts share: both sides, what is the same, and whom to tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from archlint.comparison.openapi.changes import ContractChange, Realm, Slot
from archlint.comparison.openapi.labels import Names
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.schemas import SchemaComparison
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding import Operation as OperationName
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Direction, Operation

Report = Callable[[ContractChange, "OperationName | None", "Slot | None"], None]
"""Takes a change, an operation that it hits (none if it hits no certain one), and the role of its schema."""


class Part:
    """The parts of an operation that have schemas, as names of the roles that these play."""

    REQUEST_BODY = "request body"
    TEXT_BODY = "request body of text"
    PLAIN_BODY = "request body of plain text"
    PARAMETER = "parameter"
    HEADER_PARAMETER = "header parameter"
    RESPONSE_BODY = "response body"
    TEXT_RESPONSE = "response body of text"
    PLAIN_RESPONSE = "response body of plain text"
    HEADER = "header"


_CALL = {
    Part.REQUEST_BODY: Slot.BODY,
    Part.TEXT_BODY: Slot.TEXT_BODY,
    Part.PLAIN_BODY: Slot.PLAIN_BODY,
    Part.PARAMETER: Slot.PARAMETER,
    Part.HEADER_PARAMETER: Slot.HEADER_PARAMETER,
    Part.RESPONSE_BODY: Slot.BODY,
    Part.TEXT_RESPONSE: Slot.TEXT_BODY,
    Part.PLAIN_RESPONSE: Slot.PLAIN_BODY,
    Part.HEADER: Slot.HEADER,
}
_WEBHOOK = {
    Part.REQUEST_BODY: Slot.WEBHOOK_BODY,
    Part.TEXT_BODY: Slot.WEBHOOK_BODY,
    Part.PLAIN_BODY: Slot.WEBHOOK_PLAIN,
    Part.PARAMETER: Slot.WEBHOOK_PARAMETER,
    Part.HEADER_PARAMETER: Slot.WEBHOOK_PARAMETER,
    Part.RESPONSE_BODY: Slot.WEBHOOK_ANSWER,
    Part.TEXT_RESPONSE: Slot.WEBHOOK_ANSWER,
    Part.PLAIN_RESPONSE: Slot.WEBHOOK_PLAIN,
    Part.HEADER: Slot.WEBHOOK_HEADER,
}
_TEXT_PARTS = frozenset(
    (Part.PARAMETER, Part.HEADER_PARAMETER, Part.HEADER, Part.PLAIN_BODY, Part.PLAIN_RESPONSE)
)
_RESPONSE_PARTS = frozenset((Part.RESPONSE_BODY, Part.TEXT_RESPONSE, Part.PLAIN_RESPONSE, Part.HEADER))


@dataclass(frozen=True)
class Scene:
    """Two contracts that are compared, and everything that the comparison keeps."""

    base: Contract
    revision: Contract
    terms: ComparisonTerms
    sameness: Sameness
    schemas: SchemaComparison
    report: Report
    departed: frozenset[tuple[str, str]] = frozenset()
    """Methods and paths of the base that another contract of the same server offers now."""
    arrived: frozenset[tuple[str, str]] = frozenset()
    """Methods and paths of the revision that another contract of the same server offered before."""
    heirs: list[OperationName] = field(default_factory=list)
    """The operations for which the security requirements of the document are in force, before and now."""

    @property
    def names(self) -> Names:
        """What messages call the places of both contracts."""
        return self.schemas.names


@dataclass(frozen=True)
class OperationPair:
    """An operation before and after; ``name`` is what a reader knows it by."""

    base: Operation
    revision: Operation
    realm: Realm
    name: OperationName

    def add_schemas(
        self,
        scene: Scene,
        base: Node,
        revision: Node,
        part: str,
        *,
        is_named: bool = True,
        is_listed: bool = False,
    ) -> None:
        """Compare two schemas of the operation; ``is_named``: other tools look at this place as well;
        ``is_listed``: what was one value is a list now, of which one value is one."""
        is_response = part in _RESPONSE_PARTS
        sent = is_response is (self.realm is not Realm.CALL)
        direction = Direction.REQUEST if sent else Direction.RESPONSE
        is_text = part in _TEXT_PARTS
        if self.realm is Realm.CALLBACK:
            slot = Slot.CALLBACK_TEXT if is_text else Slot.CALLBACK
        elif not is_named:
            slot = Slot.UNNAMED_TEXT if is_text else Slot.UNNAMED
        else:
            slot = (_WEBHOOK if self.realm is Realm.WEBHOOK else _CALL)[part]
        scene.schemas.add(base, revision, direction, slot, self.name, is_listed=is_listed)
