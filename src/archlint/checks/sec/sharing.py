"""Credentials and identities that several services share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.model.services.account_powers import powers_of
from archlint.model.services.database_users import POWERFUL, SharedLogin
from archlint.model.services.sharing import NameUse, SharedAccount, SharedSecret
from archlint.model.world import World

_MOST_RELATED = 10


@join(SharedSecret)
def secret_shared(shared: SharedSecret, world: World, options: Options) -> Iterator[Observation]:
    """Two or more services that take credentials from one Secret."""
    first, second, *rest = shared.uses
    others = (first, *rest)
    yield observe(
        second.node.value_place(),
        "default" if second.key else "whole",
        related=_places(others, "takes it too"),
        identity=(shared.name,),
        service=second.service.name,
        secret=shared.name,
        key=second.key,
        others=_names(others),
    )


@join(SharedAccount)
def service_account_shared(shared: SharedAccount, world: World, options: Options) -> Iterator[Observation]:
    """Two or more services whose pods run under one account that is good for something."""
    powers = powers_of(world, (shared.namespace, shared.name))
    if not powers:
        return
    first, second, *rest = shared.uses
    others = (first, *rest)
    yield observe(
        second.node.value_place(),
        related=[(powers[0].place, f"it {powers[0].text}"), *_places(others, "runs under it too")],
        identity=(shared.name,),
        service=second.service.name,
        account=shared.name,
        others=_names(others),
        power=powers[0].text,
    )


@join(SharedLogin)
def database_user_shared(shared: SharedLogin, world: World, options: Options) -> Iterator[Observation]:
    """Two or more services that sign in at a database server as one user."""
    first, second, *rest = shared.uses
    others = {use.place: use.service.name for use in (first, *rest)}
    yield observe(
        second.place,
        "powerful" if shared.user.lower() in POWERFUL else "default",
        related=[
            (place, f"'{name}' signs in as the same")
            for place, name in others.items()
            if place != second.place
        ][:_MOST_RELATED],
        identity=(shared.server, shared.user),
        service=second.service.name,
        user=shared.user,
        server=shared.server,
        others=_listed([use.service.name for use in (first, *rest)]),
    )


def _places(uses: Sequence[NameUse], what: str) -> list[tuple[Place, str]]:
    return [(use.node.value_place(), f"'{use.service.name}' {what}") for use in uses[:_MOST_RELATED]]


def _names(uses: Sequence[NameUse]) -> str:
    return _listed([use.service.name for use in uses])


def _listed(names: Sequence[str]) -> str:
    shown = [f"'{name}'" for name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
