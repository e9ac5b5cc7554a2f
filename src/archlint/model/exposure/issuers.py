"""Issuers: where a contract sends callers for a token, and whose tokens are taken on the way to it.

Sources: OpenAPI, Security Scheme Object (``openIdConnectUrl``); OpenID Connect Discovery,
section 4 (the address of the configuration is the issuer and ``/.well-known/openid-configuration``); Istio,
JWTRule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.ways_in import WaysIn, ways_in
from archlint.model.openapi import Contract
from archlint.model.world import World

_DISCOVERY = "/.well-known/openid-configuration"
_OTHER_HOSTS = regex(
    r"(?:^|\.)(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn|chinacloudapi\.cn|windows\.net"
    r"|b2clogin\.com|ciamlogin\.com)$"
)
"""Matches hosts of Entra ID, which gives tokens of ``sts.windows.net`` and of other issuers."""


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
    """The addresses of OpenID Connect; none where callers may get tokens by other addresses as well, which do
    not tell whose tokens they give: those of Cognito and of Entra ID are at other hosts than the issuer."""
    schemes = list(contract.security_schemes.values())
    if any(scheme.get("type").text == "oauth2" for scheme in schemes):
        return
    nodes = (scheme.get("openIdConnectUrl") for scheme in schemes)
    yield from (node for node in nodes if (node.text or "").startswith(("https://", "http://")))


def _is_same(told: Node, taken: Node) -> bool:
    """Whether the address of a configuration may be that of an issuer. An issuer that is no address is not
    known, nor is that of an address which does not follow the standard."""
    address, issuer = (told.text or "").rstrip("/"), (taken.text or "").rstrip("/")
    if "://" not in issuer or not address.endswith(_DISCOVERY) or _OTHER_HOSTS.search(_host(address)):
        return True
    return address.removesuffix(_DISCOVERY) == issuer


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
