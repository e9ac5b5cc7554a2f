"""Schemas of OpenAPI documents as JSON Schema 2020-12, for one direction and serialization, as a lazy graph.

Read-only members leave requests and write-only ones responses, also from ``required``. What a version of
OpenAPI says in its own keywords becomes those of 2020-12 (``dialects``, ``discriminators``), and values that
are text on the wire are described as that (``texts``). Nothing is lowered before it is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archlint.comparison.schemas.dialects import as_json_schema
from archlint.comparison.schemas.discriminators import Discriminator
from archlint.comparison.schemas.json_schema import ANNOTATIONS, keywords_of
from archlint.comparison.schemas.leaving import Leaving
from archlint.comparison.schemas.schema import FALSE, IN_PLACE, SHAPING, TRUE, Keywords, Schema
from archlint.comparison.schemas.serialization import BODY, Serialization, as_text
from archlint.comparison.schemas.sharing import Resolve, Store, WrittenKeys, digest
from archlint.finding.records import dataclass, replace
from archlint.model.openapi.contracts import Dialect
from archlint.model.openapi.operations import Direction

_MAX_CHAIN = 50
_SCALAR = frozenset(("string", "number", "integer", "boolean"))


@dataclass(frozen=True, slots=True)
class _View:
    """How a schema is looked at; ``leaving``: names that the schemas around it let leave this direction."""

    direction: Direction
    serialization: Serialization
    leaving: frozenset[str] | None = None

    def label(self) -> str:
        """The view as text that is the same in every run."""
        leaving = None if self.leaving is None else sorted(self.leaving)
        return f"{self.direction} {self.serialization} {leaving}"


class Lowering:
    """Lowers the schemas of one document; each schema once for each direction and serialization.

    ``resolve`` leads from the text of a ``$ref`` and where it stands to the schema and where that stands, or
    to ``None``. Lowerings of one version may share a ``store``, see ``lowerings``.
    """

    def __init__(self, dialect: Dialect, resolve: Resolve, store: Store | None = None) -> None:
        self.dialect = dialect
        self._resolve = resolve
        self._store = store
        self._written = WrittenKeys(resolve)
        self._nodes: dict[tuple[int, _View], tuple[Any, Schema]] = {}
        self._views: dict[tuple[_View, frozenset[str]], dict[str, _View]] = {}
        self._leaving = Leaving(dialect, resolve)

    def lower(
        self, schema: Any, here: Any, direction: Direction, serialization: Serialization = BODY
    ) -> Schema:
        """The node of a schema as it is in the document; ``here`` is handed to the resolver."""
        return self._shared(schema, here, _View(direction, serialization))

    def copies(
        self, schema: Any, here: Any, direction: Direction, serialization: Serialization = BODY
    ) -> tuple[Schema, ...]:
        """All nodes that may stand for a schema: the one of its own, and that of another written alike.

        They are equal, but their keys may not tell.
        """
        view = _View(direction, serialization)
        found = (self._shared(schema, here, view), self._node(schema, here, view))
        return found if found[0] is not found[1] else found[:1]

    def _shared(self, schema: Any, here: Any, view: _View) -> Schema:
        """The node of a schema, the same one for all schemas that are written alike."""
        if view.leaving is not None and view.leaving == self._leaving.names(schema, here, view.direction):
            view = replace(view, leaving=None)  # as where it stands alone
        if self._store is None or not isinstance(schema, dict):
            return self._node(schema, here, view)
        written = self._written.key(schema, here)
        found = self._store.nodes.get((written, view))
        if found is None:
            found = self._store.nodes[written, view] = self._node(schema, here, view)
            if found.digest is None:
                found.digest = digest(written, view.label())
        return found

    def _node(self, schema: Any, here: Any, view: _View) -> Schema:
        if isinstance(schema, Schema):
            return schema
        if schema is True:
            return TRUE
        if schema is False:
            return FALSE
        which = (id(schema), view)
        if which not in self._nodes:  # the schema is kept too, so that its id stays its own
            self._nodes[which] = (schema, self._made(schema, here, view))
        return self._nodes[which][1]

    def _made(self, schema: Any, here: Any, view: _View) -> Schema:
        """A new node; a bare reference is the node that it leads to."""
        if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str) or self._beside(schema):
            return Schema(lambda: self._keywords(schema, here, view))
        target = self._follow(schema, here)
        if target is None:
            return Schema(keywords={"unknown": frozenset((f"$ref: {schema['$ref']}",))})
        return self._shared(*target, view)

    def _beside(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """What stands beside a reference and counts, which it does since 3.1."""
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        if self.dialect < Dialect.V3_1 or all(name in ANNOTATIONS or name.startswith("x-") for name in rest):
            return {}
        return rest

    def _keywords(self, schema: Any, here: Any, view: _View) -> Keywords:
        if not isinstance(schema, dict):
            return keywords_of(schema, lambda name, child: TRUE)
        if isinstance(schema.get("$ref"), str):
            return self._referring(schema, here, view)
        leaving = self._leaving_at(schema, here, view)
        bare = self._without(schema, leaving)
        written = as_json_schema(bare, self.dialect, with_encodings=self._store is None)
        views = self._views_below(view, leaving)

        def child(name: str, part: Any) -> Schema:
            return self._shared(part, here, views.get(name, views[""]))

        found = dict(keywords_of(written, child))
        self._tag(found, schema)
        if (
            view.serialization.text
            and "oneOf" in found
            and "anyOf" not in found
            and self._are_read_apart(schema, here)
        ):
            found["anyOf"] = found.pop("oneOf")
        if view.serialization.fields and found.keys() & SHAPING:
            found.setdefault("type", frozenset(("object",)))  # there is no other form
        return as_text(found, view.serialization) if view.serialization.text else found

    def _referring(self, schema: Mapping[str, Any], here: Any, view: _View) -> Keywords:
        """A reference with something beside it that counts."""
        leaving = self._leaving_at(schema, here, view)
        around = replace(view, leaving=leaving)
        found = dict(self._keywords(self._beside(schema), here, around))
        target = self._follow(schema, here)
        if target is None:
            return {**found, "unknown": frozenset((f"$ref: {schema['$ref']}",))}
        found["allOf"] = (*found.get("allOf", ()), self._shared(*target, around))
        return found

    def _views_below(self, view: _View, leaving: frozenset[str]) -> dict[str, _View]:
        """How the schemas at each keyword are looked at; under "" those at the names of members."""
        which = (view, leaving)
        if which not in self._views:
            found = dict.fromkeys(IN_PLACE, replace(view, leaving=leaving))
            found["items"] = found["prefixItems"] = found["contains"] = replace(view, leaving=None)
            found["propertyNames"] = _View(view.direction, BODY)
            found[""] = _View(view.direction, view.serialization.member())
            self._views[which] = found
        return self._views[which]

    def _follow(self, schema: Any, here: Any) -> tuple[Any, Any] | None:
        """Where a chain of bare references ends; ``None`` if nowhere or in a loop."""
        for _ in range(_MAX_CHAIN):
            if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
                return schema, here
            found = self._resolve(schema["$ref"], here)
            if found is None:
                return None
            schema, here = found
            if isinstance(schema, dict) and self._beside(schema):
                return schema, here
        return None

    def _tag(self, found: dict[str, Any], schema: Mapping[str, Any]) -> None:
        """Put the names of a discriminator into the branches."""
        for name in ("oneOf", "anyOf"):
            branches = schema.get(name)
            if name not in found or not isinstance(branches, list) or len(branches) != len(found[name]):
                continue
            discriminator = Discriminator.read(schema, branches)
            if discriminator is not None:
                found[name] = tuple(
                    discriminator.tagged(index, branches[index], branch)
                    for index, branch in enumerate(found[name])
                )

    def _are_read_apart(self, schema: Mapping[str, Any], here: Any) -> bool:
        """Whether text that two branches of ``oneOf`` take may be read for one of them.

        Digits are a string and a number, and what an object has may be either; so text is refused as one of
        both only by branches of one type, whose readings are the same.
        """
        branches = schema.get("oneOf")
        if not isinstance(branches, list) or len(branches) > _MAX_CHAIN:
            return False
        kinds: set[str] = set()
        for branch in branches:
            target = self._follow(branch, here)
            stated = target[0].get("type") if target is not None and isinstance(target[0], dict) else None
            if not isinstance(stated, str) or stated not in _SCALAR:
                return True
            kinds.add("number" if stated == "integer" else stated)
        return len(kinds) > 1

    def _without(self, schema: Mapping[str, Any], leaving: frozenset[str]) -> Mapping[str, Any]:
        """The schema without the members that leave this direction."""
        if not leaving:
            return schema
        found = dict(schema)
        if isinstance(schema.get("properties"), dict):
            found["properties"] = {
                name: part for name, part in schema["properties"].items() if name not in leaving
            }
        if isinstance(schema.get("required"), list):
            found["required"] = _staying(schema["required"], leaving)
        demanded = schema.get("dependentRequired")
        if isinstance(demanded, dict):
            found["dependentRequired"] = {name: _staying(names, leaving) for name, names in demanded.items()}
        return found

    def _leaving_at(self, schema: Any, here: Any, view: _View) -> frozenset[str]:
        """The members that leave: the first schema to look at a value says so for all that look at it."""
        if view.leaving is not None:
            return view.leaving
        return self._leaving.names(schema, here, view.direction)


def _staying(names: Any, leaving: frozenset[str]) -> Any:
    """The names of a list that do not leave."""
    if not isinstance(names, list):
        return names
    return [name for name in names if not isinstance(name, str) or name not in leaving]


def lowerings(base: tuple[Dialect, Resolve], revision: tuple[Dialect, Resolve]) -> tuple[Lowering, Lowering]:
    """The lowerings of two documents that are to be compared.

    Documents of one version share what they write alike. Those of different versions do not, as what they
    write differently may mean the same.
    """
    store = Store() if base[0] is revision[0] else None
    return Lowering(*base, store), Lowering(*revision, store)
