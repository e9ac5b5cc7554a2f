"""What charts offer and nothing switches on: judged where it is switched on, and no part of what is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from archlint.documents.charts.rendering import Release
from archlint.engine.offering import SWITCHED_HERE, over_offered
from archlint.engine.running import Runner
from archlint.finding import Finding, Severity
from archlint.model.kubernetes.building.renderings import renderings
from archlint.model.kubernetes.objects import KubernetesObject
from tests.charts.worlds import CHART, rendered, world_of
from tests.support.rules import own_rules

OFF = "chart-template-off"
BUDGET = """\
{{- if .Values.budget.enabled }}
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: cart}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: cart}}}
{{- end }}
"""
FILES = {
    "cart/Chart.yaml": CHART,
    "cart/values.yaml": "size: 1\nbudget:\n  enabled: false\n",
    "cart/templates/budget.yaml": BUDGET,
    "cart/templates/always.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cart}\n",
}


def found_in(folder: Path, files: Mapping[str, str], *releases: Release) -> list[Finding]:
    """What rules find in what is offered."""
    world = world_of(folder, files, *releases)
    runner = Runner(own_rules(), {})
    found = list(over_offered(world, runner, ()))
    assert not runner.failures, runner.failures
    return sorted(found, key=Finding.sort_key)


def test_a_template_that_is_off_is_judged_where_it_is_on(tmp_path: Path) -> None:
    (finding,) = (item for item in found_in(tmp_path, FILES) if item.code == "KUBE720")
    assert (finding.location.path, finding.location.span.line) == ("cart/templates/budget.yaml", 2)
    assert finding.message.endswith("It is so where 'budget.enabled' is true, which nothing here states.")
    assert [(at.path, at.span.line, at.message) for at in finding.related] == [
        ("cart/values.yaml", 3, SWITCHED_HERE)
    ]


def test_it_fails_no_run(tmp_path: Path) -> None:
    found = found_in(tmp_path, FILES)
    assert found and all(item.severity is not Severity.ERROR for item in found)


def test_it_counts_as_read_and_is_not_there(tmp_path: Path) -> None:
    world = world_of(tmp_path, FILES)
    made = world.fact(renderings)
    assert not made.unread and "cart/templates/budget.yaml" in made.read
    (offer,) = made.offers
    assert [item.data["kind"] for item in offer.documents] == ["PodDisruptionBudget"]
    assert {item.kind for item in world.all(KubernetesObject)} == {"ConfigMap"}


def test_what_some_values_switch_on_is_offered_no_more(tmp_path: Path) -> None:
    on = FILES | {"cart/ci/on-values.yaml": "budget: {enabled: true}\n"}
    assert not rendered(tmp_path, on).offers
    assert not found_in(tmp_path, on)


def test_what_is_stated_at_the_same_place_is_told_of_that_alone(tmp_path: Path) -> None:
    world = world_of(tmp_path, FILES)
    runner = Runner(own_rules(), {})
    found = list(over_offered(world, runner, ()))
    assert found and not list(over_offered(world, runner, found))


def test_templates_that_exclude_one_another_are_both_judged(tmp_path: Path) -> None:
    kinds = {
        f"cart/templates/{kind.lower()}.yaml": f'{{{{ if eq .Values.kind "{kind}" }}}}\n'
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {kind.lower()}}}\n{{{{ end }}}}\n"
        for kind in ("Deployment", "DaemonSet", "StatefulSet")
    }
    made = rendered(tmp_path, FILES | kinds | {"cart/values.yaml": "kind: Deployment\nbudget: {}\n"})
    assert not made.unread
    assert [offer.condition for offer in made.offers] == [
        "'budget.enabled' is true",
        "'kind' is 'DaemonSet'",
        "'kind' is 'StatefulSet'",
    ]


SERVICE = """\
{{- if .Values.budget.enabled }}
apiVersion: v1
kind: Service
metadata: {name: cart}
spec:
  selector: {app: cart}
  ports: [{name: http, port: PORT}]
{{- end }}
"""


@pytest.mark.parametrize(
    ("port", "values", "is_wrong"),
    [
        ("0", "", True),
        ("{{ .Values.port }}", "port: 70000\n", True),
        ("{{ .Values.port }}", "port: 80\n", False),
        ("{{ .Values.port }}", "port:\n", False),
        ("{{ .Values.port | int }}", 'port: ""\n', False),
        ('{{ add .Values.port (len "ab") -2 }}', 'port: ""\n', False),
    ],
)
def test_what_nobody_sets_may_be_anything(tmp_path: Path, port: str, values: str, is_wrong: bool) -> None:
    files = FILES | {"cart/values.yaml": FILES["cart/values.yaml"] + values}
    found = found_in(tmp_path, files | {"cart/templates/budget.yaml": SERVICE.replace("PORT", port)})
    assert [item.code for item in found if item.code == "KUBE752"] == ["KUBE752"] * is_wrong


@pytest.mark.parametrize(
    ("template", "is_wrong"),
    [
        ("spec: {selector: {matchLabels: {app: cart}}}\n", True),
        ("spec:\n  selector: {matchLabels: {app: cart}}\n  {{- toYaml .Values.limit | nindent 2 }}\n", False),
    ],
)
def test_nothing_is_missing_in_a_map_that_values_make(tmp_path: Path, template: str, is_wrong: bool) -> None:
    """A ``limit`` that has to be set for the template to be on is not the one that somebody would set."""
    budget = BUDGET[: BUDGET.index("spec:")].replace("v1beta1", "v1").replace("budget.enabled", "limit")
    files = {
        "cart/values.yaml": "limit: {}\nbudget: {}\n",
        "cart/templates/budget.yaml": f"{budget}{template}{{{{- end }}}}\n",
    }
    found = found_in(tmp_path, FILES | files)
    assert [item.code for item in found if item.code == "KUBE650"] == ["KUBE650"] * is_wrong


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (
            BUDGET.replace("metadata:", '{{ fail "never" }}\nmetadata:'),
            "no set of values makes it render anything, nor does it where 'budget.enabled' is true",
        ),
        (
            "{{ if and .Values.size (not .Values.size) }}\nkind: A\n{{ end }}\n",
            "no set of values makes it render anything",
        ),
    ],
)
def test_what_cannot_be_switched_on_is_told(tmp_path: Path, template: str, said: str) -> None:
    made = rendered(tmp_path, FILES | {"cart/templates/budget.yaml": template})
    assert [(item.path, item.reason, item.detail) for item in made.unread] == [
        ("cart/templates/budget.yaml", OFF, said)
    ]
    assert not made.offers


def test_a_template_that_hands_on_what_it_is_given_has_nothing_of_its_own(tmp_path: Path) -> None:
    template = "{{ range .Values.more }}\n---\n{{ tpl (toYaml .) $ }}\n{{ end }}\n"
    files = {"cart/values.yaml": "more: []\nbudget: {}\n", "cart/templates/more.yaml": template}
    assert not rendered(tmp_path, FILES | files).unread


def test_a_deployed_chart_is_switched_on_over_what_is_stated(tmp_path: Path) -> None:
    made = rendered(
        tmp_path,
        FILES
        | {
            "prod.yaml": "size: 3\n",
            "cart/templates/budget.yaml": BUDGET.replace(": 1,", ": {{ .Values.size }},"),
        },
        Release("cart", ("prod.yaml",)),
    )
    (offer,) = made.offers
    assert offer.documents[0].data["spec"]["maxUnavailable"] == 3


def test_a_chart_in_a_chart_is_switched_on_with_it(tmp_path: Path) -> None:
    files = {
        "cart/Chart.yaml": CHART + "dependencies: [{name: db, version: 1.0.0, condition: db.enabled}]\n",
        "cart/values.yaml": "budget: {enabled: true}\ndb: {enabled: false}\n",
        "cart/charts/db/Chart.yaml": CHART.replace("cart", "db"),
        "cart/charts/db/values.yaml": "budget: {enabled: false}\n",
        "cart/charts/db/templates/budget.yaml": BUDGET.replace("cart", "db"),
    }
    (offer,) = rendered(tmp_path, FILES | files).offers
    assert offer.condition == "'db.enabled' is true and 'db.budget.enabled' is true"
    assert [(place.source.path, place.span().line) for place in offer.places] == [
        ("cart/values.yaml", 2),
        ("cart/charts/db/values.yaml", 1),
    ]


LIMITED = """\
{{- if .Values.budget.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  {{- if .Values.budget.most }}
  maxUnavailable: {{ .Values.budget.most }}
  {{- end }}
{{- end }}
"""


def test_a_key_that_another_value_writes_is_not_missing(tmp_path: Path) -> None:
    assert not [
        item
        for item in found_in(tmp_path, FILES | {"cart/templates/budget.yaml": LIMITED})
        if item.code == "KUBE650"
    ]


def test_what_else_is_on_is_named_where_the_template_asks_for_it(tmp_path: Path) -> None:
    files = {
        "cart/values.yaml": "budget: {enabled: false}\nmetrics: {enabled: false}\nother: false\n",
        "cart/templates/budget.yaml": BUDGET.replace("spec:", "# {{ .Values.metrics.enabled }}\nspec:"),
        "cart/templates/metrics.yaml": BUDGET.replace("budget", "metrics"),
        "cart/templates/other.yaml": BUDGET.replace("budget.enabled", "other"),
    }
    conditions = [offer.condition for offer in rendered(tmp_path, FILES | files).offers]
    assert sorted(conditions) == [
        "'budget.enabled' is true and 'metrics.enabled' is true",
        "'metrics.enabled' is true",
        "'other' is true",
    ]
