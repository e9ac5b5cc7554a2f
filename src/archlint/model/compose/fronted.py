"""Services that a proxy of the same project finds by their labels and variables.

Sources: Traefik's Docker provider (labels ``traefik.…``), nginx-proxy (``VIRTUAL_HOST``),
caddy-docker-proxy (labels ``caddy…``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from archlint.finding import Confidence, Place
from archlint.model.compose.services import ComposeService
from archlint.model.services.addresses import Address
from archlint.model.system.evidence import Mention
from archlint.model.system.images import image_repository

_BY_LABEL = {"traefik": ("traefik",), "caddy-docker-proxy": ("caddy",)}
_VIRTUAL_HOSTS = ("nginx-proxy", "nginx-proxy-alpine")
_Sign = Callable[[ComposeService], "tuple[Place, str] | None"]
_OFF = ("traefik.enable", "false")


def mentions(services: Sequence[ComposeService]) -> Iterator[Mention]:
    """What the proxies of a project send to its services; no proxy sends anything where there are two."""
    for image, starts in _BY_LABEL.items():
        yield from _of_proxy(services, (image,), partial(_labelled, starts=starts))
    yield from _of_proxy(services, _VIRTUAL_HOSTS, _virtual_host)


def _of_proxy(services: Sequence[ComposeService], images: Sequence[str], sign: _Sign) -> Iterator[Mention]:
    proxies = [item for item in services if _runs(item, images)]
    if len(proxies) != 1:
        return
    for service in services:
        found = sign(service) if service is not proxies[0] else None
        if found is not None:
            place, text = found
            address = Address(service.name.lower(), scheme="http")
            yield Mention(proxies[0], address, place, text, Confidence.HIGH)


def _runs(service: ComposeService, images: Sequence[str]) -> bool:
    name = image_repository(service.image or "").rpartition("/")[2]
    return name in images


def _labelled(service: ComposeService, starts: tuple[str, ...]) -> tuple[Place, str] | None:
    """The first label for a proxy, unless one says that it is to leave the service alone."""
    found: tuple[Place, str] | None = None
    for variant in service.variants:
        for route in (("labels",), ("deploy", "labels")):
            for name, entry in variant.entries(*route).items():
                value = entry.value.text.strip() if entry.value is not None else ""
                if (name, value.lower()) == _OFF:
                    return None
                if found is None and name.partition(".")[0].partition("_")[0] in starts:
                    found = entry.setting.node.value_place(), name
    return found


def _virtual_host(service: ComposeService) -> tuple[Place, str] | None:
    return next(
        (
            (variable.place, f"{variable.name}={variable.text}")
            for variable in service.variables
            if variable.name == "VIRTUAL_HOST"
        ),
        None,
    )
