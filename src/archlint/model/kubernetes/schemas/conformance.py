"""Which schema each object of a world has, and what of the object it refuses."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property, lru_cache

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, objects_of
from archlint.model.kubernetes.schemas.builtin import builtin_shape
from archlint.model.kubernetes.schemas.checking import Fault, SchemaViolation, violations
from archlint.model.kubernetes.schemas.compiling import BrokenSchema, Dialect, object_shape
from archlint.model.kubernetes.schemas.custom import CustomVersion, versions_of
from archlint.model.kubernetes.schemas.shape import Shape
from archlint.model.world import World


class Standing(StrEnum):
    """Whether an object could be held against a schema."""

    CHECKED = "checked"
    UNKNOWN = "unknown"
    """Nobody says what its kind is."""
    BROKEN = "broken"
    """The definition of its kind is wrong."""
    NOT_SERVED = "not-served"
    """The definition of its kind does not serve its version."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What schemas say of one object."""

    standing: Standing
    shape: Shape | None = None
    violations: tuple[SchemaViolation, ...] = ()
    schema: Node | None = None
    """Where the schema of its kind stands, if that is no kind of Kubernetes."""


_MOST_DEFINITIONS = 10
"""Definitions of one kind that differ; an object that none of these takes is told of."""


class Conformance:
    """Judges the objects of a world by the schemas of one version of Kubernetes and of the world itself."""

    def __init__(self, world: World, minor: int) -> None:
        self.minor = minor
        self._world = world
        self._judged: dict[int, tuple[Node, Judgement]] = {}
        self._shapes: dict[int, Shape | BrokenSchema] = {}
        self._catalogue: dict[tuple[str, str], tuple[Shape, Node] | None] = {}

    def of(self, item: KubernetesObject) -> Judgement:
        """What is said of one object of the world."""
        node = item.node
        if id(node) not in self._judged:  # kept with its node: the number of one that is gone is given anew
            self._judged[id(node)] = node, self._judge(item)
        return self._judged[id(node)][1]

    def is_undecodable(self, item: KubernetesObject) -> bool:
        """Whether a value of an object is of another type than the API server can read."""
        shape = builtin_shape(item.api_version, item.kind, self.minor)
        return shape is not None and any(found.fault is Fault.TYPE for found in self.of(item).violations)

    @cached_property
    def whole(self) -> frozenset[tuple[str, str]]:
        """Kind and name of the objects that have all that they need."""
        return frozenset(
            (item.kind, item.name)
            for item in self._world.all(KubernetesObject)
            if all(found.fault is not Fault.MISSING for found in self.of(item).violations)
        )

    def definitions_of(self, api_version: str, kind: str) -> Sequence[CustomVersion]:
        """What the definitions of the world, else the given ones, say of a kind."""
        key = (api_version, kind)
        found = self._custom.get(key)
        return found if found else self._given.get(key, ())

    @cached_property
    def _custom(self) -> dict[tuple[str, str], list[CustomVersion]]:
        return _by_key(self._world.all(CustomVersion))

    @cached_property
    def _given(self) -> dict[tuple[str, str], list[CustomVersion]]:
        source = self._world.schema_source
        documents = () if source is None else source.definitions()
        return _by_key(
            version
            for document in documents
            for item in objects_of(document)
            for version in versions_of(item)
        )

    @cached_property
    def has_definitions(self) -> bool:
        """Whether anybody says what custom resources are."""
        return bool(self._custom or self._given)

    def takers(self, item: KubernetesObject) -> Iterator[tuple[CustomVersion, Judgement]]:
        """The definitions of its kind by which an object is so far right that rules in CEL are asked."""
        found = self.definitions_of(item.api_version, item.kind)
        for each in [each for each in found if each.is_served][:_MOST_DEFINITIONS]:
            made = self._shape(each)
            if each.schema.is_set and isinstance(made, Shape):
                judged = self._judge_by(each, made, item)
                if not any(violation.ends_judging for violation in judged.violations):
                    yield each, judged

    def _judge(self, item: KubernetesObject) -> Judgement:
        shape = builtin_shape(item.api_version, item.kind, self.minor)
        if shape is not None:
            return Judgement(Standing.CHECKED, shape, tuple(violations(shape, item.node.value)))
        found = self.definitions_of(item.api_version, item.kind)
        if not found:
            return self._judge_by_catalogue(item)
        served = [each for each in found if each.is_served]
        if not served:
            return Judgement(Standing.NOT_SERVED, schema=found[0].schema)
        judged: list[Judgement] = []
        for each in served[:_MOST_DEFINITIONS]:
            made = self._shape(each)
            if isinstance(made, Shape):
                judged.append(self._judge_by(each, made, item))
                if not judged[-1].violations:
                    break
        if not judged:
            return Judgement(Standing.BROKEN, schema=served[0].schema)
        return min(judged, key=lambda each: len(each.violations))

    def _judge_by(self, definition: CustomVersion, shape: Shape, item: KubernetesObject) -> Judgement:
        found = (
            each
            for each in violations(shape, item.node.value)
            if not definition.has_status or each.route[:1] != ("status",)
        )
        return Judgement(Standing.CHECKED, shape, tuple(found), definition.schema)

    def _judge_by_catalogue(self, item: KubernetesObject) -> Judgement:
        """What a JSON schema says that somebody names."""
        key = (item.api_version, item.kind)
        if key not in self._catalogue:
            source = self._world.schema_source
            found = None if source is None else source.schema(*key)
            made = None if found is None else object_shape(found.data, Dialect(self.minor))
            self._catalogue[key] = None if found is None or made is None else (made, found.root)
        known = self._catalogue[key]
        if known is None:
            return Judgement(Standing.UNKNOWN)
        shape, schema = known
        return Judgement(Standing.CHECKED, shape, tuple(violations(shape, item.node.value)), schema)

    def problem_of(self, definition: CustomVersion) -> BrokenSchema | None:
        """Why the API server does not take the schema of a definition of the world."""
        made = self._shape(definition)
        return made if isinstance(made, BrokenSchema) else None

    def _shape(self, definition: CustomVersion) -> Shape | BrokenSchema:
        key = id(definition)
        if key not in self._shapes:
            try:
                self._shapes[key] = definition.shape(self.minor)
            except BrokenSchema as problem:
                self._shapes[key] = problem
        return self._shapes[key]


def _by_key(found: Iterable[CustomVersion]) -> dict[tuple[str, str], list[CustomVersion]]:
    """By API version and kind, those that say the same once."""
    by_key: dict[tuple[str, str], dict[str, CustomVersion]] = defaultdict(dict)
    for version in found:
        said = json.dumps([version.schema.value or None, version.is_served, version.has_status], default=str)
        by_key[version.key].setdefault(said, version)
    return {key: list(versions.values()) for key, versions in by_key.items()}


@lru_cache(maxsize=64)
def conformance(minor: int) -> Callable[[World], Conformance]:
    """Judges a world by Kubernetes 1.minor; ask with ``world.fact(conformance(minor))``."""
    return lambda world: Conformance(world, minor)
