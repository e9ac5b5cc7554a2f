"""The kinds of contract that are compared, each by a module of its own.

A module of ``comparison`` that compares a kind of contract offers
``compare(base: World, revision: World, terms: ComparisonTerms) -> Iterable[Change]``. It is named here, and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

from archlint.files import Kind
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class ContractKind:
    """What one kind of contract is called, and what compares it."""

    called: str
    """As people call it."""
    module: str
    """The module with ``compare``, imported once there is something to compare."""


CONTRACT_KINDS: Mapping[Kind, ContractKind] = {
    Kind.OPENAPI: ContractKind("OpenAPI", "archlint.comparison.openapi.compare"),
    Kind.PROTO: ContractKind("Protobuf", "archlint.comparison.protobuf"),
    Kind.ASYNCAPI: ContractKind("AsyncAPI", "archlint.comparison.asyncapi"),
    Kind.AVRO: ContractKind("Avro", "archlint.comparison.avro"),
    Kind.JSON_SCHEMA: ContractKind("JSON Schema", "archlint.comparison.json_schema"),
}
CONTRACTS = frozenset(CONTRACT_KINDS)
"""The kinds of file that are compared with their older selves."""
MANIFESTS = ContractKind("Kubernetes", "archlint.comparison.manifests")
"""What compares manifests: they are promised to no caller, so that ``breaking`` leaves them out."""
MANIFEST_KINDS = frozenset({Kind.KUBERNETES, Kind.KUSTOMIZATION, Kind.KUSTOMIZE_PATCH})
"""The kinds of file that manifests and what is built of them are made from."""
