"""What defines ConfigMaps and Secrets, and which keys they have: manifests, and objects whose controllers
make one.

Sources: the API references of Sealed Secrets, External Secrets, cert-manager, the Secrets Store CSI driver,
the Vault Secrets operator and Rook; ConfigMaps and Secrets that a program fills say so in an annotation or a
label, or are empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets, find_objects, fits
from archlint.model.world import World

KEYED = ("data", "binaryData", "stringData")
"""Where ConfigMaps and Secrets keep their keys."""
_FILLING = ("inject", "replicat", "reflect", "autogenerate", "cert-manager.io/")
"""What stands in the names of annotations and labels by which another program adds keys."""
_TOKEN = "kubernetes.io/service-account-token"
_OUTPUTS = {"CombinedPEM": "tls-combined.pem", "DER": "key.der"}
_TLS = frozenset({"tls.crt", "tls.key"})
_ISSUERS = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer")
_BUCKET = frozenset({"BUCKET_HOST", "BUCKET_NAME", "BUCKET_PORT", "BUCKET_REGION", "BUCKET_SUBREGION"})
_BUCKET_SECRET = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})


@dataclass(frozen=True)
class MadeConfig:
    """A ConfigMap or Secret that an object defines, or makes its controller define."""

    base: KubernetesObject
    kind: str
    name: str
    keys: frozenset[str] | None
    """``None`` if nobody knows them here."""
    is_anywhere: bool = False
    """Whether it may be in other namespaces than its object."""


def lacking(
    world: World, asker: KubernetesObject, kind: str, name: str, *, namespace: str | None, key: str
) -> Sequence[MadeConfig]:
    """What defines a ConfigMap or Secret without a key that is asked for; nothing if it may have the key.

    All definitions have to have keys, and none this one, and each has to be applied together with the asker
    or into the same namespace: of another deployment set, where no namespace is named, it may be another's.
    """
    plain = (_plain(item) for item in find_objects(world, asker, kind, name, namespace) if not item.group)
    made = (
        item
        for item in world.fact(made_configs).get((kind, name), ())
        if item.is_anywhere or fits(item.base, namespace)
    )
    found = [*plain, *made]
    if any(item.keys is None or key in item.keys or not _is_meant(item, asker, world) for item in found):
        return ()
    return found


def _is_meant(item: MadeConfig, asker: KubernetesObject, world: World) -> bool:
    base = item.base
    is_beside = base.source.path in world.fact(deployment_sets).paths_beside(asker)
    return is_beside or (base.namespace is not None and base.namespace == asker.namespace)


def _plain(base: KubernetesObject) -> MadeConfig:
    """A ConfigMap or Secret as it is written; an empty one is filled while it runs."""
    keys = frozenset(key for part in KEYED for key, _ in base.get(part).items())
    is_filled = base.get("type").text == _TOKEN or any(
        word in name for name in (*base.annotations, *base.labels) for word in _FILLING
    )
    return MadeConfig(base, base.kind, base.name, keys if keys and not is_filled else None)


def made_configs(world: World) -> Mapping[tuple[str, str], Sequence[MadeConfig]]:
    """What controllers make, by kind and name; ask with ``world.fact(made_configs)``."""
    found: dict[tuple[str, str], list[MadeConfig]] = defaultdict(list)
    for base in world.all(KubernetesObject):
        make = _MAKERS.get(base.kind)
        for item in make(base) if make is not None else ():
            found[item.kind, item.name].append(item)
    return found


def _sealed(base: KubernetesObject) -> Iterator[MadeConfig]:
    template = base.get("spec", "template")
    name = template.get("metadata", "name").text or base.name
    sealed = base.get("spec", "encryptedData")
    keys = _keys(sealed) | _keys(template.get("data"))
    yield MadeConfig(base, "Secret", name, keys if sealed.is_map and keys else None)


def _external(base: KubernetesObject) -> Iterator[MadeConfig]:
    yield from _fetched(base, base.get("spec"), base.name)


def _external_everywhere(base: KubernetesObject) -> Iterator[MadeConfig]:
    name = base.get("spec", "externalSecretName").text or base.name
    for item in _fetched(base, base.get("spec", "externalSecretSpec"), name):
        yield MadeConfig(base, item.kind, item.name, item.keys, is_anywhere=True)


def _fetched(base: KubernetesObject, spec: Node, name: str) -> Iterator[MadeConfig]:
    target = spec.get("target")
    if target.get("manifest").is_set:  # makes an object of another kind
        return
    template = target.get("template")
    keys: frozenset[str] | None = frozenset(
        item.get("secretKey").text or "" for item in spec.get("data").elements()
    )
    own = _keys(template.get("data"))
    is_open = spec.get("dataFrom").is_set or target.get("creationPolicy").text in ("Merge", "None")
    if own and template.get("mergePolicy").text != "Merge":
        is_open, keys = target.get("creationPolicy").text in ("Merge", "None"), own
    elif keys is not None:
        keys |= own
    is_open = is_open or template.get("templateFrom").is_set
    yield MadeConfig(base, "Secret", target.get("name").text or name, keys if keys and not is_open else None)


def _certificate(base: KubernetesObject) -> Iterator[MadeConfig]:
    spec = base.get("spec")
    keys = {*_TLS, "ca.crt"}
    for kind, ending in (("jks", "jks"), ("pkcs12", "p12")):
        if spec.get("keystores", kind).is_set:
            keys |= {f"keystore.{ending}", f"truststore.{ending}"}
    keys |= {
        _OUTPUTS.get(item.get("type").text or "", "")
        for item in spec.get("additionalOutputFormats").elements()
    }
    if base.group in ("cert-manager.io", "certmanager.k8s.io") and spec.get("secretName").text:
        yield MadeConfig(base, "Secret", spec.get("secretName").text or "", frozenset(keys))


def _mounted(base: KubernetesObject) -> Iterator[MadeConfig]:
    for item in base.get("spec", "secretObjects").elements():
        keys = frozenset(entry.get("key").text or "" for entry in item.get("data").elements())
        yield MadeConfig(base, "Secret", item.get("secretName").text or "", keys or None)


def _bucket(base: KubernetesObject) -> Iterator[MadeConfig]:
    yield MadeConfig(base, "ConfigMap", base.name, _BUCKET)
    yield MadeConfig(base, "Secret", base.name, _BUCKET_SECRET)


def _of_service(base: KubernetesObject) -> Iterator[MadeConfig]:
    """OpenShift makes a certificate for a Service that asks for one."""
    for key, name in base.annotations.items():
        if key.endswith("openshift.io/serving-cert-secret-name"):
            yield MadeConfig(base, "Secret", name, _TLS)


def _of_listener(base: KubernetesObject) -> Iterator[MadeConfig]:
    """cert-manager makes the certificates of an Ingress or Gateway that names an issuer."""
    if not any(key in base.annotations for key in _ISSUERS):
        return
    for entry in base.get("spec", "tls").elements():
        yield MadeConfig(base, "Secret", entry.get("secretName").text or "", _TLS | {"ca.crt"})
    for listener in base.get("spec", "listeners").elements():
        for reference in listener.get("tls", "certificateRefs").elements():
            yield MadeConfig(base, "Secret", reference.get("name").text or "", _TLS | {"ca.crt"})


def _named(*way: str) -> Callable[[KubernetesObject], Iterator[MadeConfig]]:
    """A Secret with keys that nobody knows, called as is said at a way, else as its object."""

    def make(base: KubernetesObject) -> Iterator[MadeConfig]:
        yield MadeConfig(base, "Secret", base.get(*way).text or base.name, None)

    return make


_MAKERS: Mapping[str, Callable[[KubernetesObject], Iterator[MadeConfig]]] = {
    "SealedSecret": _sealed,
    "ExternalSecret": _external,
    "ClusterExternalSecret": _external_everywhere,
    "Certificate": _certificate,
    "SecretProviderClass": _mounted,
    "ObjectBucketClaim": _bucket,
    "Service": _of_service,
    "Ingress": _of_listener,
    "Gateway": _of_listener,
    **dict.fromkeys(
        ("VaultStaticSecret", "VaultDynamicSecret", "VaultPKISecret", "HCPVaultSecretsApp"),
        _named("spec", "destination", "name"),
    ),
    "InfisicalSecret": _named("spec", "managedSecretReference", "secretName"),
    "DopplerSecret": _named("spec", "managedSecret", "name"),
    **dict.fromkeys(("OnePasswordItem", "KafkaUser", "BitwardenSecret"), _named("metadata", "name")),
}
"""The objects whose controllers make ConfigMaps and Secrets, by kind."""


def _keys(node: Node) -> frozenset[str]:
    return frozenset(key for key, _ in node.items())
