"""How addresses of channels and servers are written."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.event.spectral import rule_of
from archlint.documents import Node
from archlint.finding import Place
from archlint.model.asyncapi import AsyncDescription, Piece


def _channels(description: AsyncDescription) -> Iterator[tuple[Place, str, Node]]:
    """The address of each channel of the application, and where it stands."""
    for key, entry in description.at("channels").items():
        if not description.is_third:
            yield entry.place(), key, entry
            continue
        address = description.meant(entry).get("address")
        if address.text is not None:
            yield address.value_place(), address.text, entry


def _servers(description: AsyncDescription) -> Iterator[tuple[Node, bool]]:
    """The texts that say where servers are, and whether Spectral looks at them."""
    for server in description.pieces.of(Piece.SERVER):
        for field in description.address_fields:
            if server.get(field).text is not None:
                yield server.get(field), server.route[:1] == ("servers",)


@check(AsyncDescription)
def asyncapi_channel_parameter_nameless(
    description: AsyncDescription, options: Options
) -> Iterator[Observation]:
    """Addresses with a parameter that has no name."""
    aliases = rule_of(description, "channel-no-empty-parameter")
    for place, address, entry in _channels(description):
        if "{}" in address:
            yield observe(place, identity=_names(entry), aliases=aliases, address=address)


@check(AsyncDescription)
def asyncapi_channel_with_query(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Addresses with a query or a fragment."""
    aliases = rule_of(description, "channel-no-query-nor-fragment")
    for place, address, entry in _channels(description):
        sign = next((each for each in address if each in "?#"), None)
        if sign is not None:
            yield observe(place, identity=_names(entry), aliases=aliases, address=address, sign=sign)


@check(AsyncDescription)
def asyncapi_channel_trailing_slash(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Addresses that end in a slash and are more than that."""
    aliases = rule_of(description, "channel-no-trailing-slash")
    for place, address, entry in _channels(description):
        if address.endswith("/") and len(address) > 1:
            yield observe(
                place,
                identity=_names(entry),
                aliases=aliases,
                address=address,
                better=address.rstrip("/") or "/",
            )


def _names(entry: Node) -> tuple[str, ...]:
    return tuple(entry.document.names(entry.route))


@check(AsyncDescription)
def asyncapi_server_variable_nameless(
    description: AsyncDescription, options: Options
) -> Iterator[Observation]:
    """Servers with a variable that has no name."""
    for stated, is_known in _servers(description):
        if "{}" in (stated.text or ""):
            aliases = rule_of(description, "server-no-empty-variable") if is_known else ()
            yield observe(stated.value_place(), aliases=aliases, url=stated.text)


@check(AsyncDescription)
def asyncapi_server_trailing_slash(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Servers that end in a slash."""
    for stated, is_known in _servers(description):
        text = stated.text or ""
        if text.endswith("/") and stated.route[-1] != "pathname":
            aliases = rule_of(description, "server-no-trailing-slash") if is_known else ()
            better = text.rstrip("/")
            yield observe(stated.value_place(), aliases=aliases, url=text, better=better)


@check(AsyncDescription)
def asyncapi_server_is_example(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Servers at a host that is reserved for documentation."""
    for stated, is_known in _servers(description):
        text = stated.text or ""
        host = next((each for each in options["hosts"] if each in text), None)
        if host is not None and stated.route[-1] != "pathname":
            is_told = is_known and "example.com" in text
            aliases = rule_of(description, "server-not-example-com") if is_told else ()
            yield observe(stated.value_place(), aliases=aliases, url=text, host=host)


@check(AsyncDescription)
def asyncapi_server_list_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A document that names no server."""
    servers = description.at("servers")
    if description.is_stated("servers") and not (servers.is_map and servers.value):
        yield observe(servers.place())
