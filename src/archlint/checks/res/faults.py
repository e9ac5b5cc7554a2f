"""Faults that were put into calls to try them out, and that stayed."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.resilience.faults import InjectedFault


@check(InjectedFault)
def fault_injected(fault: InjectedFault, options: Options) -> Iterator[Observation]:
    """A fault that everybody's requests meet."""
    yield observe(
        fault.node.value_place() if fault.is_experiment else fault.node.place(),
        "experiment" if fault.is_experiment else "default",
        kind=fault.kind,
        name=fault.name,
        effect=fault.effect,
    )
