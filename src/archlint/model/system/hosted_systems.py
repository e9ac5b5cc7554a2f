"""Application hosts by system: each is one, and hosts that run the same project are editions of one."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname

from archlint.model.sources.aspire import HostedResource
from archlint.model.system.compose_systems import joined
from archlint.model.system.names import plain


def hosted_systems(resources: Sequence[HostedResource]) -> dict[str, str]:
    """The path of the host that stands for the system of each host."""
    return joined(
        (item.host, sign)
        for item in resources
        for sign in (("host", item.host), *([("runs", item.folder)] if item.folder else ()))
    )


def names_apart(resources: Sequence[HostedResource], systems: dict[str, str]) -> dict[int, str]:
    """What resources are called that have the name of another system's, by identity: with the folder of their
    host before it."""
    users: dict[str, set[str]] = {}
    for item in resources:
        users.setdefault(plain(item.name), set()).add(systems[item.host])
    alike = [item for item in resources if len(users[plain(item.name)]) > 1]
    return {
        id(item): "-".join((*dirname(systems[item.host]).split("/"), item.name)).lstrip("-") for item in alike
    }
