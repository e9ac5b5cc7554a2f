"""Each place where a string is needed, with each kind of scalar that is read as something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kube.worlds import findings_of, world_of


def manifest(kind: str, group: str = "v1", metadata: str = "", rest: str = "") -> str:
    """One object; its name unless the metadata has another."""
    name = "" if "name:" in metadata else "name: a, "
    return f"apiVersion: {group}\nkind: {kind}\nmetadata: {{{name}{metadata}}}\n{rest}"


def deployment(pods: str = "", nodes: str = "", container: str = "", selector: str = "") -> str:
    """A Deployment with something in one of its parts."""
    spec = f"{{nodeSelector: {{{nodes}}}, containers: [{{name: c{container}}}]}}"
    template = f"{{metadata: {{{pods}}}, spec: {spec}}}"
    rest = f"spec: {{selector: {{matchLabels: {{{selector}}}}}, template: {template}}}\n"
    return manifest("Deployment", "apps/v1", rest=rest)


PLACES = [
    ("The name of an object", manifest("ConfigMap", metadata="name: VALUE")),
    ("The namespace of an object", manifest("ConfigMap", metadata="namespace: VALUE")),
    ("Annotation 'k'", manifest("ConfigMap", metadata="annotations: {k: VALUE}")),
    ("Key 'k'", manifest("ConfigMap", rest="data: {k: VALUE}\n")),
    ("Key 'k'", manifest("Secret", rest="stringData: {k: VALUE}\n")),
    ("Label 'k'", manifest("Service", rest="spec: {selector: {k: VALUE}}\n")),
    ("Label 'k'", deployment(pods="labels: {k: VALUE}")),
    ("Annotation 'k'", deployment(pods="annotations: {k: VALUE}")),
    ("Label 'k'", deployment(nodes="k: VALUE")),
    ("Label 'k'", deployment(selector="k: VALUE")),
    ("Environment variable 'k'", deployment(container=", env: [{name: k, value: VALUE}]")),
    ("A part of the command of container 'c'", deployment(container=", command: [a, VALUE]")),
    ("An argument of container 'c'", deployment(container=", args: [VALUE]")),
]
ELSEWHERE = [
    manifest("ConfigMap", "example.com/v1", rest="data: {k: VALUE}\n"),
    manifest("Secret", "example.com/v1", rest="stringData: {k: VALUE}\n"),
    manifest("Secret", rest="data: {k: VALUE}\n"),
    manifest("Service", "example.com/v1", rest="spec: {selector: {k: VALUE}}\n"),
    manifest("Service", rest="data: {k: VALUE}\n"),
    manifest("ConfigMap", rest="stringData: {k: VALUE}\nspec: {selector: {k: VALUE}}\n"),
]
OWN_LABELS = [
    manifest("ConfigMap", metadata="labels: {k: VALUE}"),
    manifest("Pod", metadata="labels: {k: VALUE}", rest="spec: {containers: [{name: c}]}\n"),
]
"""Of these ``label-invalid`` tells."""
READINGS = {
    "yes": "the boolean true",
    "OFF": "the boolean false",
    "0755": "the number 493",
    "1_000": "the number 1000",
    "1.10": "the number 1.1",
    "-3": "the number -3",
}
STRINGS = ("'yes'", '"1"', "1.2.3", "a", "null", "~")


def told(folder: Path, text: str) -> list[tuple[int, str]]:
    """The line and the message of each finding of the rule."""
    found = findings_of(world_of(folder, {"a.yaml": text}))
    return [(item.location.span.line, item.message) for item in found if item.rule == "ambiguous-scalar"]


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("manifests", OWN_LABELS)
@pytest.mark.parametrize("written", READINGS)
def test_labels_of_an_object_itself_are_told_once(tmp_path: Path, manifests: str, written: str) -> None:
    found = findings_of(world_of(tmp_path, {"a.yaml": manifests.replace("VALUE", written)}))
    rules = ("ambiguous-scalar", "label-invalid", "field-type-wrong")
    assert [item.rule for item in found if item.rule in rules] == ["label-invalid"]


@pytest.mark.parametrize(("where", "manifests"), PLACES)
def test_what_kubernetes_takes_for_no_string_is_told_with_its_reading(
    tmp_path: Path, where: str, manifests: str
) -> None:
    text = "---\n".join(manifests.replace("VALUE", written) for written in (*READINGS, *STRINGS))
    assert told(tmp_path, text) == [
        (
            line_of(text, written),
            f"{where} must be a string; Kubernetes reads `{written}` as {reading} and refuses the object."
            " Put it in quotes.",
        )
        for written, reading in READINGS.items()
    ]


def test_the_same_field_of_another_object_may_be_a_number(tmp_path: Path) -> None:
    assert told(tmp_path, "---\n".join(ELSEWHERE).replace("VALUE", "1.10")) == []


OLD_READINGS = {
    "no": "the boolean false",
    "On": "the boolean true",
    "1_000": "the number 1000",
    "0b11": "the number 3",
    "1:30": "a number to the base of 60",
    "-12:30:45.5": "a number to the base of 60",
}
NO_NUMBERS = ("a", "'no'", '"1:30"', "0:30", "1:75", "1:30a", "null")


def test_what_a_string_schema_lists_is_read_alike_by_everybody(tmp_path: Path) -> None:
    """In a contract YAML 1.2 holds, and many readers are older."""
    head = "openapi: 3.1.0\ninfo: {title: t, version: 1.10}\npaths: {}\ncomponents:\n  schemas:\n    A:\n"
    listed = "".join(f"        - {written}\n" for written in (*OLD_READINGS, *NO_NUMBERS, "true", "12"))
    other = "    B:\n      type: integer\n      enum: [12, no]\n    C: {type: [string], x: {enum: [12]}}\n"
    text = f"{head}      type: string\n      enum:\n{listed}{other}"
    old = [
        (
            line_of(text, f"- {written}\n"),
            f"A value of a string enum must be a string; readers of YAML 1.1 take `{written}` for {reading}."
            " Put it in quotes.",
        )
        for written, reading in OLD_READINGS.items()
    ]
    plain = [
        (
            line_of(text, f"- {written}\n"),
            f"A value of a string enum must be a string; `{written}` is {reading}. Put it in quotes.",
        )
        for written, reading in (("true", "the boolean true"), ("12", "the number 12"))
    ]
    version = "The version in 'info' must be a string; `1.10` is the number 1.1. Put it in quotes."
    assert sorted(told(tmp_path, text)) == sorted([(2, version), *old, *plain])
