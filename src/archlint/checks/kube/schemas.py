"""Objects held against the schemas of their kinds: what the API server refuses before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from archlint.checks import Observation, Options, join, observe
from archlint.checks.kube.refusals import other_names
from archlint.documents import Node
from archlint.finding import Place, Route
from archlint.finding.place import dotted
from archlint.model.kubernetes import Container, KubernetesObject
from archlint.model.kubernetes.hidden_marks import has_hidden_mark
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.ingresses import Ingress
from archlint.model.kubernetes.pod_security import minor_version
from archlint.model.kubernetes.ports import misnumbered_ports
from archlint.model.kubernetes.schemas.checking import DOUBLED, Fault, SchemaViolation
from archlint.model.kubernetes.schemas.completion import is_completed
from archlint.model.kubernetes.schemas.conformance import Judgement, Standing, conformance
from archlint.model.kubernetes.schemas.custom import CustomVersion
from archlint.model.kubernetes.schemas.kinds import kind_fault
from archlint.model.kubernetes.schemas.shape import BOOLEAN, INTEGER, LIST, NUMBER, STRING
from archlint.model.kubernetes.schemas.suggestions import suggestion
from archlint.model.kubernetes.untyped import API_VERSION, UntypedObject
from archlint.model.scalars import MisreadString
from archlint.model.world import World

_LONGEST = 60
_ENCRYPTION = "sops"
"""What SOPS adds to a file that it encrypts, and takes away before the object is applied."""


@join(KubernetesObject)
def field_unknown(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A key that the kind does not have."""
    judged = _judged(item, world, options)
    for found in judged.violations:
        if found.fault is Fault.UNKNOWN:
            key = item.get(*found.route)
            field = str(found.route[-1])
            if is_placeholder(field) or (field == _ENCRYPTION and len(found.route) == 1):
                continue
            if _is_told(key, world):
                continue
            assert judged.shape is not None
            message, near = suggestion(judged.shape, found, _minor(options))
            yield observe(
                key.place(),
                message,
                related=_defined(judged),
                field=field,
                where=_where(found.route[:-1]),
                kind=_kind(item),
                near=near,
            )


