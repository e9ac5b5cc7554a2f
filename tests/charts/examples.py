"""A chart that uses what charts use: helpers, subcharts, sets of values, questions to the cluster, files."""

from __future__ import annotations

LIBRARY = """\
apiVersion: v2
name: common
version: 1.2.0
type: library
"""
NAMES = """\
{{- define "common.name" -}}
{{- printf "%s-%s" .Release.Name (default .Chart.Name .Values.nameOverride) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "common.settings" -}}
{{- range $key, $value := .Values.settings }}
{{ $key }}: {{ tpl $value $ | quote }}
{{- end }}
{{- end }}
"""
SHOP = """\
apiVersion: v2
name: shop
version: 2.0.0
appVersion: "7.1"
kubeVersion: ">=1.25.0-0"
dependencies:
  - {name: common, version: 1.x.x}
  - {name: cart, version: 1.x.x, condition: cart.enabled}
  - {name: cart, version: 1.x.x, alias: basket, tags: [second]}
  - {name: mail, version: 0.1.0, condition: mail.enabled}
"""
SHOP_VALUES = """\
replicas: 2
big: 1000000
nameOverride: ""
settings:
  url: "http://{{ .Release.Name }}.{{ .Release.Namespace }}"
  empty: ""
labels: {team: shop, "on": "yes"}
ingress: {enabled: false, hosts: [a.example.org, b.example.org]}
cart: {enabled: true, level: debug}
mail: {enabled: false}
tags: {second: false}
global: {region: north}
"""
SHOP_TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "common.name" . }}
  namespace: {{ .Release.Namespace }}
  labels: {{- toYaml .Values.labels | nindent 4 }}
  annotations:
    version: {{ .Chart.AppVersion | quote }}
    sum: {{ include "common.settings" . | sha256sum }}
    kube: {{ .Capabilities.KubeVersion.Version }}
    short: "{{ $.Capabilities.KubeVersion.Major }}.{{ .Capabilities.KubeVersion.Minor }}"
    whole: {{ .Capabilities.KubeVersion }}
    git: {{ .Capabilities.KubeVersion.GitVersion | quote }}
spec:
  replicas: {{ .Values.replicas }}
  big: {{ .Values.big }}
  exact: {{ .Values.big | int }}
  template:
    spec:
      containers:
        {{- range $index, $host := .Values.ingress.hosts }}
        - name: c{{ $index }}
          image: "{{ $host }}/shop:{{ $.Chart.AppVersion }}"
        {{- end }}
---
# nothing in this one
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "common.name" . }}-settings
data:
  {{- include "common.settings" . | nindent 2 }}
  greeting: |
    {{- .Files.Get "files/greeting.txt" | nindent 4 }}
  folder: {{ (.Files.Glob "files/*").AsConfig | quote }}
"""
ABILITIES = """\
{{- $version := .Capabilities.KubeVersion }}
apiVersion: v1
kind: ConfigMap
metadata: {name: abilities}
data:
  jobs: {{ .Capabilities.APIVersions.Has "batch/v1" | quote }}
  carts: "{{ $.Capabilities.APIVersions.Has "shop.example.org/v1/Cart" }}"
  unknown: {{ "nobody.example.org/v1" | .Capabilities.APIVersions.Has | quote }}
  not: {{ not (.Capabilities.APIVersions.Has "shop.example.org/v1") | quote }}
  newer: {{ semverCompare ">=1.29-0" .Capabilities.KubeVersion.Version | quote }}
  kept: {{ $version.Minor | quote }}
  {{- with .Capabilities.KubeVersion }}
  inner: {{ .Major | quote }}
  {{- end }}
{{- if .Capabilities.APIVersions.Has "networking.k8s.io/v1" }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
{{- end }}
"""
HOOKS = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {"helm.sh/hook": pre-install}
---
apiVersion: v1
kind: Pod
metadata:
  name: probe
  annotations: {"helm.sh/hook": test}
"""
CART_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}
data:
  level: {{ .Values.level }}
  region: {{ .Values.global.region | default "none" }}
"""
CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: carts.shop.example.org}
spec:
  group: shop.example.org
  names: {kind: Cart, plural: carts}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
"""
MAIL = "apiVersion: v2\nname: mail\nversion: 0.1.0\n"
CHART_IN_CHART: dict[str, str] = {
    "shop/Chart.yaml": SHOP,
    "shop/values.yaml": SHOP_VALUES,
    "shop/.helmignore": "# comment\n*.bak\nfiles/secret*\n",
    "shop/templates/shop.yaml": SHOP_TEMPLATE,
    "shop/templates/shop.yaml.bak": '{{ fail "left out" }}',
    "shop/templates/deep/hooks.yaml": HOOKS,
    "shop/templates/abilities.yaml": ABILITIES,
    "shop/templates/NOTES.txt": "Installed {{ .Release.Name }}",
    "shop/files/greeting.txt": "Hello:\n  - {{ you }}\n",
    "shop/files/secret.txt": "nobody reads this",
    "shop/crds/carts.yaml": CRD,
    "shop/charts/common/Chart.yaml": LIBRARY,
    "shop/charts/common/templates/_names.tpl": NAMES,
    "shop/charts/cart/Chart.yaml": "apiVersion: v2\nname: cart\nversion: 1.0.1\n",
    "shop/charts/cart/values.yaml": "level: info\n",
    "shop/charts/cart/templates/cart.yaml": CART_TEMPLATE,
    "shop/charts/mail/Chart.yaml": MAIL,
    "shop/charts/mail/templates/mail.yaml": CART_TEMPLATE,
    "live/common.yaml": "replicas: 5\ncart: {level: warn}\nlabels: {team: null}\n",
    "live/shop.yaml": "replicas: 7\nnameOverride: store\nmail: {enabled: true, level: x}\n"
    "tags: {second: true}\n",
}
