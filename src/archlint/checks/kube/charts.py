"""Charts that Helm refuses to render."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Severity
from archlint.model.kubernetes.building.renderings import UnrenderedTemplate, ValuesViolation
from archlint.model.world import World


@join(UnrenderedTemplate)
def chart_not_rendered(item: UnrenderedTemplate, world: World, options: Options) -> Iterator[Observation]:
    """A template that stops with an error, or a chart that does not come to an end."""
    fault = item.fault
    yield observe(
        fault.place,
        "endless" if fault.is_endless else "default",
        severity=Severity.WARNING if fault.is_endless else None,
        chart=fault.chart,
        reason=fault.message,
        identity=(),
    )


@join(ValuesViolation)
def values_schema_violated(item: ValuesViolation, world: World, options: Options) -> Iterator[Observation]:
    """A value that the schema of its chart refuses."""
    refused = item.refused
    yield observe(
        refused.place,
        chart=refused.chart,
        schema=refused.schema,
        value=refused.names,
        reason=refused.message,
        identity=(refused.names,),
    )
