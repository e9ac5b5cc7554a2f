"""What a suppression covers, what makes it void, and when it is reported as unused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archlint.config import Settings, SuppressEntry
from tests.judging.cases import codes, deployment, settled
from tests.support.inside import archlint
from tests.support.limits import within

ABOVE = "        # archlint: ignore[{}] its namespace has a LimitRange\n"


def test_without_suppression(tmp_path: Path) -> None:
    assert codes(settled(tmp_path, {"a.yaml": deployment()}).findings) == [("KUBE101", "a.yaml", 9)]


@pytest.mark.parametrize("name", ["KUBE101", "memory-limit-missing", "KUBE", "tag:reliability", "ALL"])
def test_a_comment_on_the_line_above(tmp_path: Path, name: str) -> None:
    result = settled(tmp_path, {"a.yaml": deployment(container=ABOVE.format(name))})
    assert result.findings == ()
    assert [item.suppressed for item in result.suppressed] == ["its namespace has a LimitRange (a.yaml:9)"]


def test_a_comment_on_the_line_itself(tmp_path: Path) -> None:
    text = deployment().replace("- name: cart", "- name: cart # archlint: ignore[KUBE101] known")
    assert settled(tmp_path, {"a.yaml": text}).findings == ()


@pytest.mark.parametrize("at", ["  replicas: 3", "  scaleTargetRef:"])
def test_a_comment_at_either_end_of_a_join(tmp_path: Path, at: str) -> None:
    """At the place that the finding names, or at one that it names as related."""
    scaler = (
        "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: cart}\nspec:\n"
        "  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: cart\n  maxReplicas: 5\n"
    )
    text = deployment().replace("spec:\n", "spec:\n  replicas: 3\n", 1) + scaler
    assert len(settled(tmp_path, {"a.yaml": text}, only=("KUBE603",)).findings) == 1
    said = text.replace(at, f"{at}  # archlint: ignore[KUBE603] it is set by hand")
    assert settled(tmp_path, {"a.yaml": said}, only=("KUBE603",)).findings == ()


def test_a_comment_elsewhere_is_unused(tmp_path: Path) -> None:
    text = deployment(metadata="  # archlint: ignore[KUBE101] known\n  labels: {a: b}\n")
    found = settled(tmp_path, {"a.yaml": text}).findings
    assert codes(found) == [("LINT002", "a.yaml", 5), ("KUBE101", "a.yaml", 11)]


def test_the_whole_file(tmp_path: Path) -> None:
    text = "# archlint: ignore-file[KUBE101] known\n" + deployment("a") + "---\n" + deployment("b")
    result = settled(tmp_path, {"a.yaml": text, "b.yaml": deployment()})
    assert codes(result.findings) == [("KUBE101", "b.yaml", 9)]
    assert len(result.suppressed) == 2


def test_an_annotation_covers_its_object_only(tmp_path: Path) -> None:
    annotated = "  annotations: {archlint/ignore: 'KUBE101 known'}\n"
    text = deployment("a", annotated) + "---\n" + deployment("b")
    assert codes(settled(tmp_path, {"a.yaml": text}).findings) == [("KUBE101", "a.yaml", 21)]


def test_an_annotation_in_a_list_object(tmp_path: Path) -> None:
    text = (
        '{"apiVersion": "v1", "kind": "List", "items": [\n'
        '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a",\n'
        '  "annotations": {"archlint/ignore": "KUBE101, KUBE102 until=2026-06-15 known"}},\n'
        '  "spec": {"containers": [{"name": "a", "image": "i:1"}]}},\n'
        '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"},\n'
        '  "spec": {"containers": [{"name": "b", "image": "i:1"}]}}]}\n'
    )
    assert codes(settled(tmp_path, {"a.json": text}).findings) == [("KUBE101", "a.json", 6)]


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("ignore[KUBE101]", "it gives no reason"),
        ("ignore[KUBE999] known", "no rule, area or tag is called 'KUBE999'; did you mean 'KUBE"),
        ("ignore[KUBE101, NOPE] known", "'NOPE'"),
        ("ignore[KUBE101] until=2026-06-14 known", "ended on 2026-06-14"),
        ("ignore KUBE101 known", "not in brackets"),
    ],
)
def test_void_suppressions_suppress_nothing_and_are_told(tmp_path: Path, comment: str, said: str) -> None:
    text = deployment(container=f"        # archlint: {comment}\n")
    found = settled(tmp_path, {"a.yaml": text}).findings
    assert codes(found) == [("LINT003", "a.yaml", 9), ("KUBE101", "a.yaml", 10)]
    assert any(said in item.message for item in found)


def test_a_suppression_holds_on_its_last_day(tmp_path: Path) -> None:
    text = deployment(container="        # archlint: ignore[KUBE101] until=2026-06-15 known\n")
    assert settled(tmp_path, {"a.yaml": text}).findings == ()


def test_unused_rules_of_a_suppression_are_named(tmp_path: Path) -> None:
    text = deployment(container=ABOVE.format("KUBE101, KUBE102"))
    found = settled(tmp_path, {"a.yaml": text}, only=("KUBE101", "KUBE102")).findings
    assert found == ()
    text = text.replace("1.2.0\n", "1.2.0\n          resources: {requests: {memory: 1Mi}}\n")
    found = settled(tmp_path, {"a.yaml": text}, only=("KUBE101", "KUBE102")).findings
    assert ["KUBE102" in item.message for item in found if item.code == "LINT002"] == [True]


def test_unused_is_told_only_of_rules_that_ran(tmp_path: Path) -> None:
    text = "# archlint: ignore-file[KUBE102, KUBE] known\n" + deployment()
    assert settled(tmp_path, {"a.yaml": text}).findings == ()


@pytest.mark.parametrize("path", ["a.yaml", "b.yaml", "c.yaml"])
def test_unused_is_told_in_what_was_looked_at_alone(tmp_path: Path, path: str) -> None:
    """Whatever the other files, and the configuration, have that is unused as well."""
    said = "# archlint: ignore-file[KUBE101] known\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.yaml").write_text(said.replace("NAME", name), "utf-8")
    entry = "suppress: [{rules: [KUBE102], paths: ['*.yaml'], reason: known}]\n"
    (tmp_path / "archlint.yaml").write_text(entry, "utf-8")
    flags = ("--select", "KUBE101,KUBE102", "--format", "json", "--fail-on", "never")
    told = archlint("check", path, *flags, cwd=tmp_path).report["findings"]
    assert [item["path"] for item in told if item["code"] == "LINT002"] == [path]
    told = archlint("check", ".", *flags, cwd=tmp_path).report["findings"]
    unused = {item["path"] for item in told if item["code"] == "LINT002"}
    assert unused == {"a.yaml", "b.yaml", "c.yaml", "archlint.yaml"}


def test_unused_may_be_suppressed_itself(tmp_path: Path) -> None:
    text = "# archlint: ignore-file[LINT002] generated\n# archlint: ignore[KUBE101] known\na: 1\n"
    result = settled(tmp_path, {"a.yaml": text})
    assert result.findings == ()
    assert codes(result.suppressed) == [("LINT002", "a.yaml", 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("said", [ABOVE.format("KUBE101"), "        # trivy:ignore:KSV-0018\n", ""])
def test_a_file_in_any_encoding_may_suppress(tmp_path: Path, said: str, encoding: str) -> None:
    text = ("\ufeff" if encoding == "utf-16-be" else "") + deployment(container=said)
    result = settled(tmp_path, {"a.yaml": text.encode(encoding)})
    assert (len(result.findings), len(result.suppressed)) == ((0, 1) if said else (1, 0))


def entry(until: date | None = None, *paths: str) -> Settings:
    return Settings(suppress=(SuppressEntry(("KUBE101",), paths or ("dev/**",), "local only", until),))


def test_configuration_covers_paths(tmp_path: Path) -> None:
    files = {"dev/a.yaml": deployment(), "prod/a.yaml": deployment()}
    result = settled(tmp_path, files, entry())
    assert codes(result.findings) == [("KUBE101", "prod/a.yaml", 9)]
    assert [item.suppressed for item in result.suppressed] == ["local only"]


def test_configuration_past_its_date(tmp_path: Path) -> None:
    assert len(settled(tmp_path, {"dev/a.yaml": deployment()}, entry(date(2026, 6, 14))).findings) == 1


OPENAPI = """\
openapi: 3.0.3
info: {title: shop, version: "1"}
servers: [{url: /api/v1}]
security: [{key: []}]
paths:
  /carts:
    get:
      MARK1
      operationId: listCarts
      responses:
        default: {$ref: '#/components/responses/Failed'}
  /orders:
    get:
      MARK2
      operationId: listOrders
      responses:
        default: {$ref: '#/components/responses/Failed'}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: k}}
  responses:
    Failed:
      MARK3
      description: failed
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Missing'}
"""
SAYS = "x-archlint-ignore: OAS002 generated later"


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((), ["OAS002"]),
        (("MARK3",), []),
        (("MARK1",), ["LINT002", "OAS002"]),  # listOrders refers to the response as well
        (("MARK1", "MARK2"), []),
        (("MARK1", "MARK2", "MARK3"), []),
    ],
)
def test_openapi_elements(tmp_path: Path, marks: tuple[str, ...], expected: list[str]) -> None:
    text = OPENAPI
    for mark in ("MARK1", "MARK2", "MARK3"):
        text = text.replace(mark, SAYS if mark in marks else "x-other: 1")
    found = settled(tmp_path, {"api.yaml": text}, only=("OAS002",)).findings
    assert sorted(item.code for item in found) == expected


def test_openapi_list_and_wrong_type(tmp_path: Path) -> None:
    text = OPENAPI.replace("MARK3", "x-archlint-ignore: [OAS002 later, 7]").replace("MARK1", "x-a: 1")
    found = settled(tmp_path, {"api.yaml": text.replace("MARK2", "x-a: 1")}, only=("OAS002",)).findings
    assert [(item.code, item.message_id) for item in found] == [("LINT003", "not-text")]


def test_each_of_a_list_is_told_at_its_own_place(tmp_path: Path) -> None:
    listed = "x-archlint-ignore:\n        - OAS002 later\n        - OAS003 never\n        - OAS004"
    text = OPENAPI.replace("MARK3", listed).replace("MARK1", "x-a: 1").replace("MARK2", "x-a: 1")
    found = settled(tmp_path, {"api.yaml": text}, only=("OAS002", "OAS003", "OAS004")).findings
    first = text[: text.index("- OAS002")].count("\n") + 1
    assert [(code, line - first) for code, _, line in codes(found)] == [("LINT002", 1), ("LINT003", 2)]


@pytest.mark.parametrize("around", ["{}", "{{a: {}}}", "[{}]", "[[{}]]", "{{a: [1, [{{b: {}}}]]}}"])
def test_an_element_may_be_anywhere(tmp_path: Path, around: str) -> None:
    inner = around.format("{x-archlint-ignore: OAS002 nobody needs it}")
    text = OPENAPI.replace("MARK1", f"x-own: {inner}").replace("MARK2", "x-a: 1").replace("MARK3", "x-a: 1")
    found = settled(tmp_path, {"api.yaml": text}, only=("OAS002",)).findings
    assert sorted(item.code for item in found) == ["LINT002", "OAS002"]


def test_many_suppressions_take_linear_time(tmp_path: Path) -> None:
    one = deployment(container=ABOVE.format("KUBE101")) + "---\n"
    result = within(6, lambda: settled(tmp_path, {"a.yaml": one * 1500}))
    assert (len(result.findings), len(result.suppressed)) == (0, 1500)


def test_a_comment_at_a_reference_covers_what_that_leads_to_and_no_more(tmp_path: Path) -> None:
    text = """\
openapi: 3.0.3
info: {title: shop, version: "1"}
paths:
  /carts:
    get:
      responses:
        # archlint: ignore[OAS002] generated later
        '400': {$ref: '#/components/responses/One'}
        '500': {$ref: '#/components/responses/Two'}
components:
  responses:
    One: {description: a, content: {a/b: {schema: {$ref: '#/components/schemas/Gone'}}}}
    Two: {description: b, content: {a/b: {schema: {$ref: '#/components/schemas/Lost'}}}}
"""
    result = settled(tmp_path, {"api.yaml": text}, only=("OAS002",))
    assert codes(result.findings) == [("OAS002", "api.yaml", 13)]
    assert codes(result.suppressed) == [("OAS002", "api.yaml", 12)]
