"""Files and folders of the repository that compose services see."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.compose.files import within
from archlint.model.compose.services import ComposeService

_HERE = ("${PWD}/", "$PWD/", "$(pwd)/")


def mounted_paths(service: ComposeService) -> Iterator[str]:
    """What a service mounts, from the root, but for the root itself."""
    for variant in service.variants:
        for item in variant.items("volumes"):
            setting = item.get("source") if item.node.is_map else item
            source = setting.known_text or setting.node.text or ""
            for here in _HERE:
                source = source.replace(here, "./", 1) if source.startswith(here) else source
            source = source.partition(":")[0]
            path = within(item.scope.folder, source) if source.startswith(".") else None
            if path:
                yield path
