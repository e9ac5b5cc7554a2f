"""What a contract sends in which direction, and the properties that are marked so that they never are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from archlint.documents import Document, Node
from archlint.finding import OperationName, Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi.contracts import Contract, Dialect, PathItem
from archlint.model.openapi.operations import HIDDEN, Direction, Operation, operations_of, value_schema
from archlint.model.openapi.references import MAX_CHAIN, reference_text

_ONE = (
    *("items", "additionalProperties", "contains", "not", "if", "then", "else", "unevaluatedItems"),
    *("unevaluatedProperties", "contentSchema"),
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("patternProperties", "dependentSchemas")
_MOST_ELSEWHERE = 100
"""Schemas of other contracts that are passed in search of a way back; beyond it nothing is called unsent."""
_TO_A_FILE = regex(r"""\$ref["']?\s*+:\s*+["']?[^#"'\s]""")
"""What is in the text of a document that refers to another one."""
_DEEPEST = 4
"""Callbacks within callbacks that are looked into."""
_Key = tuple[Document, Route]


@dataclass(frozen=True)
class Unsent:
    """A property that only stands where its mark keeps it from being sent."""

    name: str
    mark: Node
    """The keyword: ``readOnly`` or ``writeOnly``."""
    direction: Direction
    """The only way in which the property is reached."""
    operations: tuple[OperationName, ...]


class Sending:
    """Follows the schemas of all operations of a contract, each once for each way."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._seen: set[tuple[Direction, Document, Route]] = set()
        self._stopped: dict[Direction, dict[_Key, tuple[str, Node]]] = {
            direction: {} for direction in Direction
        }
        self._passed: dict[Direction, set[_Key]] = {direction: set() for direction in Direction}
        self._users: dict[tuple[Direction, Document, Route], dict[OperationName, None]] = {}
        self._elsewhere_left = _MOST_ELSEWHERE
        self._returning: dict[Document, bool] = {}

    def unsent(self) -> Iterator[Unsent]:
        """The properties of the contract's own document that can never be sent, by operations."""
        if not any(mark in self._contract.document.text for mark in HIDDEN.values()):
            return
        self._walk_items(self._contract.path_items, False, 0)
        self._walk_items(self._contract.webhooks, True, 0)
        if self._elsewhere_left < 0:
            return
        for direction, other in (
            (Direction.REQUEST, Direction.RESPONSE),
            (Direction.RESPONSE, Direction.REQUEST),
        ):
            for key, (name, mark) in self._stopped[direction].items():
                # what other files hold may be sent by other contracts
                if key not in self._passed[other] and key[0] is self._contract.document:
                    yield Unsent(name, mark, direction, tuple(self._users[direction, *key]))

    def _walk_items(self, items: Iterable[PathItem], is_called: bool, depth: int) -> None:
        """``is_called``: the server sends these requests."""
        for operation in operations_of(items):
            self._walk_operation(operation, is_called)
            for _, declared in operation.node.get("callbacks").items() if depth < _DEEPEST else ():
                entries = self._contract.references.follow(declared).node
                inner = [PathItem(self._contract, name, key) for name, key in entries.items()]
                self._walk_items(inner, True, depth + 1)

    def _walk_operation(self, operation: Operation, is_called: bool) -> None:
        sent, answered = (
            (Direction.RESPONSE, Direction.REQUEST) if is_called else (Direction.REQUEST, Direction.RESPONSE)
        )
        body = operation.request_body
        sources = [parameter.schema for parameter in operation.parameters]
        sources += [] if body is None else list(body.content.values())
        for schema in sources:
            self._walk(schema, sent, operation.name)
        for response in operation.responses.values():
            headers = [self._contract.references.follow(node).node for _, node in response.headers()]
            for schema in (*response.body.content.values(), *map(value_schema, headers)):
                self._walk(schema, answered, operation.name)

    def _walk(self, schema: Node, direction: Direction, user: OperationName) -> None:
        waiting = [schema]
        while waiting:
            for part in self._parts(waiting.pop()):
                key = (direction, part.document, part.route)
                if key not in self._seen and self._may_lead_back(part):
                    self._seen.add(key)
                    waiting += self._below(part, direction, user)
            if self._elsewhere_left < 0:
                return

    def _may_lead_back(self, schema: Node) -> bool:
        """Whether the contract's own schemas may be met below one; what those of others hold is counted."""
        document = schema.document
        if document is self._contract.document:
            return True
        if document not in self._returning:
            self._returning[document] = _TO_A_FILE.search(document.text) is not None
        if self._returning[document] and self._contract.references.is_apart(document):
            self._elsewhere_left -= sum(len(part) for part in schema.value.values() if _holds(part)) or 1
            return self._elsewhere_left >= 0
        return self._returning[document]

    def _below(self, schema: Node, direction: Direction, user: OperationName) -> Iterator[Node]:
        for name, member in schema.get("properties").items():
            marks = [part.get(keyword) for part in self._parts(member) for keyword in HIDDEN.values()]
            stated = {str(mark.route[-1]): mark for mark in marks if mark.value is True}
            stopping = stated.get(HIDDEN[direction])
            for keyword, mark in stated.items():
                key = (mark.document, mark.route)
                if keyword != HIDDEN[direction]:
                    self._passed[direction].add(key)
                elif len(stated) == 1:
                    self._stopped[direction].setdefault(key, (name, mark))
                    self._users.setdefault((direction, *key), {})[user] = None
            if stopping is None:
                yield member
        for keyword in _ONE:
            yield schema.get(keyword)
        for keyword in _LISTS:
            yield from schema.get(keyword).elements()
        for keyword in _MAPS:
            for _, member in schema.get(keyword).items():
                yield member

    def _parts(self, schema: Node) -> Iterator[Node]:
        """A schema, and what its references lead to; what stands beside them counts since 3.1."""
        for _ in range(MAX_CHAIN):
            if not schema.is_map:
                return
            is_link = reference_text(schema) is not None
            if not is_link or (self._contract.dialect or Dialect.V3_0) >= Dialect.V3_1:
                yield schema
            if not is_link:
                return
            target, _ = self._contract.references.step(schema, str(schema.value["$ref"]))
            if target is None:
                return
            schema = target


def _holds(value: object) -> TypeGuard[dict[str, object] | list[object]]:
    return isinstance(value, (dict, list))
