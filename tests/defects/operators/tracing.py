"""Variables of OpenTelemetry: services of a repository are given them, and then wrong ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_ENV = re.compile(r"(?m)^ +env:\n(?=(?P<list> *)- )")
_NAME = re.compile(r"(?m)^  name: (?P<name>[\w-]+)$")
_CALL = re.compile(r"(?m)^            - name: \w+\n              value: (?:http://)?(?P<host>[a-z-]+):\d+\n")


def _deployments(files: Files) -> list[tuple[str, str, int]]:
    """Manifests with variables: path, name, and where the variables begin; each name once."""
    found: dict[str, tuple[str, str, int]] = {}
    for path, text in sorted(files.items()):
        start = text.find("kind: Deployment")
        if start < 0 or not path.endswith(".yaml") or "/templates/" in path:
            continue
        match, name = _ENV.search(text, start), _NAME.search(text, start)
        if match and name:
            found.setdefault(name["name"], (path, name["name"], match.end()))
    return list(found.values())


def _given(text: str, at: int, variables: dict[str, str]) -> tuple[str, dict[str, int]]:
    """The text with variables, and the line of each value."""
    step = text[at : at + len(text[at:]) - len(text[at:].lstrip(" "))]
    entries = "".join(
        f'{step}- name: {name}\n{step}  value: "{value}"\n' for name, value in variables.items()
    )
    first = line_of(text, at)
    return text[:at] + entries + text[at:], {
        name: first + 2 * number + 1 for number, name in enumerate(variables)
    }


_WRONG = (
    {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"},
    {
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector.monitoring.svc:4317/v1/traces",
    },
    {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318"},
    {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/v1/traces"},
    {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "http://collector:4317/v1/logs"},
)


@seeds("otlp-protocol-mismatch")
def protocol_mixed_up(files: Files) -> Iterator[Defect]:
    """The port of one protocol and the name of the other, or a path that is not there."""
    for path, name, at in _deployments(files):
        for number, variables in enumerate(_WRONG):
            text, lines = _given(files[path], at, variables)
            place = next(line for key, line in lines.items() if key.endswith("_ENDPOINT"))
            sides = frozenset((path, line) for key, line in lines.items() if key.endswith("_PROTOCOL"))
            defect = f"{name} is given {number}: {variables}"
            yield Defect(defect, edited(files, path, text), frozenset({(path, place)}), sides)


@seeds("otel-service-name-shared")
def name_copied(files: Files) -> Iterator[Defect]:
    """Two services that send under one name, as when a manifest is copied."""
    found = _deployments(files)
    for path, name, at in found:
        for other_path, other, other_at in found:
            if other <= name or other_path == path:
                continue
            for shared in (name, other, "shop-api"):
                first, own = _given(files[path], at, {"OTEL_SERVICE_NAME": shared})
                second, theirs = _given(files[other_path], other_at, {"OTEL_SERVICE_NAME": shared})
                lines: set[Line] = {(path, own["OTEL_SERVICE_NAME"])}
                lines.add((other_path, theirs["OTEL_SERVICE_NAME"]))
                yield Defect(
                    f"{name} and {other} as {shared}",
                    {**files, path: first, other_path: second},
                    frozenset(lines),
                    frozenset(lines),
                )


@seeds("propagators-differ")
def propagators_mixed(files: Files) -> Iterator[Defect]:
    """A service writes one format into its calls, and the called one reads another."""
    found = {name: (path, at) for path, name, at in _deployments(files)}
    for name, (path, at) in found.items():
        for host in sorted({match["host"] for match in _CALL.finditer(files[path])}):
            if host not in found or found[host][0] == path:
                continue
            other_path, other_at = found[host]
            for writes, reads in (
                ("b3", "tracecontext,baggage"),
                ("tracecontext,baggage", "b3multi"),
                ("jaeger", "xray,baggage"),
                ("tracecontext", "jaeger"),
                ("xray", "b3"),
            ):
                first, own = _given(files[path], at, {"OTEL_PROPAGATORS": writes})
                second, theirs = _given(files[other_path], other_at, {"OTEL_PROPAGATORS": reads})
                yield Defect(
                    f"{name} writes {writes}, {host} reads {reads}",
                    {**files, path: first, other_path: second},
                    frozenset({(other_path, theirs["OTEL_PROPAGATORS"])}),
                    frozenset({(path, own["OTEL_PROPAGATORS"])}),
                )
