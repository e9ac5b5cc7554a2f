"""Kubernetes' definitions are whole, and objects are held against them as the API server does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents.kubernetes.definitions import definitions
from archlint.files import Kind
from archlint.model.kubernetes.objects import objects_of
from archlint.model.kubernetes.schemas.builtin import builtin_shape, shape_of
from archlint.model.kubernetes.schemas.checking import Fault, violations
from archlint.model.kubernetes.schemas.compiling import BrokenSchema, Dialect, object_shape
from archlint.model.kubernetes.schemas.conformance import Standing, conformance
from archlint.model.kubernetes.schemas.limits import LIMITS
from archlint.model.kubernetes.schemas.shape import Shape
from archlint.model.kubernetes.schemas.suggestions import suggestion
from tests.kube.worlds import world_of
from tests.support.inside import archlint
from tests.support.limits import within
from tests.support.sampling import usually

KNOWN = definitions()
VERSIONS = range(KNOWN.oldest, KNOWN.newest + 1)


def reached(shape: Shape, seen: dict[int, Shape]) -> dict[int, Shape]:
    """All shapes that a shape is made of."""
    waiting = [shape]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen:
            seen[id(here)] = here
            waiting += [*here.fields.values(), *filter(None, (here.items, here.rest))]
    return seen


def test_every_type_that_is_named_is_there() -> None:
    assert (KNOWN.oldest, KNOWN.newest) == (25, 37)
    for minor in VERSIONS:
        seen: dict[int, Shape] = {}
        for kind in KNOWN.kinds:
            api_version, _, name = kind.partition(" ")
            written = KNOWN.type_of(api_version, name, minor)
            if written is not None:
                reached(shape_of(written, minor), seen)
        named = [shape for shape in seen.values() if shape.name]
        assert len(named) > 400
        assert not [shape.name for shape in named if not shape.fields]
        assert all(set(shape.required) <= set(shape.fields) for shape in named)


def test_kinds_come_and_go() -> None:
    assert KNOWN.versions_of("apps/v1", "Deployment") == list(VERSIONS)
    assert KNOWN.versions_of("batch/v1beta1", "CronJob") == []
    assert KNOWN.versions_of("autoscaling/v2beta2", "HorizontalPodAutoscaler") == [25]
    assert KNOWN.versions_of("resource.k8s.io/v1", "ResourceClaim") == list(range(34, 38))
    names = [name for name, _ in KNOWN.fields("api.core.v1.Container", 27)]
    assert "restartPolicy" not in names
    assert "restartPolicy" in [name for name, _ in KNOWN.fields("api.core.v1.Container", 28)]


def faults(value: dict[str, Any], minor: int = KNOWN.newest) -> list[tuple[str, str]]:
    """What is wrong with an object, and where."""
    shape = builtin_shape(value["apiVersion"], value["kind"], minor)
    assert shape is not None
    found = violations(shape, value)
    return sorted((each.fault.value, "/".join(map(str, each.route))) for each in found)


def deployment(**container: Any) -> dict[str, Any]:
    """A Deployment with one container."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "cart", "creationTimestamp": None},
        "spec": {
            "selector": {"matchLabels": {"app": "cart"}},
            "template": {
                "metadata": {"labels": {"app": "cart"}},
                "spec": {"containers": [{"name": "cart", **container}]},
            },
        },
    }


def test_what_the_server_takes_is_taken() -> None:
    taken = deployment(
        resources={"limits": {"cpu": 1, "memory": "1Gi"}, "requests": {"cpu": 0.5}},
        livenessProbe={"httpGet": {"port": "web"}, "periodSeconds": 10.0},
        readinessProbe={"httpGet": {"port": 8080}},
        env=None,
        command=["a", None],
    )
    assert faults(taken) == []


CONTAINER = "spec/template/spec/containers/0"


