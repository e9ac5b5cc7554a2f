"""A sign that makes a template fail costs the place of its own value, and none of the others."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from archlint.documents.charts.rendering import Failure, Release, Rendering
from archlint.model.kubernetes.building.renderings import renderings
from tests.charts.worlds import CHART, line_of, objects, rendered, world_of

HELPERS = """\
{{- define "cart.size" -}}
{{- if not (hasKey .sizes .size) }}{{ printf "%s" .refusal | fail }}{{ end -}}
{{- index .sizes .size | toYaml -}}
{{- end -}}
"""
HEAD = """\
apiVersion: v1
kind: Cart
metadata:
  name: a
spec:
  first: {{ .Values.first }}
  {{- with .Values.security }}
  security:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .Values.affinity }}
  affinity: {{ toYaml .Values.affinity | nindent 4 }}
  {{- end }}
  {{- with .Values.priority }}
  priority: {{ . }}
  {{- end }}
"""
VALUES = """\
first: apple
security:
  user: 1
affinity: {}
priority: ""
feature: {enabled: false}
"""
SIZES = "sizes: {small: {limits: {memory: 1Gi}}, none: {}}"
SPOILT = {
    "looked up in a table, and named": (
        '{{ $sizes := .Values.sizes }}size: {{ include "cart.size" '
        '(dict "sizes" $sizes "size" .Values.size "refusal" .Values.size) | nindent 4 }}',
        f"size: small\n{SIZES}",
    ),
    "looked up in a table, and not named": (
        '{{ $size := .Values.size }}{{ $sizes := .Values.sizes }}size: {{ include "cart.size" '
        '(dict "sizes" $sizes "size" $size "refusal" "no") | nindent 4 }}',
        f"size: small\n{SIZES}",
    ),
    "a version": (
        '{{ $v := .Values.v }}{{ if semverCompare ">=1.0" $v }}{{ end }}',
        "v: 1.2.3",
    ),
    "a version that is empty": (
        '{{ $v := default "1.0.0" .Values.v }}{{ if semverCompare ">=1.0" $v }}{{ end }}',
        'v: ""',
    ),
    "a text that is not stated": (
        "{{ $name := .Values.name }}{{ with $name }}name: {{ tpl $name $ }}{{ end }}",
        "name:",
    ),
    "a map of lists": (
        "{{ range $key, $list := .Values.lists }}{{ $first := index $list 0 }}{{ end }}",
        "lists: {a: [1]}",
    ),
    "a map of maps that is empty": (
        "{{ range $key, $map := .Values.maps }}{{ $map.inner }}{{ end }}",
        "maps: {}",
    ),
    "what asks for more once it is on": (
        '{{ if .Values.tls.enabled }}{{ required "which certificate?" .Values.tls.certificate }}{{ end }}',
        "tls: {enabled: false}",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_others_keep_their_places(case: str, tmp_path: Path) -> None:
    line, value = SPOILT[case]
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": f"{VALUES}last: pear\n{value}\n",
        "cart/templates/_parts.tpl": HELPERS,
        "cart/templates/a.yaml": f"{HEAD}  last: {{{{ .Values.last }}}}\n  {line}\n",
    }
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    places = {
        ("first",): "values.yaml:1",
        ("security", "user"): "values.yaml:3",
        ("affinity", "nodeAffinity"): "values.yaml:4",
        ("priority",): "values.yaml:5",
        ("last",): "values.yaml:7",
    }
    assert {route: line_of(cart, "spec", *route) for route in places} == {
        route: f"cart/{place}" for route, place in places.items()
    }


def test_many_spoil_one_rendering(tmp_path: Path) -> None:
    names = [f"v{number}" for number in range(6)]
    checks = "".join(f"  {{{{- $v := .Values.{name} }}}}{{{{- $s := semver $v }}}}\n" for name in names)
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": "".join(f"{name}: 1.0.0\nm{name}: text\n" for name in names),
        "cart/templates/a.yaml": "apiVersion: v1\nkind: Cart\nmetadata: {name: a}\nspec:\n"
        + "".join(f"  {name}: {{{{ .Values.m{name} }}}}\n" for name in names)
        + checks,
    }
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    lines = {name: line_of(cart, "spec", name) for name in names}
    assert lines == {name: f"cart/values.yaml:{2 * at + 2}" for at, name in enumerate(names)}


def test_what_spoils_is_looked_for_once(tmp_path: Path) -> None:
    line, value = SPOILT["looked up in a table, and not named"]
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": f"{VALUES}{value}\n",
        "cart/templates/_parts.tpl": HELPERS,
        "cart/templates/a.yaml": f"{HEAD}  {line}\n",
    }
    releases = [Release("cart", (f"{at}.yaml",), f"r{at}") for at in range(3)]
    files |= {f"{at}.yaml": f"first: r{at}\n" for at in range(3)}
    world = world_of(tmp_path, files, *releases)
    assert world.charts is not None
    asked: list[tuple[bool, str]] = []
    render = world.charts.renderer.render

    def counted(content: Mapping[str, bytes], rendering: Rendering) -> dict[str, str] | Failure:
        made = render(content, rendering)
        asked.append((isinstance(made, Failure), rendering.name))
        return made

    world.charts.renderer.render = counted  # type: ignore[method-assign]
    try:
        world.fact(renderings)
    finally:
        del world.charts.renderer.render
    by_release: dict[str, list[bool]] = {}
    for failed, name in asked:
        by_release.setdefault(name, []).append(failed)
    first, *others = by_release.values()
    assert any(first)
    assert len(others) >= 2
    assert all(len(each) < len(first) and not any(each) for each in others)


NUMBERS = {
    "by its name": "{{ .Values.number }}",
    "by a variable": "{{ $number }}",
    "in a map": "{{ $map.number }}",
    "as a text": '{{ printf "%v" $number | quote }}',
    "in a text": "--port={{ $number }}",
    "in a list": "[1, {{ $number }}]",
    "by a helper": '{{ include "cart.number" . }}',
}


def test_numbers_through_variables(tmp_path: Path) -> None:
    head = (
        '{{- $number := .Values.number }}{{ $map := omit .Values "other" }}\n'
        "apiVersion: v1\nkind: Cart\nmetadata: {name: a}\n"
        "items: {{ range $at := until (int .Values.number) }}\n- n{{ $at }}\n{{- end }}\nspec:\n"
    )
    keys = {way: f"k{at}" for at, way in zip(count(), NUMBERS, strict=False)}
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": "other: 5\nzero: 0\nnumber: 3\n",
        "cart/templates/_parts.tpl": '{{ define "cart.number" }}{{ .Values.number }}{{ end }}\n',
        "cart/templates/a.yaml": head
        + "".join(f"  {keys[way]}: {text}\n" for way, text in NUMBERS.items())
        + "  written: 3\n  zero: {{ .Values.zero }}\n",
    }
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    assert cart.data["items"] == ["n0", "n1", "n2"]
    found = {
        way: line_of(cart, "spec", key, *((1,) if way == "in a list" else ())) for way, key in keys.items()
    }
    assert found == dict.fromkeys(NUMBERS, "cart/values.yaml:3")
    assert cart.data["spec"]["k0"] == 3
    assert line_of(cart, "spec", "written") == f"cart/templates/a.yaml:{9 + len(NUMBERS)}"
    assert line_of(cart, "spec", "zero") == "cart/values.yaml:2"


def test_certificates_do_not_take_the_time(tmp_path: Path) -> None:
    """Names in certificates may have no sign, and a chart that makes many would use up its seconds."""
    many = "".join(
        f'{{{{- $ca := genCA "ca-{at}" 365 }}}}\n'
        f"{{{{- $cert := genSignedCert .Values.host nil (list .Values.host) 365 $ca }}}}\n"
        f"  c{at}: {{{{ $cert.Cert | b64enc }}}}\n  k{at}: {{{{ $ca.Key | b64enc }}}}\n"
        for at in range(3)
    )
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": "host: shop.example.org\nlast: pear\n",
        "cart/templates/a.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n"
        '  annotations: {last: "{{ .Values.last }}", host: "{{ .Values.host }}"}\ndata:\n' + many,
    }
    secret = objects(rendered(tmp_path, files))["Secret", "a"]
    assert line_of(secret, "metadata", "annotations", "last") == "cart/values.yaml:2"
    assert line_of(secret, "metadata", "annotations", "host") == "cart/values.yaml:1"
    assert line_of(secret, "data", "c1").startswith("cart/templates/a.yaml:")
    assert set(secret.data["data"]["k0"]) == {"x"}


def test_nothing_made_of_empty_values_stands_at_the_first(tmp_path: Path) -> None:
    helper = '{{ define "cart.nodes" }}{{ if eq .type "hard" }}a: 1{{ end }}{{ end }}\n'
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": 'full: x\nnodes:\n  type: ""\n  key: ""\n',
        "cart/templates/_parts.tpl": helper,
        "cart/templates/a.yaml": "apiVersion: v1\nkind: Cart\nmetadata: {name: a}\nspec:\n  kept: 1\n"
        '  nodes: {{- include "cart.nodes" '
        '(dict "type" .Values.nodes.type "key" .Values.nodes.key) | nindent 4 }}\n'
        "  other: {{ if false }}{{ .Values.full }}{{ end }}\n",
    }
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    assert line_of(cart, "spec", "nodes") == "cart/values.yaml:3"
    assert line_of(cart, "spec", "other") == "cart/templates/a.yaml:7"


VERSIONS = ("{{ .Chart.AppVersion }}", "{{ $.Chart.AppVersion | quote }}", '{{ include "cart.tag" . }}')


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_of_what_is_installed(version: str, tmp_path: Path) -> None:
    files = {
        "cart/Chart.yaml": f"{CHART}appVersion: v2.1.0\n",
        "cart/values.yaml": 'repository: shop/cart\ntag: ""\n',
        "cart/templates/_parts.tpl": '{{ define "cart.tag" }}'
        "{{ .Values.tag | default .Chart.AppVersion }}{{ end }}\n",
        "cart/templates/a.yaml": "apiVersion: v1\nkind: Cart\nmetadata: {name: a}\nspec:\n"
        f"  tag: {version}\n  image: {{{{ .Values.repository }}}}:{version.replace(' | quote', '')}\n"
        '  said: {{ if .Chart.AppVersion }}{{ "not .Chart.AppVersion" }}{{ end }}\n',
    }
    cart = objects(rendered(tmp_path, files))["Cart", "a"]
    assert cart.data["spec"]["image"] == "shop/cart:v2.1.0"
    assert line_of(cart, "spec", "tag") == "cart/Chart.yaml:4"
    assert line_of(cart, "spec", "image") == "cart/Chart.yaml:4"
    assert line_of(cart, "spec", "said") == "cart/templates/a.yaml:7"
