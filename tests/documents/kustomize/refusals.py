"""Small kustomizations that neither the program nor archlint builds, with the line that stands in the way."""

# ruff: noqa: E501 (files as they are written)

from __future__ import annotations

from tests.documents.kustomize.refused_fields import REFUSED_FIELDS

REFUSED = {
    **REFUSED_FIELDS,
    "a patch without its target": (
        "resources: [a.yaml]\npatches: [{path: p.yaml}]\n== top/p.yaml\napiVersion: v1\nkind: Pod\nmetadata: {name: none}\n",
        "top/p.yaml:3",
    ),
    "a JSON patch without a place": (
        "resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n    - op: remove\n      path: /spec/x\n",
        "top/kustomization.yaml:6",
    ),
    "a file that is not there": ("resources:\n- a.yaml\n- none.yaml\n", "top/kustomization.yaml:3"),
    "a file outside": (
        "resources: [a.yaml, ../other.yaml]\n== other.yaml\nkind: A\n",
        "top/kustomization.yaml:1",
    ),
    "a cycle": ("resources: [a.yaml, ../top]\n", "top/kustomization.yaml:1"),
    "a longer cycle": (
        "resources: [../one]\n== one/kustomization.yaml\nresources: [../top]\n",
        "one/kustomization.yaml:1",
    ),
    "a list that is no JSON": (
        "resources: [a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: '[{op: remove, path: /data}]'\n",
        "top/kustomization.yaml:4",
    ),
    "an unknown field": ("resources: [a.yaml]\nimage: []\n", "top/kustomization.yaml:2"),
    "a number for a tag": (
        "resources: [a.yaml]\nimages:\n- name: a\n  newTag: 1.5\n",
        "top/kustomization.yaml:4",
    ),
    "a patch of the wrong shape": (
        "resources: [a.yaml]\npatches: [{path: p.yaml}]\n== top/p.yaml\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: [1]\n",
        "top/p.yaml:4",
    ),
    "the same object twice": (
        "resources: [a.yaml, b.yaml]\n== top/b.yaml\n"
        + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        "top/kustomization.yaml:1",
    ),
    "an object without a name": (
        "resources: [b.yaml]\n== top/b.yaml\napiVersion: v1\nkind: ConfigMap\n",
        "top/b.yaml:2",
    ),
    "a component as a resource": (
        "resources: [../part]\n== part/kustomization.yaml\nkind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nnamePrefix: a\n",
        "top/kustomization.yaml:1",
    ),
    "replicas of nothing": (
        "resources: [a.yaml]\nreplicas: [{name: none, count: 1}]\n",
        "top/kustomization.yaml:2",
    ),
    "nothing at all": ("kind: Kustomization\n", "top/kustomization.yaml:1"),
    "two ids after a namespace": (
        "resources: [b.yaml]\nnamespace: z\n== top/b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: x}\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: y}\n",
        "top/kustomization.yaml:2",
    ),
}
"""Kustomizations that nobody builds, and the line that stands in the way."""

_FILE_A = "== top/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n"


def refused(name: str) -> str:
    """All files of a kustomization that is refused."""
    return f"{_FILE_A}== top/kustomization.yaml\n{REFUSED[name][0]}"