@pytest.mark.parametrize(
    ("container", "fault", "where"),
    [
        ({"imagePullpolicy": "Always"}, Fault.UNKNOWN, "imagePullpolicy"),
        ({"ports": [{"containerPort": "80"}]}, Fault.TYPE, "ports/0/containerPort"),
        ({"ports": {"containerPort": 80}}, Fault.TYPE, "ports"),
        ({"ports": [{"containerPort": True}]}, Fault.TYPE, "ports/0/containerPort"),
        ({"ports": [{"containerPort": 80.5}]}, Fault.TYPE, "ports/0/containerPort"),
        ({"ports": [{"name": "web"}]}, Fault.MISSING, "ports/0/containerPort"),
        ({"ports": [{"containerPort": None}]}, Fault.MISSING, "ports/0/containerPort"),
        ({"args": [1]}, Fault.TYPE, "args/0"),
        ({"tty": "true"}, Fault.TYPE, "tty"),
        ({"resources": {"limits": {"cpu": []}}}, Fault.TYPE, "resources/limits/cpu"),
        ({"name": None}, Fault.MISSING, "name"),
    ],
)
def test_what_the_server_refuses_is_told_at_its_place(
    container: dict[str, Any], fault: Fault, where: str
) -> None:
    assert faults(deployment(**container)) == [(fault.value, f"{CONTAINER}/{where}")]


def test_time_grows_with_the_object_alone() -> None:
    env = [{"name": f"V{at}", "value": str(at), "valu": 1} for at in range(20_000)]
    within(1.5, lambda: len(faults(deployment(env=env))))
    deep: dict[str, Any] = {"type": "object"}
    for _ in range(5_000):
        deep = {"type": "object", "properties": {"a": deep}}
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"kind": "Shop", "plural": "shops"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": deep}},
            ],
        },
    }
    within(1.5, lambda: faults(crd))


def test_the_file_is_small() -> None:
    """It is read by each run that meets Kubernetes."""
    path = Path(definitions.__wrapped__.__globals__["__file__"]).with_name("definitions.txt")
    assert path.stat().st_size < 250_000


SHOP = {
    "apiVersion": "example.com/v1",
    "kind": "Shop",
    "metadata": {"name": "north"},
    "spec": {"shelves": "3"},
}
SHELVES = {"type": "object", "properties": {"shelves": {"type": "integer"}}}
SCHEMA = {"type": "object", "properties": {"spec": {**SHELVES, "additionalProperties": False}}}


