"""Secrets that stand in manifests with values that anybody can read: base64 hides nothing.

What SOPS encrypts, Sealed Secrets seal, operators fetch, or a template makes up is no such Secret.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.files import Kind
from archlint.finding.records import dataclass
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.plain_values import known_token, names_a_secret, random_key, stands_for_one
from archlint.model.kubernetes.tried_out import is_tried_out
from archlint.model.world import World

_LONGEST = 100_000
_FILLED_LATER = ("avp", "vault", "helm.sh/hook", "replicator")
_MADE = frozenset({"kubernetes.io/service-account-token", "helm.sh/release.v1"})


@dataclass(frozen=True)
class PlainSecret(ObjectFacet):
    """One value of a Secret that can be read."""

    key: str
    node: Node
    text: str

    @classmethod
    def all(cls, world: World) -> Iterable[PlainSecret]:
        """Every such value, without Secrets for development, tests and examples."""
        for base in world.all(KubernetesObject):
            is_secret = (base.group, base.kind) == ("", "Secret")
            if is_secret and not is_filled_later(base) and not is_tried_out(base):
                yield from _values(base, world)

    @property
    def token(self) -> str | None:
        """What kind of credential it is or has in it, as its form says."""
        return known_token(self.text) or random_key(self.key, self.text.strip())

    @property
    def is_password(self) -> bool:
        """Whether its key says that it is a secret, and its text stands for none."""
        is_file = "." in self.key.strip(".") and "\n" in self.text.strip()
        return names_a_secret(self.key) and not (is_file or stands_for_one(self.text))


def is_filled_later(base: KubernetesObject) -> bool:
    """Whether a program writes the values before it is applied, or in the cluster."""
    is_named = any(word in key for key in base.annotations for word in _FILLED_LATER)
    return base.get("sops").is_set or is_named or base.get("type").text in _MADE


def _values(base: KubernetesObject, world: World) -> Iterator[PlainSecret]:
    for part, is_encoded in (("stringData", False), ("data", True)):
        for key, node in base.get(part).items():
            written = node.text
            if not written or len(written) > _LONGEST or is_hidden(written):
                continue
            if world.kinds.get(node.value_place().source.path) is Kind.CHART_TEMPLATE:
                continue  # made up when the chart is rendered
            text = _decoded(written) if is_encoded else written
            if text and not is_hidden(text):
                yield PlainSecret(base, key, node, text)


def is_hidden(text: str) -> bool:
    """Whether a value is encrypted, or a reference that a program replaces."""
    return text.startswith(("ENC[", "vault:", "ref+", "op://")) or is_placeholder(text)


def _decoded(text: str) -> str | None:
    try:
        return b64decode(text, validate=False).decode("utf-8")
    except (Base64Error, ValueError):
        return None