@join(KubernetesObject)
def field_type_wrong(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A value of another type than the kind's field has."""
    judged = _judged(item, world, options)
    for found in judged.violations:
        if found.fault is not Fault.TYPE:
            continue
        value = item.get(*found.route)
        if _is_filled_in(value) or _is_told(value, world):
            continue
        yield observe(
            value.place() if value.is_map or value.is_list else value.value_place(),
            _advice(found, value),
            related=_defined(judged),
            field=dotted(found.route),
            kind=_kind(item),
            expected=found.shape.expected,
            value=_in_words(value),
        )


@join(KubernetesObject)
def field_missing(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A field that the kind needs."""
    schemas = world.fact(conformance(_minor(options)))
    judged = schemas.of(item)
    missing = [found for found in judged.violations if found.fault is Fault.MISSING]
    if missing and not is_completed(item, schemas, world):
        for found in missing:
            field = item.get(*found.route)
            if has_hidden_mark(field) or _is_told(field, world):
                continue
            yield observe(
                field.place(),
                "empty" if field.exists else "default",
                related=_defined(judged),
                identity=item.source.names(field.route),
                field=str(found.route[-1]),
                where=_where(found.route[:-1]),
                kind=_kind(item),
                aliases=["kube-linter:schema-validation", *other_names(item.kind, found.route)],
            )


@join(KubernetesObject)
def field_value_refused(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A value of the right type that the schema shuts out."""
    judged = _judged(item, world, options)
    for found in judged.violations:
        if found.fault is not Fault.LIMIT:
            continue
        value = item.get(*found.route)
        if not _is_filled_in(value):
            is_doubled = found.keyword == DOUBLED
            yield observe(
                value.place() if is_doubled else value.value_place(),
                "doubled" if is_doubled else "default",
                related=_defined(judged),
                field=dotted(found.route),
                kind=_kind(item),
                value=_in_words(value),
                reason=found.reason,
            )


@join(KubernetesObject)
def kind_unknown(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A kind that the API server does not serve."""
    judged = _judged(item, world, options)
    if judged.standing is Standing.NOT_SERVED:
        yield observe(
            item.get("apiVersion").value_place(),
            "not-served",
            related=_defined(judged),
            kind=item.kind,
            version=item.api_version,
        )
    elif judged.standing is Standing.UNKNOWN:
        fault = kind_fault(item.api_version, item.kind, _minor(options))
        if fault is not None:
            yield observe(
                item.get(fault.key).value_place(),
                fault.message,
                kind=item.kind,
                version=item.api_version,
                known=fault.known,
                kubernetes=f"1.{_minor(options)}",
            )


@join(UntypedObject)
def object_type_missing(item: UntypedObject, world: World, options: Options) -> Iterator[Observation]:
    """An object of which nobody can say what it is."""
    versions = item.versions if item.lacking == API_VERSION else ()
    yield observe(
        item.given.value_place() if item.written is None else item.written.place(),
        "default" if item.written is None else "misspelt",
        field=item.lacking,
        written="" if item.written is None else str(item.written.route[-1]),
        example=f", such as '{versions[-1]}'" if versions else "",
    )


@join(CustomVersion)
def definition_schema_broken(version: CustomVersion, world: World, options: Options) -> Iterator[Observation]:
    """A definition whose schema the API server does not take."""
    problem = world.fact(conformance(_minor(options))).problem_of(version)
    if problem is not None:
        yield observe(
            version.schema.get(*problem.route).place(),
            kind=version.key[1],
            version=version.version,
            reason=problem.reason,
        )


def _judged(item: KubernetesObject, world: World, options: Options) -> Judgement:
    return world.fact(conformance(_minor(options))).of(item)


def _minor(options: Options) -> int:
    return _minor_of(str(options["kubernetes-version"]))


@lru_cache(maxsize=64)
def _minor_of(version: str) -> int:
    return minor_version(version) or 0


def _kind(item: KubernetesObject) -> str:
    return f"{item.api_version} {item.kind}"


def _defined(judged: Judgement) -> list[tuple[Place, str]]:
    found = judged.schema
    return [] if found is None else [(found.place(), "the schema of its kind")]


def _where(route: Route) -> str:
    return f"'{dotted(route)}'" if route else "the object"


def _is_filled_in(value: Node) -> bool:
    """Whether another program fills the value in."""
    text = value.text
    if has_hidden_mark(value):
        return True
    return text is not None and (text.startswith("ENC[") or is_placeholder(text.rstrip("%")))


def _is_told(field: Node, world: World) -> bool:
    """Whether a rule that knows more of a field tells what is wrong with it."""
    return (field.document, field.route) in world.fact(_told_by_others)


def _told_by_others(world: World) -> set[tuple[object, Route]]:
    """Strings that are read otherwise (``ambiguous-scalar``), numbers of ports (``container-port-missing``),
    and keys of Ingresses of the other API version (``ingress-backend-undefined``)."""
    strings = (found.node for found in world.all(MisreadString))
    ports = (number for container in world.all(Container) for number in misnumbered_ports(container))
    keys = (key for ingress in world.all(Ingress) for key in ingress.keys_of_other_version())
    return {(node.document, node.route) for node in (*strings, *ports, *keys)}


def _advice(found: SchemaViolation, value: Node) -> str:
    """The message that says what to type."""
    classes = found.shape.classes or frozenset()
    if classes == STRING and isinstance(value.value, (bool, int, float)):
        return "quotes"
    if classes == LIST and value.is_map:
        return "list"
    text = value.text
    if text is not None and classes <= NUMBER | BOOLEAN:
        is_number = text.lstrip("+-").isdigit() and bool(classes & (INTEGER | NUMBER))
        if is_number or (text in ("true", "false") and classes == BOOLEAN):
            return "plain"
    return "default"


def _in_words(value: Node) -> str:
    data = value.value
    if isinstance(data, dict):
        return "a map"
    if isinstance(data, list):
        return "a list"
    if data is None:
        return "null"
    if isinstance(data, str):
        return f"the text '{data}'" if len(data) <= _LONGEST else "a long text"
    written = value.document.source_text(value.route)
    plain = str(data).lower() if isinstance(data, bool) else str(data)
    said = f" ('{written}')" if written and written != plain else ""
    return f"the {'boolean' if isinstance(data, bool) else 'number'} {plain}{said}"
