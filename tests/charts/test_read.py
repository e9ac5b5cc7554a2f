"""What counts as read of a chart, and what is applied together with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.documents.charts.rendering import Release
from archlint.documents.charts.template_marks import makes_something
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets
from tests.charts.examples import CRD
from tests.charts.worlds import CHART, rendered, world_of
from tests.support.charts import helm
from tests.support.inside import archlint

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"
FILES = {
    "cart/Chart.yaml": CHART,
    "cart/values.yaml": "more: false\n",
    "cart/templates/always.yaml": MAP.replace("NAME", "always"),
    "cart/templates/more.yaml": "{{ if .Values.more }}\n" + MAP.replace("NAME", "more") + "{{ end }}\n",
    "cart/templates/_names.tpl": '{{ define "a" }}{{ end }}\n',
    "cart/templates/names.yaml": '# names\n{{- define "b" }}\nb: {{ if 1 }}x{{ end }}\n{{- end }}\n',
    "cart/templates/NOTES.txt": "Thanks\n",
}
OFF = "chart-template-off"


def test_a_template_that_nothing_switches_on_is_not_read(tmp_path: Path) -> None:
    never = FILES["cart/templates/more.yaml"].replace("if .Values.more", "if lt 2 1")
    made = rendered(tmp_path, FILES | {"cart/templates/more.yaml": never})
    assert [(item.path, item.reason) for item in made.unread] == [("cart/templates/more.yaml", OFF)]
    assert "cart/templates/more.yaml" not in made.read
    assert {"cart/templates/names.yaml", "cart/templates/_names.tpl"} <= made.read


def test_one_that_values_would_switch_on_is_read_so(tmp_path: Path) -> None:
    made = rendered(tmp_path, FILES)
    assert not made.unread and "cart/templates/more.yaml" in made.read
    assert [offer.condition for offer in made.offers] == ["'more' is true"]


def test_one_set_that_switches_it_on_is_enough(tmp_path: Path) -> None:
    made = rendered(tmp_path, FILES | {"cart/ci/more-values.yaml": "more: true\n"})
    assert not made.unread and "cart/templates/more.yaml" in made.read


@pytest.mark.parametrize(
    ("text", "is_something"),
    [
        ("", False),
        ("# a\n\n---\n", False),
        ("{{/* a */}}\n", False),
        ('{{ define "a" }}x: 1{{ end }}\n', False),
        ('{{ define "a" }}{{ with 1 }}x{{ else }}y{{ end }}{{ end }}\n# b\n', False),
        ('{{ define "a" }}x: 1{{ end }}\ny: 1\n', True),
        ('{{ include "a" . }}', True),
        ("{{ if .Values.a }}\nx: 1\n{{ end }}", True),
        ("x: 1", True),
    ],
)
def test_whether_a_template_makes_something(text: str, is_something: bool) -> None:
    assert makes_something(text) is is_something


def test_definitions_are_applied_with_their_chart(tmp_path: Path) -> None:
    files = FILES | {
        "cart/crds/carts.yaml": CRD,
        "cart/charts/db/Chart.yaml": CHART.replace("cart", "db"),
        "cart/charts/db/crds/deep/dbs.yaml": CRD.replace("carts", "dbs"),
        "other/crds/others.yaml": CRD.replace("carts", "others"),
    }
    world = world_of(tmp_path, files)
    sets = world.fact(deployment_sets)
    by_name = {item.name: item for item in world.all(KubernetesObject)}
    always = by_name["always"]
    together = {name for name, item in by_name.items() if sets.are_together(always, item)}
    assert together == {"always", "carts.shop.example.org", "dbs.shop.example.org"}


NAMED = {
    "cart/templates/release.yaml": MAP.replace("NAME", "'{{ .Release.Name }}'"),
}


@pytest.mark.parametrize(
    ("chart", "release"),
    [
        ("cart", "cart"),
        ("Cart_Of.Shop", "cart-of-shop"),
        ("-a--b-", "a--b"),
        ("x" * 60, "x" * 53),
        ("___", "release"),
    ],
)
def test_a_release_without_a_name_is_called_as_its_chart(tmp_path: Path, chart: str, release: str) -> None:
    """As far as that is a name that Helm takes."""
    files = FILES | NAMED | {"cart/Chart.yaml": CHART.replace("name: cart", f"name: '{chart}'")}
    made = rendered(tmp_path, files)
    names = {document.data["metadata"]["name"] for document in made.documents}
    assert release in names


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "it is a file of values and cannot be read"),
        ("a: [\n", "it is a file of values and cannot be read"),
        ("- a\n", "it is a file of values, and no map"),
        ("", None),
        ("more: true\n", None),
    ],
)
def test_values_that_cannot_be_read_are_told(tmp_path: Path, text: str | None, said: str | None) -> None:
    files = FILES | ({} if text is None else {"live.yaml": text})
    made = rendered(tmp_path, files, Release("cart", ("live.yaml",)))
    told = {item.path: item.detail for item in made.unread if item.path == "live.yaml"}
    assert told == ({} if said is None else {"live.yaml": said})


def test_names_that_hold_a_namespace_of_usual_length_stay_apart(tmp_path: Path) -> None:
    name = '{{ printf "cart-%s-image-reflector-controller-policy-PART" .Release.Namespace | trunc 63 }}'
    text = "---\n".join(MAP.replace("NAME", name.replace("PART", part)) for part in ("editor", "viewer"))
    made = rendered(tmp_path, {"cart/Chart.yaml": CHART, "cart/templates/a.yaml": text})
    assert len({item.data["metadata"]["name"] for item in made.documents}) == 2


WIDGET = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 1}\n"
DEFINED = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, properties: {size: {type: integer}}}}
"""


@pytest.mark.parametrize(
    ("more", "is_read"),
    [
        ({}, False),
        ({"cart/templates/widget.yaml": f"{WIDGET}---\n{MAP}"}, True),  # something of it is looked at
        ({"crd.yaml": DEFINED}, True),  # its schema is here
    ],
)
def test_what_a_template_makes_of_a_kind_that_no_rule_knows_is_told(
    more: dict[str, str], is_read: bool, tmp_path: Path
) -> None:
    helm()
    files = {"cart/Chart.yaml": CHART, "cart/values.yaml": "", "cart/templates/widget.yaml": WIDGET, **more}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    for command in ("check", "check", "inventory"):  # the second from the cache
        told = json.loads(archlint(command, "--format=json", cwd=tmp_path).out)["unread"]
        found = [(item["path"], item["reason"], item["detail"]) for item in told]
        wanted = ("cart/templates/widget.yaml", "unknown-resource", "example.com/v1 Widget")
        assert found == ([] if is_read else [wanted])
