"""Istio objects and what they mean."""

from archlint.model.istio.destination_rules import DestinationRule
from archlint.model.istio.routing import Destination, TrafficRoute, VirtualService

__all__ = ["Destination", "DestinationRule", "TrafficRoute", "VirtualService"]