def definition(schema: dict[str, Any], **version: Any) -> dict[str, Any]:
    """The definition of shops."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "shops.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"kind": "Shop", "plural": "shops"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                    **version,
                }
            ],
        },
    }


def report(folder: Path, *arguments: str) -> Any:
    """What a check of a folder says of schemas."""
    rules = "KUBE810,KUBE811,KUBE812,KUBE813,KUBE814,KUBE815"
    done = archlint(
        "check", ".", "--select", rules, "--ignore", "ALL", "--format", "json", *arguments, cwd=folder
    )
    return json.loads(done.out)


def test_schemas_come_from_folders_that_a_flag_or_the_configuration_names(tmp_path: Path) -> None:
    home, beside = tmp_path / "home", tmp_path / "beside"
    (home / "own" / "example.com").mkdir(parents=True)
    beside.mkdir()
    (home / "shop.yaml").write_text(json.dumps(SHOP))
    untold = {"kubernetes": "1.37", "checked": 0, "unchecked": {"example.com/v1 Shop": 1}}
    assert report(home)["schemas"] == untold

    (beside / "crd.yaml").write_text(
        json.dumps(definition({"type": "object", "properties": {"spec": SHELVES}}))
    )
    found = report(home, "--schemas", "../beside")
    assert [item["rule"] for item in found["findings"]] == ["field-type-wrong"]
    assert found["schemas"] == {"kubernetes": "1.37", "checked": 1, "unchecked": {}}
    assert report(home)["findings"] == [], "what was kept is good for the same schemas alone"

    (home / "own/example.com/shop_v1.json").write_text(json.dumps(SCHEMA))
    (home / "archlint.yaml").write_text("schemas: [own]\nkubernetes-version: '1.30'\n")
    found = report(home)
    assert [item["rule"] for item in found["findings"]] == ["field-type-wrong"]
    assert found["schemas"]["kubernetes"] == "1.30"
    assert report(home, "--kubernetes-version", "v1.31.4")["schemas"]["kubernetes"] == "1.31"

    (home / "archlint.yaml").write_text("schemas: [../beside]\n")
    assert archlint("check", ".", cwd=home).code == 2


@pytest.mark.parametrize("version", ["1.24", "1.38", "2.0", "new", ""])
def test_an_unknown_version_is_refused_with_those_known(version: str, tmp_path: Path) -> None:
    done = archlint("check", ".", "--kubernetes-version", version, cwd=tmp_path)
    assert done.code == 2
    assert "1.25 to 1.37" in done.err


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ({"a": definition(SCHEMA, served=False), "b": SHOP}, ["kind-unknown"]),
        (
            {"a": definition({"type": "object", "properties": {"spec": {}}}), "b": SHOP},
            ["definition-schema-broken"],
        ),
        ({"a": definition({"type": "object", "x-kubernetes-preserve-unknown-fields": True}), "b": SHOP}, []),
        ({"a": definition({"type": "object"}), "b": SHOP}, ["field-unknown"]),
        # of two definitions the one counts that takes the object
        (
            {
                "a": definition({"type": "object"}),
                "b": SHOP,
                "c": definition(
                    {
                        **SCHEMA,
                        "properties": {
                            "spec": {"type": "object", "additionalProperties": {"type": "string"}}
                        },
                    }
                ),
            },
            [],
        ),
    ],
)
def test_definitions_of_the_repository_count(
    files: dict[str, dict[str, Any]], rules: list[str], tmp_path: Path
) -> None:
    for name, value in files.items():
        (tmp_path / f"{name}.yaml").write_text(json.dumps(value))
    assert [item["rule"] for item in report(tmp_path)["findings"]] == rules


KEYWORDS = (
    *("type", "properties", "items", "additionalProperties", "required", "nullable", "format", "$ref"),
    *("x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string", "x-kubernetes-embedded-resource"),
    *sorted(LIMITS),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["object", "string", "array", "(", "#/x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=5),
    max_leaves=20,
)


@given(schema=JSON, value=JSON, is_closed=st.booleans(), is_structural=st.booleans())
@settings(max_examples=usually(50, 5000), deadline=None)
def test_no_schema_makes_the_checker_fail(
    schema: Any, value: Any, is_closed: bool, is_structural: bool
) -> None:
    try:
        shape = object_shape(schema, Dialect(KNOWN.newest, is_closed=is_closed, is_structural=is_structural))
    except BrokenSchema as problem:
        assert problem.reason
    else:
        for found in violations(shape, value):
            assert found.shape.expected or found.fault is not Fault.TYPE


def test_time_grows_with_lists_of_values_and_unknown_keys_alone() -> None:
    values = [f"value-{at}" for at in range(20_000)]
    schema = {"type": "array", "items": {"type": "string", "enum": values, "pattern": "^value-[0-9]+$"}}
    shape = object_shape({"type": "object", "properties": {"spec": schema}}, Dialect(KNOWN.newest))
    within(1.5, lambda: list(violations(shape, {"spec": values})))
    pod = builtin_shape("v1", "Pod", KNOWN.newest)
    assert pod is not None
    keys = {"kind": "Pod", "spec": {"containers": [], **{f"contaners{at}": 1 for at in range(800)}}}
    within(4, lambda: [suggestion(pod, found, KNOWN.newest) for found in violations(pod, keys)])


def _of_catalogue(schema: dict[str, Any]) -> Shape:
    return object_shape(schema, Dialect(37))


def test_what_the_server_fills_in_is_not_missing() -> None:
    size = {"type": "integer", "default": 2}
    inner = {"type": "object", "required": ["size", "name"], "properties": {"size": size, "name": {}}}
    shape = _of_catalogue({"type": "object", "properties": {"spec": inner}})
    (missing,) = violations(shape, {"spec": {"size": None}})
    assert "name" in str(missing)


def test_long_chains_of_references_ask_nothing() -> None:
    chain = {f"a{number}": {"$ref": f"#/definitions/a{number + 1}"} for number in range(3_000)}
    shape = _of_catalogue(
        {"type": "object", "definitions": chain, "properties": {"a": {"$ref": "#/definitions/a0"}}}
    )
    assert not list(violations(shape, {"a": 1}))


def test_an_object_that_is_read_again_is_judged_by_itself(tmp_path: Path) -> None:
    kinds = {"v1 ConfigMap": Standing.CHECKED, "example.org/v1 Gadget": Standing.UNKNOWN}
    text = "---\n".join(
        f"apiVersion: {kind.split()[0]}\nkind: {kind.split()[1]}\nmetadata: {{name: n{number}}}\n"
        for number in range(20)
        for kind in kinds
    )
    world = world_of(tmp_path, {"all.yaml": text})
    judged = conformance(KNOWN.newest)(world)
    for document in world.documents(Kind.KUBERNETES):
        for item in objects_of(document):  # which nothing keeps
            assert judged.of(item).standing is kinds[f"{item.api_version} {item.kind}"]


FORMATS = {
    "date-time": (
        ["2030-01-31T12:00:00Z", "2030-01-31t12:00:00.5+01:00"],
        ["2030-01-31", "2030-02-31T12:00:00Z"],
    ),
    "date": (["2030-01-31"], ["2030-02-30", "30-01-31"]),
    "duration": (["90s", "1h30m", "-1.5h", "3 days", "PT5M"], ["soon", "10", ""]),
    "byte": (["YWJj", "YWI="], ["YW_j", "YWJ", ""]),
    "ipv4": (["10.0.0.1", "010.0.0.1"], ["10.0.0", "10.0.0.256", "::1"]),
    "ipv6": (["::1", "fd00::1"], ["10.0.0.1", "fe80::1%eth0"]),
    "cidr": (["10.0.0.0/8", "::/0"], ["10.0.0.0", "10.0.0.0/33"]),
    "uuid": (["6ba7b810-9dad-11d1-80b4-00c04fd430c8"], ["6ba7b810"]),
    "uri": (["https://shop.example/a", "/a/b"], ["shop.example", "a b"]),
    "email": (["a@shop.example", "A <a@shop.example>"], ["a"]),
    "hostname": (["shop.example", "localhost"], ["a_b", "-a", "10.0.0.1"]),
    "mac": (["00:11:22:33:44:55"], ["00:11:22"]),
    "int32": (["a"], []),
    "quantity": (["a"], []),
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats_are_those_that_the_server_holds_texts_to(name: str) -> None:
    shape = object_shape(
        {"type": "object", "properties": {"a": {"type": "string", "format": name}}}, Dialect(37)
    )
    either = {"type": "object", "properties": {"a": {"anyOf": [{"format": name, "type": "string"}]}}}
    for schema in (shape, object_shape(either, Dialect(37))):
        good, bad = FORMATS[name]
        assert [text for text in good if list(violations(schema, {"a": text}))] == []
        assert [text for text in bad if not list(violations(schema, {"a": text}))] == []


TILLS = {
    "type": "object",
    "properties": {
        "a": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["port", "protocol"],
            "items": {
                "type": "object",
                "properties": {"port": {"type": "integer"}, "protocol": {"type": "string", "default": "TCP"}},
            },
        },
        "b": {"type": "array", "x-kubernetes-list-type": "set", "items": {}},
        "c": {"type": "array", "items": {"type": "string"}},
    },
}


@pytest.mark.parametrize(
    ("value", "doubled"),
    [
        ({"a": [{"port": 1}, {"port": 2}]}, []),
        ({"a": [{"port": 1}, {"port": 1, "protocol": "UDP"}]}, []),
        ({"a": [{"port": 1}, {"port": 1, "protocol": "TCP"}, {"port": 1}]}, [("a", 1)]),
        ({"b": ["x", "y", 1, "1", True, {"k": 1}, {"k": 2}]}, []),
        ({"b": ["x", "y", "x", {"k": 1}, {"k": 1}]}, [("b", 2), ("b", 4)]),
        ({"c": ["x", "x"]}, []),
    ],
)
def test_entries_of_sets_and_maps_are_there_once(value: Any, doubled: list[Any]) -> None:
    found = violations(object_shape(TILLS, Dialect(37)), value)
    assert [violation.route for violation in found] == doubled
