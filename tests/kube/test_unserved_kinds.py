"""A kind that nobody serves is told at the word to change, with what is served in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.paths.worlds import lay_out, registry, run

RULE = registry().by_code["KUBE814"]


@pytest.mark.parametrize(
    ("version", "kind", "clusters", "told"),
    [
        ("v1", "Deployment", "1.37", ("elsewhere", "v1", "apps/v1")),
        ("apps/v1", "ConfigMap", "1.37", ("elsewhere", "apps/v1", "v1")),
        ("apps/v1", "HorizontalPodAutoscaler", "1.25", ("elsewhere", "apps/v1", "autoscaling/v1")),
        ("apps/v1", "VolumeAttributesClass", "1.31", ("elsewhere", "apps/v1", "storage.k8s.io/v1beta1")),
        ("apps/v1", "Deploymnet", "1.37", ("similar", "Deploymnet", "Deployment")),
        ("v1", "ConfigMpa", "1.37", ("similar", "ConfigMpa", "ConfigMap")),
        ("apps/v1", "Zzz", "1.37", ("default", "Zzz", "")),
        ("extensions/v1beta1", "Deploymen", "1.37", ("default", "Deploymen", "")),
        ("extensions/v1beta1", "Service", "1.37", ("elsewhere", "extensions/v1beta1", "v1")),
        ("extensions/v1beta1", "Ingress", "1.37", None),
        ("cert-manager.io/v1alpha2", "Certificat", "1.37", None),
        ("v1", "Zzz", "1.37", None),
        ("example.com/v1", "Zzz", "1.37", None),
        ("apps/v1", "DeploymentList", "1.37", None),
        ("apps/v1beta1", "Deployment", "1.37", None),
        ("storage.k8s.io/v1", "VolumeAttributesClass", "1.33", ("later", "storage.k8s.io/v1", "1.34")),
        ("storage.k8s.io/v1", "VolumeAttributesClass", "1.34", None),
        ("resource.k8s.io/v1alpha2", "ResourceClass", "1.37", ("gone", "resource.k8s.io/v1alpha2", "1.30")),
        ("resource.k8s.io/v1alpha2", "ResourceClass", "1.30", None),
        ("apps/v1", "Zzz", "1.99", None),
        ("apps/v1", "Zzz", "1.1", None),
    ],
)
def test_what_is_served_instead(
    tmp_path: Path, version: str, kind: str, clusters: str, told: tuple[str, str, str] | None
) -> None:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n"
    shop = lay_out({"a.yaml": text}, tmp_path)
    found = run(shop, rules=[RULE], options={RULE.code: {"kubernetes-version": clusters}}).findings
    lines = text.splitlines()
    seen = []
    for item in found:
        at = item.location.span
        marked = lines[at.line - 1][at.column - 1 : at.end_column - 1]
        seen.append((item.message_id, marked, item.arguments["known"]))
    assert seen == ([] if told is None else [told])
