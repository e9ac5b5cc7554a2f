"""What stands at the edge of a cluster: what it tells browsers, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding import Severity
from archlint.model.exposure.cors import OpenCors
from archlint.model.exposure.plain_entries import PlainEntry
from archlint.model.kubernetes.ingress_nginx import IngressNginx


@check(OpenCors)
def cors_open_with_credentials(setting: OpenCors, options: Options) -> Iterator[Observation]:
    """Pages of all origins may call with the credentials of their visitors, or try to in vain."""
    origins = setting.origins
    is_shown = origins.is_set and origins.value_place() != setting.credentials.value_place()
    yield observe(
        setting.credentials.value_place(),
        "default" if setting.names_asker else "refused",
        related=[(origins.value_place(), "all origins")] if is_shown else [],
        severity=None if setting.names_asker else Severity.WARNING,
        kind=setting.kind,
        name=setting.name,
    )


@check(IngressNginx)
def ingress_nginx_retired(item: IngressNginx, options: Options) -> Iterator[Observation]:
    """A controller of ingress-nginx, which nobody mends any more."""
    yield observe(item.node.value_place(), kind=item.kind, name=item.name)


@check(PlainEntry)
def entry_without_tls(entry: PlainEntry, options: Options) -> Iterator[Observation]:
    """An entry from outside that takes calls without encryption."""
    node = entry.node
    place = node.place() if node.is_map or node.is_list else node.value_place()
    yield observe(place, kind=entry.kind, name=entry.name, what=entry.what, remedy=entry.remedy)
