"""Network policies and what they allow."""

from archlint.model.network.policies import Direction, NetworkPolicy, PolicyRule
from archlint.model.network.ports import PortRange

__all__ = ["Direction", "NetworkPolicy", "PolicyRule", "PortRange"]
