"""OpenTelemetry collectors: the exporters that a pipeline uses, and the receivers that ask others.

Source: the collector's documentation, "Configuration": what no pipeline names does not run.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.proxies.forward import Forward
from archlint.model.proxies.prometheus import forwards_of as scrapes_of
from archlint.model.proxies.structured import Structured

_ADDRESSES = ("endpoint", "endpoints", "brokers", "url", "addr", "traces_endpoint", "metrics_endpoint")
_LOGS = ("logs_endpoint", "profiles_endpoint", "datasource")
_ASKING = frozenset(
    {
        *("redis", "postgresql", "mysql", "mongodb", "nginx", "httpcheck", "rabbitmq", "elasticsearch"),
        *("kafkametrics", "kafka", "memcached", "apache", "haproxy", "zookeeper", "sqlquery", "couchdb"),
        *("jmx", "vcenter", "riak", "bigip", "aerospike", "flinkmetrics", "oracledb", "sqlserver", "nsxt"),
        *("prometheus_simple", "envoyals", "purefa", "purefb", "snmp", "solace", "pulsar", "ntp", "tcpcheck"),
    }
)
"""Receivers that connect to what they observe; all others listen."""


def is_collector(root: Node) -> bool:
    """Whether a document is the configuration of a collector."""
    return root.get("service", "pipelines").is_map and (
        root.get("exporters").is_map or root.get("receivers").is_map
    )


def forwards_of(config: Structured) -> Iterator[Forward]:
    """The addresses of the exporters and receivers in use."""
    for part in ("exporters", "receivers"):
        used = _used(config.root, part)
        for name, component in config.root.get(part).items():
            kind = name.partition("/")[0]
            if name not in used:
                continue
            if kind == "prometheus":
                if part == "receivers":
                    yield from scrapes_of(_below(config, component.get("config")))
            elif part == "exporters" or kind in _ASKING:
                for forward in _of_component(config, component, f"{part[:-1]} {name}"):
                    yield replace(forward, is_check=part == "receivers")


def _used(root: Node, part: str) -> set[str]:
    pipelines = [pipeline for _, pipeline in root.get("service", "pipelines").items()]
    return {item.text or "" for pipeline in pipelines for item in pipeline.get(part).elements()}


def _below(config: Structured, node: Node) -> Structured:
    return Structured(node, config.text, config.environment)


def _of_component(config: Structured, component: Node, said_by: str) -> Iterator[Forward]:
    targets = [item for item in component.get("targets").elements() if item.is_map]
    resolver = component.get("protocol", "otlp")
    static = component.get("resolver", "static", "hostnames")
    for holder in (component, resolver, *targets):
        for key in (*_ADDRESSES, *_LOGS):
            node = holder.get(key)
            for value in node.elements() if node.is_list else (node,):
                for target in config.targets(value):
                    yield Forward(target.address, target.place, said_by, None, target.is_filled)
    for value in (*static.elements(), component.get("resolver", "dns", "hostname")):
        for target in config.targets(value):
            yield Forward(target.address, target.place, said_by, None, target.is_filled)
