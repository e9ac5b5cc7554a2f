"""What is missing because a value is empty stands at that value: there it is filled in.

The law is tried over all ways in which charts leave a key out, and all that an empty value is written as.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

from archlint.documents.charts.rendering import Release
from tests.charts.worlds import CHART, line_of, objects, rendered

EMPTY = ("{}", "[]", '""', "null", "", "~")
WAYS = {
    "with": """{{- with .Values.VALUE }}
  KEY: {{ toYaml . | nindent 4 }}
  {{- end }}""",
    "if": """{{- if .Values.VALUE }}
  KEY: {{ toYaml .Values.VALUE | nindent 4 }}
  {{- end }}""",
    "below": """{{- if .Values.VALUE }}
  KEY:
    {{- toYaml .Values.VALUE | nindent 4 }}
  {{- end }}""",
    "quoted": """{{- if .Values.VALUE }}
  KEY: {{ .Values.VALUE | toString | quote }}
  {{- end }}""",
    "helper": """{{- include "cart.part" (dict "key" "KEY" "value" .Values.VALUE) | nindent 2 }}""",
    "template": """{{- with .Values.VALUE }}
  KEY: {{ tpl (toYaml .) $ | nindent 4 }}
  {{- end }}""",
}
HEAD = "apiVersion: v1\nkind: Cart\nmetadata: {name: a}\nspec:\n  kept: 1\n"
HELPERS = """\
{{- define "cart.part" -}}
{{- with .value -}}
{{ $.key }}: {{ toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
"""


def test_every_way_to_leave_a_key_out(tmp_path: Path) -> None:
    cases = [(f"v{number}", way, empty) for number, (way, empty) in enumerate(product(WAYS, EMPTY))]
    values = "".join(f"{name}: {empty}\n" for name, _, empty in cases)
    ways = {name: WAYS[way].replace("VALUE", name).replace("KEY", f"k-{name}") for name, way, _ in cases}
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": values,
        "cart/templates/_parts.tpl": HELPERS,
        "cart/templates/a.yaml": HEAD + "".join(f"  {text}\n" for text in ways.values()),
    }
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    assert cart.data["spec"] == {"kept": 1}
    found = {name: line_of(cart, "spec", f"k-{name}", "inner") for name, _, _ in cases}
    assert found == {name: f"cart/values.yaml:{line}" for line, (name, _, _) in enumerate(cases, 1)}
    assert line_of(cart, "spec", "other") == "cart/templates/a.yaml:4"


TEMPLATE = """\
apiVersion: v1
kind: Cart
metadata:
  name: {{ include "cart.name" . }}
  labels:
    app: {{ include "cart.name" . }}
    {{- with .Values.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  roleName: {{ include "cart.name" . }}-{{ .Values.part }}
  wholeName: {{ .Values.whole }}
  {{- if .Values.resources }}
  resources: {{ toYaml .Values.resources | nindent 4 }}
  {{- else }}
  resources: {{ include "cart.preset" . | nindent 4 }}
  {{- end }}
  {{- if .Values.group }}
  security:
    other: 1
    group: {{ .Values.group }}
  {{- end }}
"""
PRESET = """\
{{- define "cart.name" -}}{{ default "cart" .Values.nameOverride }}{{- end -}}
{{- define "cart.preset" -}}{{ toYaml (dict "limits" (dict "cpu" "1")) }}{{- end -}}
"""
VALUES = 'nameOverride: ""\nlabels: {}\npart: p\nwhole: w\nresources: {}\ngroup: ""\n'


def test_what_a_value_replaces_and_what_it_only_adds_to(tmp_path: Path) -> None:
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": VALUES,
        "cart/templates/_name.tpl": PRESET,
        "cart/templates/a.yaml": TEMPLATE,
        "live/cart.yaml": "resources: null\n",
    }
    made = rendered(tmp_path, files, Release("cart"), Release("cart", ("live/cart.yaml",)))
    cart, live = made.documents
    template = "cart/templates/a.yaml"
    expected = {
        ("metadata", "labels"): f"{template}:5",
        ("metadata", "labels", "owner"): f"{template}:5",
        ("metadata", "name"): f"{template}:4",
        ("spec", "roleName"): f"{template}:11",
        ("spec", "wholeName"): "cart/values.yaml:4",
        ("spec", "resources"): "cart/values.yaml:5",
        ("spec", "resources", "limits", "cpu"): "cart/values.yaml:5",
        ("spec", "security"): f"{template}:10",
    }
    assert {route: line_of(cart, *route) for route in expected} == expected
    assert line_of(live, "spec", "resources", "requests") == "live/cart.yaml:1"


def test_items_that_an_empty_value_would_add_move_no_other(tmp_path: Path) -> None:
    template = """\
apiVersion: v1
kind: Cart
metadata: {name: a}
containers:
  {{- with .Values.more }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  - name: cart
    {{- with .Values.resources }}
    resources: {{ toYaml . | nindent 6 }}
    {{- end }}
  {{- if .Values.last }}
  - name: last
  {{- end }}
"""
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": 'more: []\nresources: {}\nlast: ""\nrefuses: {}\n',
        "cart/templates/a.yaml": template,
        "cart/templates/b.yaml": '{{- if .Values.refuses }}{{ fail "not so" }}{{ end }}',
    }
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    assert line_of(cart, "containers", 0, "resources") == "cart/values.yaml:2"
    assert line_of(cart, "containers", 0, "image") == "cart/templates/a.yaml:8"


def test_what_is_switched_off(tmp_path: Path) -> None:
    template = """\
apiVersion: v1
kind: Cart
metadata: {name: a}
spec:
  other: 1
  {{- if .Values.security.enabled }}
  security: {{ omit .Values.security "enabled" | toYaml | nindent 4 }}
  {{- end }}
  {{- if .Values.probe.enabled }}
  probe: {{ omit .Values.probe "enabled" | toYaml | nindent 4 }}
  {{- end }}
"""
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": "security:\n  group: 1\n  enabled: false\nprobe: {enabled: true, port: 1}\n",
        "cart/templates/a.yaml": template,
        "live/cart.yaml": "probe:\n  enabled: false\n",
    }
    cart, live = rendered(tmp_path, files, Release("cart"), Release("cart", ("live/cart.yaml",))).documents
    assert line_of(cart, "spec", "security", "group") == "cart/values.yaml:3"
    assert line_of(cart, "spec", "probe", "port") == "cart/values.yaml:4"
    assert line_of(live, "spec", "probe", "port") == "live/cart.yaml:2"
