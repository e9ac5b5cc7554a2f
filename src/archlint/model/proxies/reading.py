"""Which texts are configuration of which proxy, and what each says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from re import Pattern

from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.proxies import (
    apache,
    appenders,
    caddy,
    collector,
    envoy,
    gateways,
    grafana,
    haproxy,
    kong,
    krakend,
    nginx,
    prometheus,
    shippers,
    traefik,
)
from archlint.model.proxies.forward import Forward
from archlint.model.proxies.structured import Structured

_STRUCTURED: tuple[tuple[Callable[[Node], bool], Callable[[Structured], Iterator[Forward]]], ...] = (
    (envoy.is_envoy, envoy.forwards_of),
    (collector.is_collector, collector.forwards_of),
    (shippers.is_shipper, shippers.forwards_of),
    (prometheus.is_prometheus, prometheus.forwards_of),
    (grafana.is_grafana, grafana.forwards_of),
    (kong.is_kong, kong.forwards_of),
    (traefik.is_traefik, traefik.forwards_of),
    (gateways.is_gateway, gateways.forwards_of),
    (krakend.is_krakend, krakend.forwards_of),
)
_LINES: tuple[tuple[Pattern[str], Callable[[PlacedText, Mapping[str, str]], Iterator[Forward]]], ...] = (
    (haproxy.IS_HAPROXY, haproxy.forwards_of),
    (caddy.IS_CADDY, caddy.forwards_of),
    (apache.IS_APACHE, apache.forwards_of),
    (appenders.IS_APPENDERS, appenders.forwards_of),
    (shippers.IS_LOGSTASH, shippers.of_logstash),
    (shippers.IS_FLUENT, shippers.of_fluent),
)
_NAMED = regex(
    r".*\.(?:conf|cfg|vhost|caddy|caddyfile|htaccess|nginx)(?:\.(?:template|tmpl|tpl|j2|erb|in))?"
    r"|(?:.*[._-])?logstash(?:[._-].*)?"
    r"|(?:.*[._-])?(?:caddyfile|nginx|haproxy|httpd|envoy)(?:[._-].*)?"
    r"|.*\.(?:template|tmpl|tpl|ctmpl)",
    re.IGNORECASE,
)
_TEMPLATE_OF_DATA = regex(r".*\.(?:ya?ml)\.(?:template|tmpl|tpl|j2)", re.IGNORECASE)
_DATA = regex(
    r".*\.ya?ml|.*(?:ocelot|envoy|kong|traefik|prometheus|appsettings|proxy|gateway|krakend|config|yarp|routes|otel)"
    r".*\.json",
    re.IGNORECASE,
)


PROGRAMS = (
    "nginx",
    "openresty",
    "envoy",
    "haproxy",
    "caddy",
    "httpd",
    "apache",
    "traefik",
    "kong",
    "krakend",
)
"""Names of proxies as images and packages have them."""
WATCHERS = (
    *(
        "prometheus",
        "otel",
        "opentelemetry",
        "grafana",
        "promtail",
        "loki",
        "logstash",
        "filebeat",
        "metricbeat",
    ),
    *("kibana", "fluent", "vector"),
)


def is_of_application(root: Node) -> bool:
    """Whether a document is the configuration of a gateway that is an application itself."""
    return gateways.is_gateway(root)


def may_be_text(name: str) -> bool:
    """Whether a file may be configuration of a proxy in a language of its own, by its name."""
    return _NAMED.fullmatch(name) is not None or is_of_source(name)


def is_of_source(name: str) -> bool:
    """Whether a file belongs to the application whose source it lies in, by its name."""
    return appenders.FILE.fullmatch(name) is not None


def is_template_of_data(name: str) -> bool:
    """Whether a file is called as templates of YAML are."""
    return _TEMPLATE_OF_DATA.fullmatch(name) is not None


def may_be_data(name: str) -> bool:
    """Whether a YAML or JSON file may be configuration of a proxy, by its name."""
    return _DATA.fullmatch(name) is not None


def forwards_of_documents(
    roots: Iterable[Node], text: PlacedText | None, environment: Mapping[str, str]
) -> Iterator[Forward]:
    """What YAML or JSON documents say, if they are of a proxy."""
    for root in roots:
        if root.is_map:
            for is_own, forwards in _STRUCTURED:
                if is_own(root):
                    yield from forwards(Structured(root, text, environment))
                    break


def forwards_of_text(
    text: PlacedText, environment: Mapping[str, str], upstreams: nginx.Upstreams
) -> Iterator[Forward]:
    """What a text says, if it is of a proxy; ``upstreams`` are those of all files of nginx beside it."""
    if nginx.IS_NGINX.search(text.text):
        yield from nginx.forwards_of(text, environment, upstreams)
        return
    for pattern, forwards in _LINES:
        if pattern.search(text.text):
            yield from forwards(text, environment)
            return
