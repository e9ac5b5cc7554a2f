"""The ports that the containers of a pod declare.

Source: the Kubernetes documentation and the endpoints controller: a port name is looked up, together with the
protocol, in main containers and sidecars; init containers that end serve nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.workloads import Container

DEFAULT_PROTOCOL = "TCP"
MOST = 65535
"""The highest number of a port."""


@dataclass(frozen=True, slots=True)
class ContainerPort:
    """One entry of a container's ``ports``."""

    container: Container
    node: Node

    @property
    def name(self) -> str | None:
        """Its name, if it has one."""
        return self.node.get("name").text

    @property
    def number(self) -> int | None:
        """Its number."""
        return self.node.get("containerPort").integer

    @property
    def protocol(self) -> str:
        """Its protocol: TCP if nothing else is said."""
        return protocol_of(self.node)


def protocol_of(port: Node) -> str:
    """The protocol of a port of a container or a Service."""
    return port.get("protocol").text or DEFAULT_PROTOCOL


def container_ports(container: Container) -> Iterator[ContainerPort]:
    """The ports that a container declares."""
    for node in container.get("ports").elements():
        yield ContainerPort(container, node)


def misnumbered_ports(container: Container) -> Iterator[Node]:
    """The numbers in ``ports`` that can be none, missing ones too; what is filled in later is left out."""
    for port in container_ports(container):
        number = port.node.get("containerPort")
        is_filled_in = not port.node.is_map or is_placeholder(number.text or "")
        if not is_filled_in and not 0 < (number.integer or 0) <= MOST:
            yield number
