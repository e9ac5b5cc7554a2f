"""Each part of a rendered object stands where it was set: at a line of a template, or of a file of values."""

from __future__ import annotations

from pathlib import Path

from archlint.documents.charts.rendering import Release
from archlint.finding import Token
from tests.charts.worlds import CHART, line_of, objects, rendered

HELPERS = """\
{{- define "cart.labels" -}}
app: {{ .Chart.Name }}
{{ if .Values.tier }}tier: {{ .Values.tier }}{{ end }}
{{- end }}
"""
TEMPLATE = """\
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "cart.labels" . | nindent 4 }}
    {{- with .Values.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      {{- with .Values.security }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.name }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.policy }}
          args: ["--log", {{ .Values.level | quote }}]
          command:
            - /cart
            - --level={{ .Values.level }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          readOnly: {{ .Values.readOnly }}
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
{{- end }}
"""
VALUES = """\
enabled: true
replicas: 3
tier: web
labels:
  team: shop
security:
  runAsNonRoot: true
  runAsUser: 1000
image:
  name: shop/cart
  tag: latest
  policy: Always
level: info
resources:
  limits:
    cpu: 1
    memory: 1Gi
readOnly: false
env:
  CURRENCY: EUR
  REGION: north
"""


def test_templates_and_values(tmp_path: Path) -> None:
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": VALUES,
        "cart/templates/_helpers.tpl": HELPERS,
        "cart/templates/cart.yaml": TEMPLATE,
    }
    made = rendered(tmp_path, files)
    cart = objects(made)["Deployment", "cart"]
    container = ("spec", "template", "spec", "containers", 0)
    template, values, helpers = "cart/templates/cart.yaml", "cart/values.yaml", "cart/templates/_helpers.tpl"
    expected = {
        (): f"{template}:3",
        ("metadata", "name"): f"{template}:5",
        ("metadata", "labels"): f"{template}:6",
        ("metadata", "labels", "app"): f"{helpers}:2",
        ("metadata", "labels", "tier"): f"{values}:3",
        ("metadata", "labels", "team"): f"{values}:5",
        ("spec", "replicas"): f"{values}:2",
        ("spec", "template", "spec", "securityContext"): f"{values}:6",
        ("spec", "template", "spec", "securityContext", "runAsNonRoot"): f"{values}:7",
        ("spec", "template", "spec", "securityContext", "runAsUser"): f"{values}:8",
        container: f"{template}:20",
        (*container, "image"): f"{values}:11",
        (*container, "imagePullPolicy"): f"{values}:12",
        (*container, "args", 1): f"{values}:13",
        (*container, "command", 0): f"{template}:25",
        (*container, "command", 1): f"{values}:13",
        (*container, "resources"): f"{values}:14",
        (*container, "resources", "limits"): f"{values}:15",
        (*container, "resources", "limits", "cpu"): f"{values}:16",
        (*container, "resources", "limits", "memory"): f"{values}:17",
        (*container, "resources", "requests"): f"{values}:14",
        (*container, "readOnly"): f"{values}:18",
        (*container, "env", 0): f"{template}:32",
        (*container, "env", 1, "value"): f"{values}:21",
        (*container, "livenessProbe"): f"{template}:20",
    }
    assert {route: line_of(cart, *route) for route in expected} == expected
    assert not made.faults and not made.unread
    assert made.read == {template, helpers}


def test_the_file_of_values_that_wins(tmp_path: Path) -> None:
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": VALUES,
        "cart/templates/_helpers.tpl": HELPERS,
        "cart/templates/cart.yaml": TEMPLATE,
        "live/cart.yaml": "image: {tag: v2}\nresources:\n  limits: {cpu: 2}\nreadOnly: true\n",
    }
    live = Release("cart", ("live/cart.yaml",), "shop", "live")
    cart = objects(rendered(tmp_path, files, live))["Deployment", "shop"]
    container = ("spec", "template", "spec", "containers", 0)
    assert cart.data["spec"]["template"]["spec"]["containers"][0]["image"] == "shop/cart:v2"
    assert line_of(cart, *container, "image") == "live/cart.yaml:1"
    assert line_of(cart, *container, "readOnly") == "live/cart.yaml:4"
    assert line_of(cart, *container, "resources", "limits", "memory") == "cart/values.yaml:17"


def test_values_of_charts_in_a_chart(tmp_path: Path) -> None:
    files = {
        "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
        "dependencies:\n- {name: cart, version: 1.x.x}\n- {name: gone, version: 1.x.x, repository: 'https://example.org'}\n",
        "shop/values.yaml": "cart:\n  level: debug\nglobal: {region: north}\n",
        "shop/charts/cart/Chart.yaml": CHART,
        "shop/charts/cart/values.yaml": "level: info\nname: cart\n",
        "shop/charts/cart/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n"
        "  level: {{ .Values.level }}\n  name: {{ .Values.name }}\n  region: {{ .Values.global.region }}\n",
    }
    made = rendered(tmp_path, files)
    found = objects(made)["ConfigMap", "x"]
    assert found.data["data"] == {"level": "debug", "name": "cart", "region": "north"}
    assert line_of(found, "data", "level") == "shop/values.yaml:2"
    assert line_of(found, "data", "name") == "shop/charts/cart/values.yaml:2"
    assert line_of(found, "data", "region") == "shop/values.yaml:3"
    assert [(item.path, item.reason) for item in made.unread] == [
        ("shop/Chart.yaml", "chart-dependency-absent")
    ]


def test_texts_that_templates_compare(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec:\n  type: {{ .Values.type }}\n"
    text += '  {{- if eq .Values.type "LoadBalancer" }}\n  external: true\n  {{- end }}\n'
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": "type: LoadBalancer\n",
        "cart/templates/a.yaml": text,
    }
    cart = objects(rendered(tmp_path, files))["Service", "cart"]
    assert line_of(cart, "spec", "type") == "cart/values.yaml:1"
    assert line_of(cart, "spec", "external") == "cart/templates/a.yaml:7"


def test_what_is_asked_of_the_cluster_moves_no_place(tmp_path: Path) -> None:
    text = """\
{{- if .Capabilities.APIVersions.Has "batch/v1" }}{{ $now := now }}
apiVersion: v1
kind: ConfigMap
metadata: {name: x}
data:
  at: {{ $now | date "2006" | quote }}
  last: here
{{- end }}
"""
    files = {"cart/Chart.yaml": CHART, "cart/templates/a.yaml": text}
    found = objects(rendered(tmp_path, files))["ConfigMap", "x"]
    assert found.data["data"]["at"] == "2026"
    assert line_of(found, "data", "last") == "cart/templates/a.yaml:7"
    assert found.place(("data", "last"), Token.ANCHOR).span().column == 3


def test_an_item_that_is_an_empty_map(tmp_path: Path) -> None:
    text = """\
apiVersion: v1
kind: Cart
metadata: {name: a}
spec:
  first:
    {{- if .Values.all }}
    - {}
    {{- end }}
  second: [{}]
  third:
  - ports: []
  - {}  # all
"""
    files = {"cart/Chart.yaml": CHART, "cart/values.yaml": "all: true\n", "cart/templates/a.yaml": text}
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    assert cart.data["spec"] == {"first": [{}], "second": [{}], "third": [{"ports": []}, {}]}
    assert line_of(cart, "spec", "first", 0) == "cart/templates/a.yaml:7"
    assert line_of(cart, "spec", "third", 1) == "cart/templates/a.yaml:12"
