"""What services are told about sending traces, metrics and logs: the variables of OpenTelemetry.

Source: OpenTelemetry specification, "OTLP Exporter Configuration" and "Environment Variable Specification".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Document
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.kubernetes import Workload
from archlint.model.services.configuration import configuration
from archlint.model.services.references import variables_of
from archlint.model.world import World

_PREFIX = "OTEL_"
_GENERAL = "OTEL_EXPORTER_OTLP"
_SIGNALS = ("", "TRACES", "METRICS", "LOGS")
_ENDPOINT = regex(r"(?:(?P<scheme>https?|grpc)://)?(?P<host>[\w.-]+):(?P<port>\d{2,5})(?P<path>/[^\s?#]*)?/?")


@dataclass(frozen=True, slots=True)
class OtelVariable:
    """A variable and where its value stands."""

    name: str
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that data is sent to."""

    variable: OtelVariable
    signal: str
    """``traces``, ``metrics`` or ``logs``; empty for all."""
    host: str
    port: int
    path: str
    protocol: OtelVariable | None
    """What says how it is sent; ``None`` where the SDK chooses."""

    @property
    def is_http(self) -> bool | None:
        """Whether HTTP is spoken, and not gRPC; ``None`` where that is not said."""
        return None if self.protocol is None else self.protocol.value != "grpc"


@dataclass(frozen=True, eq=False)
class Instrumented:
    """A container, or a compose service, with variables of OpenTelemetry."""

    unit: ComposeService | Workload
    part: str
    """The container, if it is one."""
    variables: Mapping[str, OtelVariable]

    @classmethod
    def all(cls, world: World) -> Iterable[Instrumented]:
        """Everything that is told something, manifests first."""
        yield from _of_workloads(world)
        for service in world.all(ComposeService):
            found: dict[str, OtelVariable] = {}
            for item in service.variables:
                if item.name.startswith(_PREFIX) and item.value.is_known:
                    found.setdefault(item.name, OtelVariable(item.name, item.text.strip(), item.place))
            if found:
                yield cls(service, "", found)

    @property
    def object(self) -> ObjectRef:
        """What findings are about."""
        return self.unit.object

    @property
    def source(self) -> Document:
        """The document of the workload or service."""
        return self.unit.source

    def endpoints(self) -> Iterator[Endpoint]:
        """The addresses that are told, with how they are spoken to."""
        general = self._known(f"{_GENERAL}_PROTOCOL")
        for signal in _SIGNALS:
            start = f"{_GENERAL}_{signal}" if signal else _GENERAL
            variable = self.variables.get(f"{start}_ENDPOINT")
            match = _ENDPOINT.fullmatch(variable.value) if variable else None
            if variable and match:
                protocol = (self._known(f"{start}_PROTOCOL") if signal else None) or general
                path = (match["path"] or "").rstrip("/")
                yield Endpoint(
                    variable, signal.lower(), match["host"].lower(), int(match["port"]), path, protocol
                )

    def _known(self, name: str) -> OtelVariable | None:
        found = self.variables.get(name)
        return found if found and found.value in ("grpc", "http/protobuf", "http/json") else None

    @property
    def service_name(self) -> OtelVariable | None:
        """What the service calls itself."""
        found = self.variables.get("OTEL_SERVICE_NAME")
        return found if found and found.value and not {*found.value} & {*"$%{}<>"} else None

    @property
    def propagators(self) -> OtelVariable | None:
        """How it passes on which trace a call belongs to."""
        found = self.variables.get("OTEL_PROPAGATORS")
        return found if found and found.value else None


def _of_workloads(world: World) -> Iterator[Instrumented]:
    known = world.fact(configuration)
    for workload in world.all(Workload):
        for container in workload.containers if workload.name else ():
            found = {
                item.name: OtelVariable(item.name, item.value.strip(), item.node.value_place())
                for item in variables_of(container, known)
                if item.name.startswith(_PREFIX) and not item.is_at_hand
            }
            if found:
                yield Instrumented(workload, container.name or "", found)
