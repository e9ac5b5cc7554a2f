"""What archlint finds right and wrong with objects is what kubeconform does, field by field.

Each field of 30 kinds gets one object, in which it has a value of its type, one of another type, none, or
another name. A thorough run takes all kinds of all versions. Limits of values, such as quantities, are no
part of Kubernetes' published schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archlint.documents.kubernetes.definitions import definitions
from archlint.finding import Route
from archlint.model.kubernetes.schemas.builtin import builtin_shape
from archlint.model.kubernetes.schemas.checking import violations
from archlint.model.kubernetes.schemas.shape import Shape
from tests.support.kubeconform import kinds_of, verdicts, write_schemas
from tests.support.programs import kubeconform
from tests.support.sampling import IS_THOROUGH

KNOWN = definitions()
CHOSEN = frozenset(
    {
        *(
            "Pod",
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "ReplicaSet",
            "Job",
            "CronJob",
            "Service",
            "Ingress",
        ),
        *("NetworkPolicy", "ConfigMap", "Secret", "ServiceAccount", "Role", "ClusterRoleBinding", "Node"),
        *("PersistentVolume", "PersistentVolumeClaim", "StorageClass", "Namespace", "ResourceQuota"),
        *("HorizontalPodAutoscaler", "PodDisruptionBudget", "PriorityClass", "LimitRange", "RuntimeClass"),
        *("EndpointSlice", "CustomResourceDefinition", "ValidatingWebhookConfiguration"),
        "ValidatingAdmissionPolicy",
    }
)
VERSIONS = range(KNOWN.oldest, KNOWN.newest + 1) if IS_THOROUGH else (KNOWN.newest,)
Value = Any


def sample(shape: Shape) -> Value:
    """A small value of a shape: what is required, and nothing else."""
    classes = shape.classes
    if classes is None:
        return {"any": "thing"}
    if dict in classes:
        return {name: sample(shape.fields[name]) for name in shape.required}
    if list in classes:
        return []
    if str in classes:
        return "2030-01-31T12:00:00Z" if shape.limits else "x"
    return True if bool in classes else 1


def strange(shape: Shape) -> Value:
    """A value of another type than a shape has."""
    classes = shape.classes or frozenset()
    others: tuple[Value, ...] = ("x", 1.5, True, [], {"a": "b"})
    return next(each for each in others if type(each) not in classes)


def renamed(field: str, shape: Shape) -> dict[str, Value]:
    """The field under another name."""
    return {f"{field}x": sample(shape)}


WAYS: tuple[Callable[[str, Shape], dict[str, Value]], ...] = (
    lambda field, shape: {field: sample(shape)},
    lambda field, shape: {field: strange(shape)} if shape.classes else {},
    renamed,
    lambda field, shape: {field: None},
    lambda field, shape: {field: strange(shape)} if shape.classes else {field: None},
)


def fields_of(root: Shape) -> Iterator[tuple[tuple[Shape, ...], Route, str, Shape]]:
    """Each field of each type that a kind is made of, once: the shapes on the way to it, and the way."""
    seen: set[str] = set()
    waiting: list[tuple[tuple[Shape, ...], Route, Shape]] = [((), (), root)]
    while waiting:
        above, route, shape = waiting.pop()
        if shape.name and shape.name in seen:
            continue
        seen.add(shape.name)
        here = (*above, shape)
        for field, inner in shape.fields.items():
            yield here, route, field, inner
            if inner.classes is not None and (inner.fields or inner.items or inner.rest):
                waiting.append((here, (*route, field), inner))
        if shape.items is not None and shape.items.asks:
            waiting.append((here, (*route, 0), shape.items))
        if shape.rest is not None and shape.rest.asks:
            waiting.append((here, (*route, "key"), shape.rest))


def around(shapes: tuple[Shape, ...], route: Route, part: Value) -> Value:
    """A value of a kind in which a part stands at its route."""
    for shape, step in zip(reversed(shapes[: len(route)]), reversed(route), strict=True):
        part = [part] if isinstance(step, int) else {**sample(shape), step: part}
    return part


def objects(minor: int) -> Iterator[dict[str, Value]]:
    """The objects that are judged, each with a name of its own."""
    count = 0
    for api_version, kind in kinds_of(minor):
        root = builtin_shape(api_version, kind, minor)
        assert root is not None
        made: list[Value] = [sample(root)]
        if IS_THOROUGH or (kind in CHOSEN and "alpha" not in api_version and "beta" not in api_version):
            for at, (shapes, route, field, inner) in enumerate(fields_of(root)):
                own = sample(shapes[-1])
                changed = WAYS[at % len(WAYS)](field, inner)
                if changed.keys() != {field}:
                    own.pop(field, None)
                made.append(around(shapes, route, {**own, **changed}))
        for value in made:
            count += 1
            metadata = value.get("metadata")
            is_named = isinstance(metadata, dict | None) and "generateName" not in (metadata or {})
            if is_named and not kind.endswith("List"):
                value["metadata"] = {**(metadata or {}), "name": f"object-{count}"}
                yield {**value, "apiVersion": api_version, "kind": kind}


@pytest.mark.parametrize("minor", VERSIONS)
def test_verdicts_are_those_of_kubeconform(minor: int, tmp_path: Path) -> None:
    program = kubeconform()
    location = write_schemas(tmp_path / "schemas", minor)
    judged = {each["metadata"]["name"]: each for each in objects(minor)}
    told = verdicts(program, location, tmp_path, judged.values())
    assert told.keys() == judged.keys()
    assert {status for status, _ in told.values()} == {"statusValid", "statusInvalid"}
    other: list[object] = []
    for name, value in judged.items():
        shape = builtin_shape(value["apiVersion"], value["kind"], minor)
        assert shape is not None
        found = list(violations(shape, value))
        if bool(found) != (told[name][0] == "statusInvalid"):
            other.append((value, told[name][1], found))
    assert not other, (len(other), other[:3])
    refused = sum(status == "statusInvalid" for status, _ in told.values())
    assert 0.3 < refused / len(told) < 0.8
