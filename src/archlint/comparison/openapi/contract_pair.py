"""What all comparisons of two contracts share: both sides, what is the same, and whom to tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from archlint.comparison.openapi.changes import ContractChange, Realm, Usage
from archlint.comparison.openapi.labels import Names
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.schemas import SchemaComparison
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding import OperationName
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Direction, Operation

ReportChange = Callable[[ContractChange, "OperationName | None", "Usage | None"], None]
"""Takes a change, an operation that it hits (none if it hits no certain one), and the role of its schema."""


class OperationPart:
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
    OperationPart.REQUEST_BODY: Usage.BODY,
    OperationPart.TEXT_BODY: Usage.TEXT_BODY,
    OperationPart.PLAIN_BODY: Usage.PLAIN_BODY,
    OperationPart.PARAMETER: Usage.PARAMETER,
    OperationPart.HEADER_PARAMETER: Usage.HEADER_PARAMETER,
    OperationPart.RESPONSE_BODY: Usage.BODY,
    OperationPart.TEXT_RESPONSE: Usage.TEXT_BODY,
    OperationPart.PLAIN_RESPONSE: Usage.PLAIN_BODY,
    OperationPart.HEADER: Usage.HEADER,
}
_WEBHOOK = {
    OperationPart.REQUEST_BODY: Usage.WEBHOOK_BODY,
    OperationPart.TEXT_BODY: Usage.WEBHOOK_TEXT,
    OperationPart.PLAIN_BODY: Usage.WEBHOOK_PLAIN,
    OperationPart.PARAMETER: Usage.WEBHOOK_PARAMETER,
    OperationPart.HEADER_PARAMETER: Usage.WEBHOOK_PARAMETER,
    OperationPart.RESPONSE_BODY: Usage.WEBHOOK_ANSWER,
    OperationPart.TEXT_RESPONSE: Usage.WEBHOOK_TEXT,
    OperationPart.PLAIN_RESPONSE: Usage.WEBHOOK_PLAIN,
    OperationPart.HEADER: Usage.WEBHOOK_HEADER,
}
_TEXT_PARTS = frozenset(
    (
        OperationPart.PARAMETER,
        OperationPart.HEADER_PARAMETER,
        OperationPart.HEADER,
        OperationPart.PLAIN_BODY,
        OperationPart.PLAIN_RESPONSE,
    )
)
_RESPONSE_PARTS = frozenset(
    (
        OperationPart.RESPONSE_BODY,
        OperationPart.TEXT_RESPONSE,
        OperationPart.PLAIN_RESPONSE,
        OperationPart.HEADER,
    )
)


@dataclass(frozen=True)
class ContractPair:
    """Two contracts that are compared, and everything that the comparison keeps."""

    base: Contract
    revision: Contract
    terms: ComparisonTerms
    sameness: Sameness
    schemas: SchemaComparison
    report: ReportChange
    departed: frozenset[tuple[str, str]] = frozenset()
    """Methods and paths of the base that another contract of the same server offers now."""
    arrived: frozenset[tuple[str, str]] = frozenset()
    """Methods and paths of the revision that another contract of the same server offered before."""
    secured_by_document: list[OperationName] = field(default_factory=list)
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
        contracts: ContractPair,
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
            is_form = part in (OperationPart.TEXT_BODY, OperationPart.TEXT_RESPONSE)
            whole = Usage.CALLBACK_FORM if is_form else Usage.CALLBACK
            usage = Usage.CALLBACK_TEXT if is_text else whole
        elif not is_named:
            usage = Usage.UNNAMED_TEXT if is_text else Usage.UNNAMED
        else:
            usage = (_WEBHOOK if self.realm is Realm.WEBHOOK else _CALL)[part]
        contracts.schemas.add(base, revision, direction, usage, self.name, is_listed=is_listed)
