"""Which keys ConfigMaps and Secrets have, by what defines them: a key is missing only where all are known."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.kube.worlds import findings_of, world_of

_CERTIFICATE = {"secretName": "wanted", "dnsNames": ["shop.example.com"], "issuerRef": {"name": "letters"}}
_TLS = ("tls.crt", "tls.key", "ca.crt")
MAKERS: list[tuple[str, str, dict[str, object], tuple[str, ...] | None]] = [
    # apiVersion, kind, content, keys of the Secret 'wanted' (None: nobody knows them)
    ("v1", "Secret", {"data": {"a": "YQ=="}, "stringData": {"b": "b"}}, ("a", "b")),
    ("v1", "Secret", {"data": {}}, None),
    ("v1", "Secret", {"type": "kubernetes.io/service-account-token", "data": {"a": "YQ=="}}, None),
    (
        "v1",
        "Secret",
        {"metadata": {"annotations": {"replicator.v1.mittwald.de/replicate-from": "a/b"}}},
        None,
    ),
    *(
        ("v1", "Secret", {"data": {"a": "YQ=="}, "metadata": {"name": "wanted", where: {name: "x"}}}, None)
        for where in ("annotations", "labels")
        for name in (
            *("replicator.v1.mittwald.de/replicate-from", "cert-manager.io/allow-direct-injection"),
            *("config.openshift.io/inject-trusted-cabundle", "reflector.v1.k8s.emberstack.com/reflects"),
            "secret-generator.v1.mittwald.de/autogenerate",
        )
    ),
    ("v1", "Secret", {"data": {"a": "YQ=="}, "metadata": {"name": "wanted", "labels": {"app": "x"}}}, ("a",)),
    ("bitnami.com/v1alpha1", "SealedSecret", {"spec": {"encryptedData": {"a": "Ag"}}}, ("a",)),
    (
        "bitnami.com/v1alpha1",
        "SealedSecret",
        {
            "metadata": {"name": "sealed"},
            "spec": {
                "encryptedData": {"a": "Ag"},
                "template": {"metadata": {"name": "wanted"}, "data": {"b": "{{ .a }}"}},
            },
        },
        ("a", "b"),
    ),
    ("bitnami.com/v1alpha1", "SealedSecret", {"spec": {"data": "AgB"}}, None),
    ("external-secrets.io/v1", "ExternalSecret", {"spec": {"data": [{"secretKey": "a"}]}}, ("a",)),
    (
        "external-secrets.io/v1",
        "ExternalSecret",
        {"metadata": {"name": "x"}, "spec": {"target": {"name": "wanted"}, "data": [{"secretKey": "a"}]}},
        ("a",),
    ),
    ("external-secrets.io/v1", "ExternalSecret", {"spec": {"dataFrom": [{"extract": {"key": "a"}}]}}, None),
    (
        "external-secrets.io/v1",
        "ExternalSecret",
        {"spec": {"data": [{"secretKey": "a"}], "target": {"template": {"data": {"b": "{{ .a }}"}}}}},
        ("b",),
    ),
    (
        "external-secrets.io/v1",
        "ExternalSecret",
        {
            "spec": {
                "dataFrom": [{"extract": {"key": "a"}}],
                "target": {"template": {"data": {"b": "{{ .a }}"}}},
            }
        },
        ("b",),
    ),
    (
        "external-secrets.io/v1",
        "ExternalSecret",
        {
            "spec": {
                "data": [{"secretKey": "a"}],
                "target": {"template": {"mergePolicy": "Merge", "data": {"b": "{{ .a }}"}}},
            }
        },
        ("a", "b"),
    ),
    (
        "external-secrets.io/v1",
        "ExternalSecret",
        {"spec": {"data": [{"secretKey": "a"}], "target": {"creationPolicy": "Merge"}}},
        None,
    ),
    (
        "external-secrets.io/v1",
        "ExternalSecret",
        {"spec": {"data": [{"secretKey": "a"}], "target": {"template": {"templateFrom": [{}]}}}},
        None,
    ),
    (
        "external-secrets.io/v1",
        "ClusterExternalSecret",
        {
            "metadata": {"name": "everywhere", "namespace": None},
            "spec": {
                "externalSecretName": "wanted",
                "externalSecretSpec": {"data": [{"secretKey": "a"}]},
                "namespaceSelectors": [{"matchLabels": {"team": "shop"}}],
            },
        },
        ("a",),
    ),
    ("cert-manager.io/v1", "Certificate", {"spec": _CERTIFICATE}, _TLS),
    (
        "cert-manager.io/v1",
        "Certificate",
        {
            "spec": {
                **_CERTIFICATE,
                "keystores": {"jks": {"create": True}, "pkcs12": {"create": True}},
                "additionalOutputFormats": [{"type": "CombinedPEM"}, {"type": "DER"}],
            }
        },
        (
            *_TLS,
            *("keystore.jks", "truststore.jks", "keystore.p12", "truststore.p12"),
            *("tls-combined.pem", "key.der"),
        ),
    ),
    (
        "secrets-store.csi.x-k8s.io/v1",
        "SecretProviderClass",
        {"spec": {"secretObjects": [{"secretName": "wanted", "data": [{"key": "a"}]}]}},
        ("a",),
    ),
    (
        "secrets.hashicorp.com/v1beta1",
        "VaultStaticSecret",
        {"spec": {"destination": {"name": "wanted"}}},
        None,
    ),
]


def asking(key: str) -> dict[str, object]:
    chosen = {"secretKeyRef": {"name": "wanted", "key": key}}
    container = {"name": "cart", "image": "shop/cart:1.2.0", "env": [{"name": "A", "valueFrom": chosen}]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"asks-{key}", "namespace": "shop"},
        "spec": {"containers": [container]},
    }


@pytest.mark.parametrize("number", range(len(MAKERS)))
def test_a_key_is_missing_where_all_keys_are_known_and_it_is_none_of_them(
    number: int, tmp_path: Path
) -> None:
    version, kind, content, keys = MAKERS[number]
    metadata = {"name": "wanted", "namespace": "shop", **content.get("metadata", {})}  # type: ignore[dict-item]
    maker = {**content, "apiVersion": version, "kind": kind, "metadata": metadata}
    text = yaml.safe_dump_all([maker, asking("never"), *map(asking, keys or ("a",))])
    found = findings_of(world_of(tmp_path, {"all.yaml": text}))
    told = [item for item in found if item.rule == "config-reference-undefined"]
    assert [item.arguments["key"] for item in told] == ([] if keys is None else ["never"])
    if keys is not None:
        assert set(told[0].arguments["keys"].split(", ")) <= set(keys)


def test_keys_of_generators_and_of_both_definitions_count(tmp_path: Path) -> None:
    kustomization = (
        "namespace: shop\nresources: [pods.yaml]\nsecretGenerator: [{name: wanted, literals: [a=1]}]\n"
    )
    pods = yaml.safe_dump_all([asking("a"), asking("never")])
    found = findings_of(world_of(tmp_path, {"kustomization.yaml": kustomization, "pods.yaml": pods}))
    told = [item for item in found if item.rule == "config-reference-undefined"]
    assert [item.arguments["key"] for item in told] == ["never"]


def test_a_key_beside_a_name_in_the_table_is_looked_up(tmp_path: Path) -> None:
    text = """
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: shop}
stringData: {user: cart, password: "{{ password }}"}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  endpoints:
    - port: http
      basicAuth: {username: {name: login, key: user}, password: {name: login, key: pass}}
"""
    found = findings_of(world_of(tmp_path, {"all.yaml": text}))
    told = [item for item in found if item.rule == "reference-undefined"]
    assert [(item.message_id, item.arguments["key"]) for item in told] == [("key", "pass")]
