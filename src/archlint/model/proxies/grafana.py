"""Grafana: the sources of data that it is provisioned with.

Source: Grafana, "Provision Grafana", data sources (``datasources`` with ``url``).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.proxies.forward import Forward
from archlint.model.proxies.structured import Structured


def is_grafana(root: Node) -> bool:
    """Whether a document provisions sources of data."""
    return any(item.get("url").text and item.get("type").text for item in root.get("datasources").elements())


def forwards_of(config: Structured) -> Iterator[Forward]:
    """What each source of data is asked at."""
    for item in config.root.get("datasources").elements():
        name = item.get("name").text or item.get("type").text or ""
        for target in config.targets(item.get("url")):
            yield Forward(target.address, target.place, f"datasource {name}", None, target.is_filled)
