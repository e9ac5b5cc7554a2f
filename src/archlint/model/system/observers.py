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
_WATCHING = regex(
    r"jaeger|zipkin|otel|telemetry|tempo|loki|collector|log-?(?:server|stash|ging)|statsd|graphite|prometheus"
    r"|pushgateway|grafana|sentry|datadog|newrelic|splunk|fluent|vector|seq\b|pyroscope|alloy|mailhog|mailpit"
)
"""Matches names and images of what takes logs, traces, metrics, or mail that is never sent."""


def is_watching(party: Party) -> bool:
    """Whether a party only takes what others tell of themselves: they go on without it."""
    names = (party.name, *map(image_name, images_of(party)))
    return any(_WATCHING.search(name.lower()) for name in names)


def is_observer(party: Party) -> bool:
    """Whether a party runs a collector of telemetry, and nothing else."""
    names = {image_name(image) for image in images_of(party)}
    return bool(names) and names <= _IMAGES
