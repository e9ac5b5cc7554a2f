"""What the API server refuses in ConfigMaps and Secrets.

Source: ``ValidateConfigMap`` and ``ValidateSecret`` in ``pkg/apis/core/validation`` of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, shown
from archlint.model.kubernetes.validation.syntax import data_key, encoded

_MOST = 1024 * 1024
_NEEDED = {
    "kubernetes.io/tls": (("tls.crt",), ("tls.key",)),
    "kubernetes.io/dockerconfigjson": ((".dockerconfigjson",),),
    "kubernetes.io/dockercfg": ((".dockercfg",),),
    "kubernetes.io/ssh-auth": (("ssh-privatekey",),),
    "kubernetes.io/basic-auth": (("username", "password"),),
}
"""By the type of a Secret: of each group one key is there."""
_ACCOUNT = "kubernetes.io/service-account.name"


def config_map_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A ConfigMap with keys or values that it cannot have."""
    plain, binary = base.get("data"), base.get("binaryData")
    yield from _keys(plain, binary)
    yield from _encoded(binary)
    for key, node in plain.items():
        if binary.get(key).exists:
            problem = f"The key '{shown(key)}' is in 'data' and in 'binaryData'"
            yield Refused(node, Cause.TWICE, problem, "", binary.get(key))
    yield from _size(base, _length(plain) + _length(binary) * 3 // 4)


def secret_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A Secret with keys or values that it cannot have, or without those that its type needs."""
    written, plain = base.get("data"), base.get("stringData")
    yield from _keys(written, plain)
    yield from _encoded(written)
    yield from _size(base, _length(plain) + _length(written) * 3 // 4)
    kind = base.get("type")
    keys = {key for part in (written, plain) for key, _ in part.items()}
    for group in _NEEDED.get(kind.text or "", ()):
        if keys.isdisjoint(group) and not _is_filled_later(base):
            problem = f"A Secret of type '{kind.text}' has no key '{group[0]}'"
            yield Refused(kind, Cause.LACKING, problem, f"'{group[0]}', or another type")
    if (
        kind.text == "kubernetes.io/service-account-token"
        and not base.get("metadata", "annotations", _ACCOUNT).value
    ):
        problem = "A Secret for the token of a ServiceAccount does not name it"
        yield Refused(kind, Cause.LACKING, problem, f"the annotation '{_ACCOUNT}'")


def _is_filled_later(base: KubernetesObject) -> bool:
    """Whether a program puts the keys in before it is applied: sops, Vault's plugin for Argo CD."""
    return base.get("sops").is_set or any("avp" in key or "vault" in key for key in base.annotations)


def _keys(*parts: Node) -> Iterator[Refused]:
    for part in parts:
        for key, node in part.items():
            wrong = data_key(key)
            if wrong and "{{" not in key and "${" not in key:
                yield Refused(node, Cause.NAME, f"The key '{shown(key)}' {wrong}", "a key such as 'app.yaml'")


def _encoded(part: Node) -> Iterator[Refused]:
    for key, node in part.items():
        if node.text and not is_open(node) and not _is_cipher(node.text) and (wrong := encoded(node.text)):
            yield Refused(
                node,
                Cause.FORMAT,
                f"The value of '{shown(key)}' {wrong}",
                "it encoded, or in plain text elsewhere",
            )


def _is_cipher(text: str) -> bool:
    """Whether sops or another program has encrypted the value."""
    return text.startswith("ENC[")


def _length(part: Node) -> int:
    return sum(len(node.text.encode("utf-8", "replace")) for _, node in part.items() if node.text)


def _size(base: KubernetesObject, size: int) -> Iterator[Refused]:
    if size > _MOST:
        holder = max((base.get(part) for part in ("data", "binaryData", "stringData")), key=_length)
        yield Refused(
            holder,
            Cause.SIZE,
            f"{size:,} bytes of data are more than the 1,048,576 that fit",
            "less, in several objects",
        )
