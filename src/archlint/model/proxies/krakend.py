"""KrakenD: endpoints and the backends that they are put together of.

Source: KrakenD, "Backends" (``endpoints[].backend[].host``, ``url_pattern``).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.structured import Structured


def is_krakend(root: Node) -> bool:
    """Whether a document has endpoints with backends."""
    return any(item.get("backend").is_list for item in root.get("endpoints").elements())


def forwards_of(config: Structured) -> Iterator[Forward]:
    """A forward for each host of each backend; what names none has the hosts of the whole gateway."""
    for endpoint in config.root.get("endpoints").elements():
        path = endpoint.get("endpoint")
        for backend in endpoint.get("backend").elements():
            below = (backend.get("url_pattern").text or "").partition("{")[0]
            way = Way(path.text.partition("{")[0], config.place(path), "", below) if path.text else None
            own = backend.get("host")
            for host in (own if own.is_list else config.root.get("host")).elements():
                for target in config.targets(host, None, "http"):
                    yield Forward(target.address, target.place, "backend", way, target.is_filled)
