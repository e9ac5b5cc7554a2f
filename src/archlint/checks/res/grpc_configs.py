"""Service configs that gRPC clients do not take."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.resilience.grpc_configs import ConfigFault

_AT_KEY = frozenset({"nameless", "both", "codes"})


@check(ConfigFault)
def grpc_service_config_invalid(fault: ConfigFault, options: Options) -> Iterator[Observation]:
    """A part of a service config that makes clients refuse all of it, or that counts for nothing."""
    node = fault.node
    yield observe(
        node.place() if fault.law in _AT_KEY or node.is_map else node.value_place(),
        fault.law,
        where=fault.where,
        key=fault.key,
        said=fault.said,
    )
