"""Who finds mentions: one function for each kind of file that says what a part of the system connects to.

A new kind of evidence is a module with such a function, and its name here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.model.appconfig.mentions import mentions as of_settings
from archlint.model.compose.mentions import mentions as of_compose
from archlint.model.proxies.routes import mentions as of_proxies
from archlint.model.sources.mentions import mentions as of_sources
from archlint.model.system.evidence import Mention
from archlint.model.system.hosted import mentions as of_hosts
from archlint.model.system.named_variables import mentions as of_names
from archlint.model.system.platforms import mentions as of_platforms
from archlint.model.system.routed_by_discovery import mentions as of_discovery
from archlint.model.world import World

READERS: tuple[Callable[[World], Iterable[Mention]], ...] = (
    of_compose,
    of_sources,
    of_settings,
    of_proxies,
    of_platforms,
    of_discovery,
    of_hosts,
    of_names,
)


def all_mentions(world: World) -> Iterator[Mention]:
    """What all readers find, in the order of the list."""
    for reader in READERS:
        yield from reader(world)
