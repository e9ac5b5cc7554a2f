"""Programs that watch others: what variables give them is filled into a file that says whom they ask.

So a variable of theirs shows nothing by itself: it may be a target, or a name in a label.
"""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.system.folder_homes import images_of
from archlint.model.system.images import image_name
from archlint.model.system.parties import Party

_IMAGES = frozenset(
    {
        *("opentelemetry-collector", "opentelemetry-collector-contrib", "opentelemetry-collector-k8s"),
        *("aws-otel-collector", "splunk-otel-collector", "alloy", "grafana-agent", "vector"),
        *("prometheus", "telegraf", "fluentd", "fluent-bit", "promtail", "datadog-agent"),
    }
)
_TELEMETRY = regex(
    r"jaeger|zipkin|otel|telemetry|(?<![a-z])(?:tempo|loki|seq|alloy|vector|mimir|kiali|thanos)(?![a-z])|statsd|graphite"
    r"|(?<![a-z])(?:logs?|metrics?|traces?)-?collector|(?<!.)collector|log-?(?:server|stash|ging)|prometheus|pushgateway"
    r"|grafana|sentry|datadog|newrelic|splunk|fluent|pyroscope|promtail|filebeat|metricbeat|cadvisor|kibana|alertmanager"
    r"|node-?exporter"
)
"""Matches names and images of what takes logs, traces and metrics, or shows them."""
_JAEGER = "jaegertracing/"
"""Whose images have names such as ``all-in-one``."""
_MAIL = regex(r"mailhog|mailpit")
"""Matches those of what takes mail that is never sent."""


def is_watching(party: Party) -> bool:
    """Whether a party only takes what others tell of themselves: they go on without it."""
    return is_telemetry(party) or any(_MAIL.search(name) for name in _names(party))


def is_telemetry(party: Party) -> bool:
    """Whether a party takes logs, traces or metrics, or shows them."""
    return any(_TELEMETRY.search(name) for name in _names(party))


def is_named_for_telemetry(host: str) -> bool:
    """Whether a host that is no party takes logs, traces or metrics, by its name."""
    return _TELEMETRY.search(host.lower()) is not None


def _names(party: Party) -> list[str]:
    images = images_of(party)
    of_jaeger = ["jaeger"] if any(_JAEGER in image for image in images) else []
    return [name.lower() for name in (party.name, *map(image_name, images), *of_jaeger)]


def is_observer(party: Party) -> bool:
    """Whether a party runs a collector of telemetry, and nothing else."""
    names = {image_name(image) for image in images_of(party)}
    return bool(names) and names <= _IMAGES
