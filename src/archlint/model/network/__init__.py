"""Network policies and what they allow."""

from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.ports import PortRange

__all__ = ["NetworkPolicy", "PolicyRule", "PortRange", "TrafficDirection"]
