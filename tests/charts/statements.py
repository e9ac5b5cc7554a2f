"""One set of values for a chart, as each of those who deploy charts states it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from archlint.documents.charts.rendering import Release
from tests.charts.worlds import CHART

RELEASE, SPACE = "web", "shop"
ARGO = "apiVersion: argoproj.io/v1alpha1\n"
REPOSITORY = "https://example.org/shop.git"
TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-cart
  namespace: {{ .Release.Namespace }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      hostNetwork: {{ .Values.net.host }}
      containers:
        - name: cart
          image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
          securityContext: {{- toYaml .Values.security | nindent 12 }}
          env:
            {{- range .Values.env }}
            - {name: {{ .name }}, value: {{ .value | quote }}}
            {{- end }}
"""
OWN = """\
replicas: 1
net: {host: false}
image: {name: example.org/cart, tag: "1.2"}
security: {privileged: false, runAsUser: 1000}
env: []
"""
CHART_FILES = {
    "charts/cart/Chart.yaml": CHART,
    "charts/cart/values.yaml": OWN,
    "charts/cart/templates/cart.yaml": TEMPLATE,
}
Statement = tuple[dict[str, str], tuple[Release, ...]]
"""Files, and entries of the configuration."""


def text_of(values: Mapping[str, Any]) -> str:
    """Values as YAML, which JSON is, with a key on each line."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())


def indented(text: str, depth: int) -> str:
    """Lines further to the right."""
    return "".join(f"{' ' * depth}{line}\n" for line in text.splitlines())


def application(helm: str, *, name: str = RELEASE, more: str = "") -> str:
    """An Application that deploys the chart; ``helm`` is what it says of values."""
    return (
        f"{ARGO}kind: Application\nmetadata: {{name: {name}}}\nspec:\n"
        f"  destination: {{namespace: {SPACE}}}\n  source:\n    repoURL: {REPOSITORY}\n"
        f"    path: charts/cart\n{more}    helm:\n      releaseName: {RELEASE}\n{helm}"
    )


def flux(spec: str, *, files: str = "") -> str:
    """A HelmRelease that deploys the chart; ``spec`` is what it says of values."""
    return (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        f"metadata: {{name: cart, namespace: {SPACE}}}\nspec:\n  releaseName: {RELEASE}\n"
        "  chart:\n    spec:\n"
        f"      chart: ./charts/cart\n      sourceRef: {{kind: GitRepository, name: shop}}\n{files}{spec}"
    )


def by_configuration(values: Mapping[str, Any]) -> Statement:
    files = ("live/values.yaml",)
    return {files[0]: text_of(values)}, (Release("charts/cart", files, RELEASE, SPACE),)


def by_value_files(values: Mapping[str, Any]) -> Statement:
    said = "      valueFiles: [../../live/values.yaml]\n"
    return {"live/values.yaml": text_of(values), "apps/web.yaml": application(said)}, ()


def by_named_sources(values: Mapping[str, Any]) -> Statement:
    made = (
        f"{ARGO}kind: Application\nmetadata: {{name: {RELEASE}}}\nspec:\n"
        f"  destination: {{namespace: {SPACE}}}\n"
        f"  sources:\n    - repoURL: {REPOSITORY}\n      path: charts/cart\n      helm:\n"
        f"        valueFiles: [$live/live/values.yaml]\n    - {{repoURL: {REPOSITORY}, ref: live}}\n"
    )
    return {"live/values.yaml": text_of(values), "apps/web.yaml": made}, ()


def by_values_text(values: Mapping[str, Any]) -> Statement:
    return {"apps/web.yaml": application(f"      values: |\n{indented(text_of(values), 8)}")}, ()


def by_values_object(values: Mapping[str, Any]) -> Statement:
    said = f"      values: 'replicas: 77'\n      valuesObject:\n{indented(text_of(values), 8)}"
    return {"apps/web.yaml": application(said)}, ()


def by_application_set(values: Mapping[str, Any]) -> Statement:
    made = (
        f"{ARGO}kind: ApplicationSet\nmetadata: {{name: all}}\nspec:\n  generators:\n"
        f"    - list: {{elements: [{{name: {RELEASE}, stage: live}}]}}\n  template:\n"
        f"    metadata: {{name: '{{{{name}}}}'}}\n    spec:\n      destination: {{namespace: {SPACE}}}\n"
        f"      source:\n        repoURL: {REPOSITORY}\n        path: charts/cart\n"
        "        helm: {valueFiles: ['/{{stage}}/values.yaml']}\n"
    )
    return {"live/values.yaml": text_of(values), "apps/all.yaml": made}, ()


def by_release(values: Mapping[str, Any]) -> Statement:
    return {"flux/cart.yaml": flux(f"  values:\n{indented(text_of(values), 4)}")}, ()


def by_config_map(values: Mapping[str, Any]) -> Statement:
    made = f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: said, namespace: {SPACE}}}\ndata:\n"
    said = f"{made}  values.yaml: |\n{indented(text_of(values), 4)}"
    return {"flux/cart.yaml": flux("  valuesFrom: [{kind: ConfigMap, name: said}]\n") + said}, ()


def by_built_release(values: Mapping[str, Any]) -> Statement:
    patch = f"- op: add\n  path: /spec/values\n  value:\n{indented(text_of(values), 4)}"
    top = "resources: [../base]\npatches: [{path: patch.yaml, target: {kind: HelmRelease}}]\n"
    return {
        "flux/base/cart.yaml": flux(""),
        "flux/base/kustomization.yaml": "resources: [cart.yaml]\n",
        "flux/live/patch.yaml": patch,
        "flux/live/kustomization.yaml": top,
    }, ()


def by_helmfile(values: Mapping[str, Any]) -> Statement:
    made = (
        f"releases:\n  - name: {RELEASE}\n    namespace: {SPACE}\n    chart: ./charts/cart\n"
        f"    values:\n      -\n{indented(text_of(values), 8)}"
    )
    return {"helmfile.yaml": made}, ()


def by_helmfile_of_files(values: Mapping[str, Any]) -> Statement:
    made = (
        f"releases: [{{name: {RELEASE}, namespace: {SPACE}, chart: ../charts/cart, values: [values.yaml]}}]\n"
    )
    return {
        "live/values.yaml": text_of(values),
        "live/deploy.yaml": made,
        "helmfile.yaml": "helmfiles: [{path: live/deploy.yaml}]\n",
    }, ()


STATEMENTS: dict[str, Callable[[Mapping[str, Any]], Statement]] = {
    name.removeprefix("by_"): made for name, made in list(globals().items()) if name.startswith("by_")
}
