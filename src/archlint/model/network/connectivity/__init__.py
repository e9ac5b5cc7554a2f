"""Who can connect to whom: see ``connectivity``."""

from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import ALL, NONE, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity, connectivities
from archlint.model.network.connectivity.pods import CONTROLLER, PodClass, PodGroup

__all__ = [
    "ALL",
    "CONTROLLER",
    "NONE",
    "Bound",
    "ConnectionSet",
    "Connectivity",
    "PodClass",
    "PodGroup",
    "connectivities",
]
