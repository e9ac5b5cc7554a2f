"""Pipelines of OpenTelemetry collectors, against the components that there are."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.finding import Place
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.telemetry.collectors import EXTENSIONS, PARTS, Collector
from archlint.model.world import World

_MOST_NAMED = 8


@join(Collector)
def collector_component_undefined(
    collector: Collector, world: World, options: Options
) -> Iterator[Observation]:
    """A receiver, processor, exporter or extension that a pipeline names and nothing defines."""
    if not collector.together.is_known:
        return
    for use in collector.uses():
        known = collector.together.allowed[use.part]
        if use.name in known:
            continue
        yield observe(
            use.node.value_place(),
            "extension" if use.part == EXTENSIONS else "default",
            related=_section(collector, use.part),
            object=collector.object,
            identity=(use.pipeline, use.part, use.name),
            pipeline=use.pipeline,
            component=use.part[:-1],
            part=use.part,
            name=use.name,
            hint=_hint(use.name, known),
        )


def _section(collector: Collector, part: str) -> list[tuple[Place, str]]:
    node = collector.root.get(part)
    return [(node.place(), f"the {part} that there are")] if node.exists else []


def _hint(name: str, known: SimilarNames) -> str:
    similar = known.nearest(name)
    if similar:
        return f"Did you mean '{similar}'?"
    names = known.some(_MOST_NAMED + 1)
    more = ", ..." if len(names) > _MOST_NAMED else ""
    return f"Defined: {', '.join(names[:_MOST_NAMED])}{more}." if names else "None are defined."


@join(Collector)
def collector_component_unused(collector: Collector, world: World, options: Options) -> Iterator[Observation]:
    """A component that is defined and that no pipeline uses."""
    together = collector.together
    if not together.is_known or not together.uses:
        return
    ignored = frozenset(options["ignored"])
    for part in PARTS:
        for name, node in collector.root.get(part).items():
            if (part, name) in together.used or name.partition("/")[0] in ignored:
                continue
            yield observe(
                node.place(),
                related=_lists(collector, part),
                object=collector.object,
                identity=(part, name),
                component=part[:-1],
                name=name,
                where="'service.extensions'" if part == EXTENSIONS else "a pipeline",
            )


def _lists(collector: Collector, part: str) -> list[tuple[Place, str]]:
    service = collector.root.get("service")
    node = service.get("extensions" if part == EXTENSIONS else "pipelines")
    return [(node.place(), "what runs")] if node.exists else []


@join(Collector)
def collector_memory_unlimited(collector: Collector, world: World, options: Options) -> Iterator[Observation]:
    """A pipeline without a memory_limiter."""
    for pipeline in _pipelines(collector):
        processors = _types(pipeline.get("processors"))
        if "memory_limiter" not in processors:
            yield observe(
                pipeline.get("processors").place(),
                object=collector.object,
                identity=(str(pipeline.route[-1]),),
                pipeline=pipeline.route[-1],
            )


@join(Collector)
def collector_batch_missing(collector: Collector, world: World, options: Options) -> Iterator[Observation]:
    """A pipeline that sends what it gets one by one."""
    exporters = collector.together.defined["exporters"]
    for pipeline in _pipelines(collector):
        names = [node.text or "" for node in pipeline.get("exporters").elements()]
        sending = [name for name in names if name.partition("/")[0] in options["exporters"]]
        alone = [name for name in sending if name in exporters and not _batches(exporters[name])]
        if alone and "batch" not in _types(pipeline.get("processors")):
            yield observe(
                pipeline.get("processors").place(),
                related=[(exporters[alone[0]].place(), "what sends")],
                object=collector.object,
                identity=(str(pipeline.route[-1]),),
                pipeline=pipeline.route[-1],
                exporter=alone[0],
            )


def _batches(exporter: Node) -> bool:
    """Whether an exporter makes batches itself."""
    return exporter.get("sending_queue", "batch").exists


def _pipelines(collector: Collector) -> Iterator[Node]:
    """The pipelines of a text that is whole: none of which another text may fill in the processors."""
    is_whole = collector.together.is_known and len(collector.together.texts) == 1
    for _, pipeline in collector.root.get("service", "pipelines").items() if is_whole else ():
        lists = [pipeline.get(part) for part in ("receivers", "processors", "exporters")]
        if lists[0].is_list and lists[2].is_list and (lists[1].is_list or not lists[1].is_set):
            yield pipeline


def _types(names: Node) -> set[str]:
    return {(node.text or "").partition("/")[0] for node in names.elements()}
