"""Labels and annotations about sidecar injection."""

from __future__ import annotations

import pytest

from tests.net.worlds import deployment, found_by, world_of
from tests.net.worlds import findings_of as all_findings


def _namespace(labels=None, annotations=None):
    metadata = {"name": "shop", "labels": labels or {}, "annotations": annotations or {}}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _found(tmp_path, *objects):
    found = found_by("injection-label-wrong", tmp_path, {"all.json": list(objects)})
    return [(finding.message_id, finding.aliases) for finding in found]


@pytest.mark.parametrize("value", ["true", "Enabled", "yes", "", None, True, 1])
def test_values_that_switch_nothing_on(tmp_path, value) -> None:
    assert _found(tmp_path, _namespace({"istio-injection": value})) == [("namespace-value", ())]


@pytest.mark.parametrize(
    "labels",
    [
        {"istio-injection": "enabled"},
        {"istio-injection": "disabled"},
        {"istio-injection": "disabled", "istio.io/rev": "canary"},
        {"istio-injection": "enabled", "istio.io/dataplane-mode": "none"},
        {"istio.io/rev": "canary"},
        {"istio.io/dataplane-mode": "ambient"},
        {},
    ],
)
def test_labels_that_are_right(tmp_path, labels) -> None:
    assert _found(tmp_path, _namespace(labels)) == []


@pytest.mark.parametrize(
    "labels",
    [
        {"istio-injection": "enabled", "istio.io/rev": "canary"},
        {"istio-injection": "enabled", "istio.io/dataplane-mode": "ambient"},
        {"istio.io/rev": "canary", "istio.io/dataplane-mode": "ambient"},
    ],
)
def test_labels_that_contradict_each_other(tmp_path, labels) -> None:
    assert _found(tmp_path, _namespace(labels)) == [("conflict", ("istio:IST0123",))]


def test_annotations_of_namespaces(tmp_path) -> None:
    annotations = {"istio-injection": "enabled", "sidecar.istio.io/inject": "true"}
    assert _found(tmp_path, _namespace(annotations=annotations)) == [
        ("not-annotation", ()),
        ("not-on-namespace", ("istio:IST0107",)),
    ]


@pytest.mark.parametrize(
    ("value", "found"), [("true", []), ("false", []), ("True", ["pod-value"]), ("on", ["pod-value"])]
)
def test_values_on_pods(tmp_path, value, found) -> None:
    item = deployment("cart")
    item["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] = value
    assert [message for message, _ in _found(tmp_path, item)] == found


def test_value_without_quotes(tmp_path) -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart\n"
        "  labels:\n    sidecar.istio.io/inject: no\nspec: {containers: []}\n"
    )
    found = all_findings(world_of(tmp_path, {"pod.yaml": text}), "MESH")
    assert [(finding.message_id, finding.arguments["wanted"]) for finding in found] == [("unquoted", "false")]


def test_metadata_of_the_workload_itself(tmp_path) -> None:
    item = deployment("cart")
    item["metadata"]["annotations"] = {"sidecar.istio.io/inject": "false"}
    assert _found(tmp_path / "a", item) == [("not-on-workload-metadata", ("istio:IST0107",))]
    item["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] = "false"
    assert _found(tmp_path / "b", item) == []
