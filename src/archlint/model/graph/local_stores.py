"""Stores and brokers on the machine of developers that no file deploys: ``jdbc:mysql://localhost:3306/orders``.

What the settings of an application name there is a store all the same, unless some file deploys one of its
kind: then it stands in for that one, and which is meant is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.finding.records import dataclass
from archlint.model.appconfig.values import MACHINE
from archlint.model.services import protocols
from archlint.model.system.evidence import Mention
from archlint.model.system.folders import SourceFolder
from archlint.model.system.parties import Party

_PRODUCTS = {"amqp": "rabbitmq"}
"""What a server is called that is not called as what is spoken to it."""


@dataclass(frozen=True)
class LocalStore:
    """A store of a caller, as its settings name it."""

    caller: Party
    mention: Mention
    protocol: str

    @property
    def name(self) -> str:
        """The database; of a server without databases what it is."""
        return self.mention.address.database or _PRODUCTS.get(self.protocol, self.protocol)


def local_store(mention: Mention, caller: Party) -> LocalStore | None:
    """The store on the machine itself that a setting names, if it does."""
    address = mention.address
    if address.host not in MACHINE or not isinstance(mention.unit, SourceFolder):
        return None
    protocol = protocols.of_scheme(address.scheme) or protocols.of_port(address.port)
    if protocol is None or protocols.edge_kind(protocol) is protocols.EdgeKind.SYNC:
        return None
    return LocalStore(caller, mention, protocol)


def undeployed(found: Iterable[LocalStore], known: Iterable[Party]) -> Iterator[LocalStore]:
    """Those of whose kind no file deploys any."""
    deployed = {party.store_protocol for party in known}
    return (item for item in found if item.protocol not in deployed)
