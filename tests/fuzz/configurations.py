"""Repositories whose configuration, rules, baseline and suppressions are what is mutated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
  annotations: {archlint/ignore: "memory-limit-missing, KUBE402 until=2030-06-30 going"}
spec:
  replicas: 1
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: cart
          image: shop/cart:latest  # archlint: ignore[image-tag-missing] known to the team
          # archlint: ignore[KUBE] until=2030-01-01
          env: [{name: ORDERS_URL, value: "http://orders:8080"}]
"""
_SUPPRESSED = {
    "api.yaml": """\
# archlint: ignore-file[OAS101] versions come with the gateway
openapi: 3.0.3
info: {title: Carts, version: 1.0.0}
paths:
  /carts:
    x-archlint-ignore: [operation-id-missing generated, OAS302 until=2030-06-30 later]
    get:
      # archlint: ignore[OAS] until=2030-01-01 the gateway answers
      responses: {"200": {description: All.}}
""",
    "cart.proto": """\
syntax = "proto3";
package shop.v1;
// archlint: ignore[PROTO] older than the rules
message cart { string Id = 1; }  // archlint: ignore[field-name, PROTO101]
""",
    "up.sql": """\
-- archlint: ignore[DATA] moved by hand
ALTER TABLE cart DROP COLUMN total; -- archlint: ignore[ALL]
""",
    "notes.md": "# Notes\n<!-- archlint: ignore[DOC] -->\n[Carts](cart.md)\n",
    "deploy.yaml": MANIFEST,
}
_CONFIGURATION = """\
profile: strict
select: [tag:security]
ignore: [OAS]
exclude: ["vendor/**"]
rules:
  memory-limit-missing: {severity: info}
  memory-limit-high: {max: 4Gi}
suppress:
  - {rules: [KUBE], paths: ["deploy/**"], reason: known, until: 2030-01-01}
  - {rules: [ALL], paths: ["*.yaml"], elements: [cart, "/spec/replicas"], reason: known}
breaking: {stability: beta, deprecation-days: {stable: 180}}
baseline: known.json
"""
_PYPROJECT = """\
[tool.archlint]
profile = "strict"
select = ["tag:security"]
baseline = "known.json"

[tool.archlint.rules.memory-limit-missing]
severity = "info"

[[tool.archlint.suppress]]
rules = ["NET"]
paths = ["dev/**"]
reason = "local only"
until = 2030-01-01
"""
_PAGE = """\
---
code: SHOP{number}
name: {name}
severity: warning
status: stable
confidence: high
profile: recommended
tags: [reliability]
aliases: ["other:{name}"]
match: {match}
{where}assert: {condition}
place: {place}
messages: {{default: "{{kind}} {{name}} has {{value}}."}}
---
# Carts have what they need

Why, and how.

```yaml bad
kind: Deployment
```
"""
_PAGES = (
    ("101", "two-replicas", "{kind: Deployment}", "", "object.spec.replicas >= 2", "spec.replicas"),
    (
        "102",
        "no-latest",
        "{kind: [Deployment, StatefulSet], file: '**/*.yaml'}",
        "where: has(object.metadata.namespace)\n",
        "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))",
        "/spec/template/spec/containers/0/image",
    ),
    ("103", "title-given", '{file: "*.yaml"}', "", "size(object.info.title) > 3", "info.title"),
)
_TEAM = """\
rule-folders: [policies]
select: [SHOP]
rules: {two-replicas: {severity: error}}
"""
_FOREIGN = {
    ".kube-linter.yaml": """\
checks:
  doNotAutoAddDefaults: true
  addAllBuiltIn: false
  include: [run-as-non-root, host-pid, team-label]
  exclude: [latest-tag]
  ignorePaths: ["legacy/**", "/**/charts/{a,b}/**", "*.tmpl.yaml"]
customChecks:
  - {name: team-label, template: required-label, params: {key: team}, scope: {objectKinds: [Service]}}
  - {name: four, template: minimum-replicas, params: {minReplicas: 4}}
""",
    ".spectral.yaml": """\
extends: [[spectral:oas, all], https://example.org/rules.yaml]
functions: [shout]
rules:
  operation-description: off
  operation-tags: 0
  path-params: {given: $.paths, then: {function: shout}}
overrides:
  - files: ["old/**/*.json", "**#/paths/~1carts~1%7Bid%7D/get"]
    rules: {operation-operationId: off, path-params: warn}
""",
    "polaris.yaml": """\
checks: {hostPIDSet: danger, tagNotSpecified: ignore, memoryLimitsMissing: warning, ours: danger}
customChecks: {ours: {successMessage: fine}}
exemptions:
  - {namespace: shop, controllerNames: [cart], containerNames: [proxy], rules: [hostPIDSet]}
""",
    "Makefile": """\
lint:
\tkube-score score --ignore-test pod-probes,container-image-tag \\
\t  --ignore-container-cpu-limit --min-replicas-deployment=3 deploy/*.yaml
""",
}
"""Configurations of other tools, which `config import` reads."""
_KEYS = ("number", "name", "match", "where", "condition", "place")


def configurations() -> Iterator[tuple[str, dict[str, str]]]:
    """Each of them with its name."""
    yield "configuration", {"archlint.yaml": _CONFIGURATION, "cart.yaml": MANIFEST, "known.json": baseline()}
    yield "pyproject", {"pyproject.toml": _PYPROJECT, "known.json": baseline(), "cart.yaml": MANIFEST}
    yield "suppressions", {"cart.yaml": MANIFEST}
    yield "suppressions of every kind", _SUPPRESSED
    yield "baseline", {".archlint-baseline.json": baseline(), "cart.yaml": MANIFEST}
    yield "rule folder", rule_folder()
    yield "other tools", _FOREIGN


def baseline() -> str:
    """Some known findings, one of them of the manifest."""
    entries = [
        {"code": "KUBE001", "rule": "memory-limit-missing", "path": path, "fingerprint": mark, "count": count}
        for path, mark, count in (("cart.yaml", "0123456789abcdef", 1), ("gone.yaml", "fedcba9876543210", 3))
    ]
    return json.dumps({"version": 1, "findings": entries}, indent=1)


def rule_folder() -> dict[str, str]:
    """Rules in CEL, and what they are about."""
    pages = {f"policies/{fields[1]}.md": _PAGE.format_map(_fields(fields)) for fields in _PAGES}
    return {
        "archlint.yaml": _TEAM,
        "cart.yaml": MANIFEST,
        "api.yaml": _SUPPRESSED["api.yaml"],
        **pages,
    }


def _fields(values: tuple[str, ...]) -> Mapping[str, str]:
    found = dict(zip(_KEYS, values, strict=True))
    return {**found, "condition": json.dumps(found["condition"])}
