"""Issuers: where a contract sends callers for a token, and whose tokens are taken on the way to it.

Sources: OpenAPI, Security Scheme Object (``openIdConnectUrl``, ``tokenUrl``); OpenID Connect Discovery,
section 4 (the address of the configuration is the issuer and ``/.well-known/openid-configuration``); Istio,
JWTRule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.exposure.ways_in import WaysIn, ways_in
from archlint.model.openapi import Contract
from archlint.model.world import World

_DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, eq=False)
class OtherIssuer:
    """An issuer whose tokens are taken, while the contract names others."""

    contract: Contract
    told: Node
    """Where the contract sends callers."""
    taken: Node
    """The issuer."""
    service: str

    @classmethod
    def all(cls, world: World) -> Iterable[OtherIssuer]:
        """Every such pair, once for each service."""
        ways: WaysIn = world.fact(ways_in)
        for contract in world.all(Contract) if ways.services else ():
            told = list(_told(contract))
            for service, taken in ways.issuers(contract).items() if told else ():
                if taken and not any(_is_same(each, node) for each in told for node in taken):
                    yield cls(contract, told[0], taken[0], service)

    @property
    def source(self) -> Document:
        """The document of the issuer."""
        return self.taken.document

    @property
    def object(self) -> ObjectRef:
        """The contract."""
        return self.contract.object


def _told(contract: Contract) -> Iterator[Node]:
    for scheme in contract.security_schemes.values():
        nodes = [scheme.get("openIdConnectUrl"), scheme.get("tokenUrl"), scheme.get("authorizationUrl")]
        for _, flow in scheme.get("flows").items():
            nodes += [flow.get("tokenUrl"), flow.get("authorizationUrl")]
        yield from (node for node in nodes if (node.text or "").startswith(("https://", "http://")))


def _is_same(told: Node, taken: Node) -> bool:
    """Whether a token from there may be of an issuer: of this very one, or for an address that only the host
    tells of, of the same host. An issuer that is no address is not known."""
    address, issuer = (told.text or "").rstrip("/"), (taken.text or "").rstrip("/")
    if address.endswith(_DISCOVERY):
        return address.removesuffix(_DISCOVERY) == issuer or "://" not in issuer
    return _host(address) == _host(issuer) or "://" not in issuer


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
