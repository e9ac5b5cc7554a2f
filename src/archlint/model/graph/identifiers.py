"""Names of nodes in languages that draw graphs: plain words, each of which means one node."""

from __future__ import annotations

import re
from collections import Counter

from archlint.finding.digest import blake2b
from archlint.model.graph.graph import ServiceGraph


def plain_names(graph: ServiceGraph) -> dict[str, str]:
    """An identifier for each node that depends on its id alone; a digest tells apart ids that look alike."""
    plain = {identity: re.sub(r"[^A-Za-z0-9]+", "_", identity) for identity in graph.nodes}
    taken = Counter(plain.values())
    return {
        identity: name if taken[name] == 1 and identity.isascii() else f"{name}_{_digest(identity)}"
        for identity, name in plain.items()
    }


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
