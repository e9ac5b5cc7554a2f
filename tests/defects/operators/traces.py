"""Traces: all services of a repository send theirs, but one that others call."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, Line, seeds
from tests.defects.manifests import calls, canaries_of, editions, with_variables, workloads
from tests.metamorphic.repositories import Files

_TOLD = (
    (("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"),),
    (("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector.monitoring:4318/v1/traces"),),
    (
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
    ),
    (("OTEL_SERVICE_NAME", "own"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otlp.example.com:443")),
    (("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://agent:4317")),
)


@seeds("trace-incomplete")
def one_that_sends_nothing(files: Files) -> Iterator[Defect]:
    """A service that others call is left out when all are told where to send their traces."""
    canaries = canaries_of(files)
    sending = [item for item in workloads(files) if item.kind == "Deployment"]
    shown = calls(files)
    for left in sending:
        callers = {call.caller.name for call in shown if call.callee == left.name}
        if not callers or left.name in canaries:
            continue
        for number, told in enumerate(_TOLD):
            changed: dict[str, str] = dict(files)
            for item in reversed(sending):  # those further down in a file first, so that lines stay true
                if left.name not in (item.name, canaries.get(item.name)):
                    changed = with_variables(changed, item, told)
            lines: set[Line] = set()
            sides: set[Line] = set()
            for item in workloads(changed):
                lines |= editions(changed, item) if item.name == left.name else set()
                sides |= editions(changed, item) if item.name in callers else set()
            yield Defect(f"{left.name} sends nothing ({number})", changed, frozenset(lines), frozenset(sides))
