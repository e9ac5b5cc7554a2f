"""Operations that answer with a list of resources, and what makes a list bearable: pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.openapi.contracts import Contract
from archlint.model.openapi.members import kinds_of, members_of
from archlint.model.openapi.operations import Operation, Parameter
from archlint.model.openapi.templates import is_parameter, segments
from archlint.model.world import World

_ENVELOPE = frozenset(
    ("items", "data", "value", "values", "results", "entries", "records", "elements", "list")
)


@dataclass(frozen=True, eq=False)
class ListOperation:
    """A GET of a collection whose success is a list, bare or in an object."""

    operation: Operation
    schema: Node
    """The schema of the answer."""

    @classmethod
    def all(cls, world: World) -> Iterable[ListOperation]:
        """Every such operation of every contract."""
        for operation in world.all(Operation):
            found = cls._of(operation)
            if found is not None:
                yield found

    @classmethod
    def _of(cls, operation: Operation) -> ListOperation | None:
        parts = segments(operation.item.template)
        if operation.method != "GET" or not parts or is_parameter(parts[-1]):
            return None
        schema = success_schema(operation)
        if schema is None:
            return None
        is_list = "array" in kinds_of(operation.contract, schema)
        return cls(operation, schema) if is_list or _lists(operation.contract, schema, parts[-1]) else None

    @property
    def object(self) -> ObjectRef:
        """The operation."""
        return self.operation.object

    @property
    def source(self) -> Document:
        """The document that defines the operation."""
        return self.operation.source

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The query parameters, by name in lower case without signs."""
        return {plain(each.name): each for each in self.operation.parameters if each.location == "query"}

    @cached_property
    def members(self) -> dict[str, Node]:
        """The properties of the answer, by name in lower case without signs."""
        found = members_of(self.operation.contract, self.schema)
        return {plain(name): member for name, member in found.items()}


def success_schema(operation: Operation) -> Node | None:
    """The schema of the first success that carries JSON."""
    for status, response in operation.responses.items():
        if status.startswith("2"):
            for media, schema in response.body.content.items():
                if "json" in media.lower() and schema.exists:
                    return schema
    return None


def plain(name: str) -> str:
    """A name in lower case, letters and digits alone."""
    return "".join(char for char in name.lower() if char.isalnum())


def _lists(contract: Contract, schema: Node, segment: str) -> list[str]:
    """The members that may be the list of resources: named like the collection or like an envelope."""
    wanted = {*_ENVELOPE, plain(segment)}
    return [
        name
        for name, member in members_of(contract, schema).items()
        if plain(name) in wanted and "array" in kinds_of(contract, member)
    ]
