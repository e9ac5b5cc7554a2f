"""Reads a schema in JSON as types, and notes what is no schema; what cannot be read loses itself alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.finding.words import written
from archlint.model.avro.types import (
    PRIMITIVES,
    ArrayType,
    AvroType,
    EnumType,
    FixedType,
    LogicalType,
    MapType,
    NamedType,
    Primitive,
    Record,
    RecordField,
    TypeReference,
    Union,
    Unreadable,
)

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*+\Z")
_UNDER: Mapping[str, tuple[str, ...]] = {
    "decimal": ("bytes", "fixed"),
    "big-decimal": ("bytes",),
    "uuid": ("string", "fixed"),
    "date": ("int",),
    "time-millis": ("int",),
    "time-micros": ("long",),
    **{
        f"{local}timestamp-{unit}": ("long",)
        for local in ("", "local-")
        for unit in ("millis", "micros", "nanos")
    },
    "duration": ("fixed",),
}
"""The types under which logical types mean something (specification, "Logical Types")."""
_DEEPEST = 150
"""How deep types may stand in each other; documents end at 200 levels, of which a type takes at least one."""


@dataclass(frozen=True)
class SchemaProblem:
    """Something that the specification does not allow, and where."""

    id: str
    """Which kind of problem it is: the name of a message of ``avro-schema-invalid``."""
    node: Node
    name: str = ""
    """The name or value that is wrong, else of the type around it."""
    first: Node | None = None
    """Where the same was said before."""


@dataclass
class SchemaReading:
    """What was read of one document."""

    types: tuple[AvroType, ...]
    """The type that the document is about; of a protocol all that it lists."""
    named: dict[str, NamedType] = field(default_factory=dict)
    """The types that the document defines, by full name; of several of one name the first."""
    references: list[TypeReference] = field(default_factory=list)
    problems: list[SchemaProblem] = field(default_factory=list)


def read_schema(node: Node) -> SchemaReading:
    """The types of a document and what is wrong with them."""
    reader = _Reader()
    is_protocol = node.get("protocol").exists
    types = reader.protocol(node) if is_protocol else (reader.type_of(node, ""),)
    problems = [*reader.problems, *reader.used_early()]
    return SchemaReading(types, reader.named, reader.references, problems)


class _Reader:
    def __init__(self) -> None:
        self.named: dict[str, NamedType] = {}
        self.references: list[TypeReference] = []
        self.problems: list[SchemaProblem] = []
        self._at: dict[str, Node] = {}
        self._complex: Mapping[str, Callable[[Node, str], AvroType]] = {
            "record": self._record,
            "error": self._record,
            "enum": self._enum,
            "fixed": self._fixed,
            "array": self._array,
            "map": self._map,
        }
        self._early: list[TypeReference] = []
        self._depth = 0

    def used_early(self) -> list[SchemaProblem]:
        """Names that stand before the definition in the same document."""
        later = [each for each in self._early if each.name in self.named or each.fallback in self.named]
        return [SchemaProblem("name-later", each.node, each.name, self._definition(each)) for each in later]

    def _definition(self, reference: TypeReference) -> Node:
        return self._at[reference.name if reference.name in self._at else reference.fallback]

    def type_of(self, node: Node, namespace: str) -> AvroType:
        """The type that stands at a node, below the names of a namespace."""
        if self._depth >= _DEEPEST:
            return self._refuse("too-deep", node)
        self._depth += 1
        try:
            if node.text is not None:
                return self._by_name(node, node.text, namespace)
            if node.is_list:
                return self._union(node, namespace)
            if node.is_map:
                return self._object(node, namespace)
            return self._refuse("no-schema", node)
        finally:
            self._depth -= 1

    def protocol(self, node: Node) -> tuple[AvroType, ...]:
        """The types that a protocol lists; its messages are not read."""
        namespace = node.get("namespace").text or ""
        return tuple(self.type_of(item, namespace) for item in node.get("types").elements())

    def _object(self, node: Node, namespace: str) -> AvroType:
        kind = node.get("type")
        if kind.text is None:
            return self.type_of(kind, namespace) if kind.exists else self._refuse("type-missing", node)
        build = self._complex.get(kind.text)
        if build is not None:
            return build(node, namespace)
        if kind.text in PRIMITIVES:
            return Primitive(node, kind.text, self._logical(node))
        return self._by_name(kind, kind.text, namespace)

    def _by_name(self, node: Node, name: str, namespace: str) -> AvroType:
        if name in PRIMITIVES:
            return Primitive(node, name)
        if name in self._complex:
            return self._refuse("type-incomplete", node, name)
        if not all(_NAME.match(part) for part in name.split(".")):
            return self._refuse("name-invalid", node, name)
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        reference = TypeReference(node, full, name)
        self.references.append(reference)
        if full not in self.named and name not in self.named:
            self._early.append(reference)
        return reference

    def _union(self, node: Node, namespace: str) -> AvroType:
        branches = tuple(self.type_of(item, namespace) for item in node.elements())
        seen: dict[str, Node] = {}
        for branch, item in zip(branches, node.elements(), strict=True):
            if isinstance(branch, Union):
                self._note("union-in-union", item)
                continue
            key = _branch_key(branch)
            if key is not None and key in seen:
                self._note("branch-doubled", item, key, seen[key])
            elif key is not None:
                seen[key] = item
        return Union(node, branches)

    def _record(self, node: Node, namespace: str) -> AvroType:
        name, inner = self._names(node, namespace)
        if name is None:
            return Unreadable(node)
        record = Record(node, name, self._aliases(node, inner))
        self._define(record)
        fields = node.get("fields")
        if not fields.is_list:
            self._note("fields-missing", node, name)
        read = tuple(each for item in fields.elements() if (each := self._field(item, inner)) is not None)
        self._once([(each.name, each.node.get("name")) for each in read], "field-doubled")
        # what was defined on the way refers to this very record
        object.__setattr__(record, "fields", read)
        return record

    def _field(self, node: Node, namespace: str) -> RecordField | None:
        name = node.get("name")
        if not node.is_map or name.text is None:
            self._note("name-missing", node, "field")
            return None
        if not _NAME.match(name.text):
            self._note("name-invalid", name, name.text)
        if not node.get("type").exists:
            self._note("type-missing", node, name.text)
            return None
        aliases = tuple(item.text for item in node.get("aliases").elements() if item.text is not None)
        return RecordField(node, name.text, self.type_of(node.get("type"), namespace), aliases)

    def _enum(self, node: Node, namespace: str) -> AvroType:
        name, inner = self._names(node, namespace)
        symbols = [(item.text, item) for item in node.get("symbols").elements() if item.text is not None]
        if not node.get("symbols").is_list or len(symbols) < len(list(node.get("symbols").elements())):
            self._note("symbols-missing", node, name or "")
        for text, item in symbols:
            if not _NAME.match(text):
                self._note("name-invalid", item, text)
        self._once(symbols, "symbol-doubled")
        default = node.get("default")
        if default.exists and default.text not in {text for text, _ in symbols}:
            self._note("default-no-symbol", default, written(default.value))
        if name is None:
            return Unreadable(node)
        known = tuple(text for text, _ in symbols)
        return self._define(EnumType(node, name, self._aliases(node, inner), known, default.text))

    def _fixed(self, node: Node, namespace: str) -> AvroType:
        name, inner = self._names(node, namespace)
        size = node.get("size").integer
        if size is None or size < 0:
            stated = node.get("size")
            self._note(
                "size-wrong" if stated.exists else "size-missing",
                stated if stated.exists else node,
                name or "",
            )
        if name is None or size is None:
            return Unreadable(node)
        return self._define(FixedType(node, name, self._aliases(node, inner), size, self._logical(node)))

    def _array(self, node: Node, namespace: str) -> AvroType:
        items = node.get("items")
        return (
            ArrayType(node, self.type_of(items, namespace))
            if items.exists
            else self._refuse("items-missing", node)
        )

    def _map(self, node: Node, namespace: str) -> AvroType:
        values = node.get("values")
        return (
            MapType(node, self.type_of(values, namespace))
            if values.exists
            else self._refuse("values-missing", node)
        )

    def _names(self, node: Node, namespace: str) -> tuple[str | None, str]:
        """The full name of a definition, and the namespace of what stands in it."""
        name = node.get("name")
        if name.text is None:
            self._note("name-missing", node, written(node.get("type").value))
            return None, namespace
        own = node.get("namespace").text
        full = name.text
        if "." not in full:
            around = namespace if own is None else own
            full = f"{around}.{full}" if around else full
        *around_it, own_name = full.split(".")
        if not _NAME.match(own_name) or full in PRIMITIVES:
            self._note("name-invalid", name, full)
        elif not all(map(_NAME.match, around_it)):
            stated = name if "." in name.text else node.get("namespace")
            self._note("namespace-invalid", stated if stated.exists else name, ".".join(around_it))
        return full, full.rpartition(".")[0]

    def _aliases(self, node: Node, namespace: str) -> tuple[str, ...]:
        texts = (item.text for item in node.get("aliases").elements())
        return tuple(
            text if "." in text or not namespace else f"{namespace}.{text}"
            for text in texts
            if text is not None
        )

    def _define(self, named: NamedType) -> NamedType:
        if named.name in self.named:
            self._note("name-doubled", named.node.get("name"), named.name, self._at[named.name])
        else:
            self.named[named.name] = named
            self._at[named.name] = named.node.get("name")
        return named

    def _logical(self, node: Node) -> LogicalType | None:
        """The logical type, unless it does not fit: readers ignore it then, as the specification asks."""
        name = node.get("logicalType").text
        if name is None or node.get("type").text not in _UNDER.get(name, (node.get("type").text,)):
            return None
        if name != "decimal":
            return LogicalType(name)
        precision, scale = node.get("precision").integer, node.get("scale").integer or 0
        if precision is None or precision < 1 or not 0 <= scale <= precision:
            self._note("decimal-invalid", node.get("logicalType"), str(precision))
            return None
        return LogicalType(name, precision, scale)

    def _once(self, named: list[tuple[str, Node]], problem: str) -> None:
        seen: dict[str, Node] = {}
        for text, node in named:
            if text in seen:
                self._note(problem, node, text, seen[text])
            seen.setdefault(text, node)

    def _note(self, problem: str, node: Node, name: str = "", first: Node | None = None) -> None:
        self.problems.append(SchemaProblem(problem, node, name, first))

    def _refuse(self, problem: str, node: Node, name: str = "") -> Unreadable:
        self._note(problem, node, name)
        return Unreadable(node)


def _branch_key(branch: AvroType) -> str | None:
    """What may occur once in a union: a primitive or collection by its kind, a named type by its name."""
    if isinstance(branch, (Primitive, Record, EnumType, FixedType, TypeReference)):
        return branch.name
    return {ArrayType: "array", MapType: "map"}.get(type(branch))
