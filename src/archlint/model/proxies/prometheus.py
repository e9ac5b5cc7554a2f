"""Prometheus: the targets that its configuration names, scraped and written to.

Source: Prometheus, "Configuration": ``static_configs``, ``alerting``, ``remote_write``, ``remote_read``.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.structured import Structured


def is_prometheus(root: Node) -> bool:
    """Whether a document is the configuration of a Prometheus server or agent."""
    return root.get("scrape_configs").is_list or (
        root.get("global").is_map and root.get("alerting", "alertmanagers").is_list
    )


def forwards_of(config: Structured) -> Iterator[Forward]:
    """Every target that stands there; what is discovered stands elsewhere."""
    for job in config.root.get("scrape_configs").elements():
        name = job.get("job_name").text or ""
        path = job.get("metrics_path")
        way = Way(path.text, config.place(path)) if path.text else None
        yield from _static(config, job, f"scrape {name}".rstrip(), way)
    for manager in config.root.get("alerting", "alertmanagers").elements():
        yield from _static(config, manager, "alertmanager", None)
    for key in ("remote_write", "remote_read"):
        for remote in config.root.get(key).elements():
            for target in config.targets(remote.get("url")):
                yield Forward(target.address, target.place, key, None, target.is_filled)


def _static(config: Structured, holder: Node, said_by: str, way: Way | None) -> Iterator[Forward]:
    scheme = holder.get("scheme").text or "http"
    for group in holder.get("static_configs").elements():
        for item in group.get("targets").elements():
            for target in config.targets(item):
                address = replace(target.address, scheme=target.address.scheme or scheme)
                yield Forward(address, target.place, said_by, way, target.is_filled)
