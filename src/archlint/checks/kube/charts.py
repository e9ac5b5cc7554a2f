"""Charts that Helm refuses to render."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes.renderings import UnrenderedTemplate
from archlint.model.kubernetes.values_schemas import ValuesViolation
from archlint.model.world import World


@join(UnrenderedTemplate)
def chart_not_rendered(item: UnrenderedTemplate, world: World, options: Options) -> Iterator[Observation]:
    """A template that stops with an error."""
    yield observe(item.fault.place, chart=item.fault.chart, reason=item.fault.message, identity=())


@join(ValuesViolation)
def values_schema_violated(item: ValuesViolation, world: World, options: Options) -> Iterator[Observation]:
    """A value that the schema of its chart refuses."""
    yield observe(
        item.place,
        chart=item.chart,
        schema=item.schema,
        value=item.names,
        reason=item.message,
        identity=(item.names,),
    )
