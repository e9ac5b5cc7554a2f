"""With which values a template that is off is on: the least that has to change."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents.charts.building import ValueSet
from archlint.documents.charts.capabilities import Cluster
from archlint.documents.charts.chart import Charts
from archlint.documents.charts.conditions import Conditions, value_at
from archlint.documents.charts.meanings import Context
from archlint.documents.charts.switches import Switches
from archlint.documents.charts.template_syntax import UNREADABLE, parsed_expression, parsed_template
from archlint.documents.charts.unset import UNSET
from archlint.documents.charts.ways import Way
from tests.charts.worlds import CHART, world_of

VALUES = """\
on: true
off: false
kind: Deployment
replicas: 1
host: ""
hosts: []
extra: {}
nothing:
metrics: {enabled: false, rules: {enabled: false}}
"""
HELPERS = """\
{{- define "cart.on" -}}{{- if .Values.off -}}true{{- end -}}{{- end -}}
{{- define "cart.part" -}}{{- if and .value (.context.Values.off) -}}{{ .value }}{{- end -}}{{- end -}}
{{- define "cart.has" -}}
{{- if .context.Capabilities.APIVersions.Has .version -}}true{{- end -}}
{{- end -}}
{{- define "cart.mode" -}}{{ ternary "many" "one" .Values.off }}{{- end -}}
"""
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def ways_of(folder: Path, template: str, name: str = "cart/templates/a.yaml") -> list[Way]:
    files = {
        "cart/Chart.yaml": CHART + "dependencies:\n- {name: db, version: 1.0.0, condition: db.enabled}\n",
        "cart/values.yaml": VALUES + "db: {enabled: false}\n",
        "cart/templates/_helpers.tpl": HELPERS,
        "cart/charts/db/Chart.yaml": CHART.replace("cart", "db"),
        "cart/charts/db/values.yaml": "off: false\n",
        name: template,
    }
    world = world_of(folder, files)
    chart = Charts(world.tree, sorted(world.kinds), world.loaded).chart("cart")
    switches = Switches(chart, ValueSet("cart", "cart"), Cluster("1.37", frozenset(("v1", "policy/v1"))))
    return switches.ways(name.removeprefix("cart/"))


def least(folder: Path, condition: str) -> dict[str, Any]:
    """What has to change for a template with one condition around it."""
    ways = ways_of(folder, f"{{{{- if {condition} }}}}\n{OBJECT}{{{{- end }}}}\n")
    if not ways:
        return {}
    best = ways[0]
    return {".".join(path): value for path, value in best.changes.items()} | dict.fromkeys(best.apis)


@pytest.mark.parametrize(
    ("condition", "changes"),
    [
        (".Values.off", {"off": True}),
        ("$.Values.off", {"off": True}),
        ("(.Values.off)", {"off": True}),
        ("not .Values.on", {"on": False}),
        ("and .Values.on .Values.off", {"off": True}),
        (
            "and .Values.metrics.enabled .Values.metrics.rules.enabled",
            {"metrics.enabled": True, "metrics.rules.enabled": True},
        ),
        ("or .Values.off .Values.host", {"off": True}),
        ('eq .Values.kind "DaemonSet"', {"kind": "DaemonSet"}),
        ('eq "DaemonSet" .Values.kind', {"kind": "DaemonSet"}),
        ('eq .Values.kind "Job" "CronJob"', {"kind": "Job"}),
        ('eq (toString .Values.off) "true"', {"off": True}),
        ("ne .Values.on true", {"on": False}),
        ("gt (int .Values.replicas) 1", {"replicas": 2}),
        ("ge .Values.replicas 3", {"replicas": 3}),
        ("lt .Values.replicas 1", {"replicas": 0}),
        ("gt (len .Values.hosts) 0", {"hosts": [UNSET]}),
        (".Values.host", {"host": UNSET}),
        (".Values.extra", {"extra": {UNSET: UNSET}}),
        (".Values.nothing", {"nothing": UNSET}),
        (".Values.newSwitch.enabled", {"newSwitch.enabled": True}),
        ("empty .Values.on", {"on": False}),
        ("default false .Values.off", {"off": True}),
        (".Values.off | default .Values.metrics.enabled", {"off": True}),
        ('include "cart.on" .', {"off": True}),
        ('eq (include "cart.on" .) "true"', {"off": True}),
        ('include "cart.part" (dict "value" "x" "context" $)', {"off": True}),
        ('eq (include "cart.mode" .) "many"', {"off": True}),
        ('not (include "cart.part" (dict "value" "x" "context" $))', {}),
        ('.Capabilities.APIVersions.Has "example.org/v1"', {"example.org/v1": None}),
        ('include "cart.has" (dict "version" "example.org/v1" "context" .)', {"example.org/v1": None}),
        ('.Capabilities.APIVersions.Has "policy/v1beta1"', {}),
        ('.Capabilities.APIVersions.Has "extensions/v1beta1"', {}),
        ('index .Values.metrics "rules" "enabled"', {"metrics.rules.enabled": True}),
        ('hasKey .Values "db" | and .Values.off', {"off": True}),
        ("and .Values.off (not .Values.off)", {}),
        ('index .Values.metrics "enabled"', {"metrics.enabled": True}),
        ('lookup "v1" "Secret" "a" "b"', {}),
    ],
)
def test_the_least_that_has_to_change(tmp_path: Path, condition: str, changes: dict[str, Any]) -> None:
    assert least(tmp_path, condition) == changes


AROUND = [
    ("{{ with .Values.metrics }}{{ if .enabled }}\nOBJECT{{ end }}{{ end }}", {"metrics.enabled": True}),
    ("{{ $m := .Values.metrics }}{{ if $m.enabled }}\nOBJECT{{ end }}", {"metrics.enabled": True}),
    (
        "{{ $is := false }}{{ if .Values.off }}{{ $is = true }}{{ end }}{{ if $is }}\nOBJECT{{ end }}",
        {"off": True},
    ),
    ("{{ if .Values.on }}{{ else }}\nOBJECT{{ end }}", {"on": False}),
    ("{{ if .Values.on }}{{ else if .Values.off }}\nOBJECT{{ end }}", {"on": False, "off": True}),
    (
        "{{ range .Values.hosts }}\n---\nOBJECTdata: {a: {{ .name }}, b: {{ .port.number }}}\n{{ end }}",
        {"hosts": [{"name": UNSET, "port": {"number": UNSET}}]},
    ),
    (
        "{{ range $host := .Values.hosts }}\n---\nOBJECTdata: {a: {{ $host }}}\n{{ end }}",
        {"hosts": [UNSET]},
    ),
    (
        "{{ range $key, $one := .Values.extra }}\n---\nOBJECTdata: {a: {{ $one.size }}}\n{{ end }}",
        {"extra": {UNSET: {"size": UNSET}}},
    ),
    (
        "{{ if .Values.hosts }}{{ range .Values.hosts }}\n---\nOBJECTdata: {a: {{ .a }}}\n{{ end }}{{ end }}",
        {"hosts": [{"a": UNSET}]},
    ),
    ("{{ range .Values.nothing | default list }}\n---\nOBJECT{{ end }}", {"nothing": [UNSET]}),
    (
        '{{ if .Values.off }}\nOBJECTdata: {a: {{ required "a host" .Values.host }}}\n{{ end }}',
        {"off": True, "host": UNSET},
    ),
]


@pytest.mark.parametrize(("template", "changes"), AROUND)
def test_what_is_around_an_object(tmp_path: Path, template: str, changes: dict[str, Any]) -> None:
    best = ways_of(tmp_path, template.replace("OBJECT", OBJECT))[0]
    assert {".".join(path): value for path, value in best.changes.items()} == changes


def test_a_chart_in_a_chart_is_switched_on_as_well(tmp_path: Path) -> None:
    template = f"{{{{- if .Values.off }}}}\n{OBJECT}{{{{- end }}}}"
    best = ways_of(tmp_path, template, "cart/charts/db/templates/a.yaml")[0]
    assert best.changes == {("db", "enabled"): True, ("db", "off"): True}


@pytest.mark.parametrize(
    "said", ["", "|", "a (b", ".Values.a )", '"a', "a | | b", "1 2", "((" * 100, "a ' b"]
)
def test_what_cannot_be_read_is_not_understood(said: str) -> None:
    assert parsed_expression(said) == UNREADABLE


@pytest.mark.parametrize("text", ["{{ end }}", "{{ else }}", "{{ if .a }}x{{ end }}{{ end }}"])
def test_an_end_of_nothing_is_no_template(text: str) -> None:
    assert parsed_template(text) is None


NAMES = ("a", "b", "c", "d")
CONDITIONS = st.recursive(
    st.sampled_from(NAMES).map(lambda name: f".Values.{name}"),
    lambda inner: st.one_of(
        inner.map(lambda one: f"(not {one})"),
        st.tuples(st.sampled_from(("and", "or")), inner, inner).map(
            lambda each: f"({each[0]} {each[1]} {each[2]})"
        ),
    ),
    max_leaves=7,
)


def holds(condition: str, values: dict[str, Any]) -> bool:
    """Whether a condition of the strategy holds, as Python sees it."""
    words = condition.replace("(", " ( ").replace(")", " ) ").split()

    def read(at: int) -> tuple[bool, int]:
        if words[at].startswith(".Values."):
            return bool(values[words[at].removeprefix(".Values.")]), at + 1
        word, first, here = words[at + 1], *read(at + 2)
        if word == "not":
            return not first, here + 1
        second, here = read(here)
        return (first and second) if word == "and" else (first or second), here + 1

    return read(0)[0]


@given(CONDITIONS, st.tuples(*[st.booleans()] * len(NAMES)))
@settings(max_examples=150, deadline=None)
def test_each_way_leads_there_and_none_is_shorter(condition: str, start: tuple[bool, ...]) -> None:
    values: dict[str, Any] = dict(zip(NAMES, start, strict=True))
    template = parsed_template(f"{{{{ if {condition} }}}}\nkind: A\n{{{{ end }}}}")
    assert template is not None
    ways = Conditions(values, {}, frozenset(), {}).ways(template.pieces, Context())
    for way in ways:
        assert holds(condition, values | {path[0]: value for path, value in way.changes.items()})
    others = [dict(zip(NAMES, each, strict=True)) for each in product((True, False), repeat=len(NAMES))]
    reached = [other for other in others if holds(condition, other)]
    assert bool(ways) == bool(reached)
    if ways:
        least_of_all = min(sum(other[name] != values[name] for name in NAMES) for other in reached)
        assert len(ways[0].changes) == least_of_all


def test_values_are_found_by_path() -> None:
    assert value_at({"a": {"b": 1}}, ("a", "b")) == 1
    assert value_at({"a": 1}, ("a", "b")) is None
