"""Secrets that gateways show as their certificates."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.gateways import Gateway, GatewayServer
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.plain_secrets import is_filled_later, is_hidden
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World

_PAIRS = (("tls.crt", "tls.key"), ("cert", "key"))
"""The keys of certificate and private key. Source: Istio's documentation, Secure Gateways."""
_BEGIN = b"-----BEGIN "
_LONGEST = 200
"""Characters of an encoded value of which the beginning is looked at."""


@dataclass(frozen=True)
class GatewaySecret(ObjectFacet):
    """A server of a gateway, and the secret that it shows."""

    server: GatewayServer
    secret: KubernetesObject

    @classmethod
    def all(cls, world: World) -> Iterator[GatewaySecret]:
        """Every server whose secret the files have, with its text."""
        for gateway in world.all(Gateway):
            for server in gateway.servers:
                name = server.certificate.text
                if not name or server.is_passed_through:
                    continue
                for secret in find_objects(world, gateway.base, "Secret", name)[:1]:
                    has_text = secret.get("data").value or secret.get("stringData").value
                    if has_text and not is_filled_later(secret):
                        yield cls(gateway.base, server, secret)

    def value(self, key: str) -> Node:
        """An entry of the secret; a missing node if it has none."""
        plain = self.secret.get("stringData", key)
        return plain if plain.exists else self.secret.get("data", key)

    @property
    def pair(self) -> tuple[Node, Node] | None:
        """Certificate and private key; ``None`` if one of them is missing."""
        for names in _PAIRS:
            found = self.value(names[0]), self.value(names[1])
            if all(node.text for node in found):
                return found
        return None

    def broken(self) -> Node | None:
        """The first part that is no PEM."""
        shown = (node for node in self.pair or () if not is_hidden(node.text or ""))
        return next((node for node in shown if not _is_pem(node)), None)


def _is_pem(node: Node) -> bool:
    text = (node.text or "").strip()
    if "stringData" in node.route:
        return text.encode().startswith(_BEGIN)
    start = "".join(text[:_LONGEST].split())
    try:
        return b64decode(start[: len(start) // 4 * 4], validate=True).lstrip().startswith(_BEGIN)
    except (Error, ValueError):
        return False
