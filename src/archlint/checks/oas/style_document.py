"""What a contract says of itself: description, contact, licence, identity, tags."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.finding.words import quoted
from archlint.model.openapi import Contract, Dialect, PathItem, Role, operations_of

_NEWER = (Dialect.V3_1, Dialect.V3_2)
_CONTACT = frozenset(("name", "url", "email"))


def _is_filled(node: Node) -> bool:
    """Whether there is a value that says something; an empty map is at least a beginning."""
    return node.is_set and node.value != ""


@check(Contract)
def info_description_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract without ``info.description``."""
    described = contract.root.get("info", "description")
    if not _is_filled(described):
        yield observe(described.place())


@check(Contract)
def contact_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract without ``info.contact``."""
    contact = contract.root.get("info", "contact")
    if not _is_filled(contact):
        yield observe(contact.place())


@check(Contract)
def contact_incomplete(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contact that lacks one of the ways to reach it."""
    contact = contract.root.get("info", "contact")
    ways = [contact.get(name) for name in options["require"] if not _is_filled(contact.get(name))]
    lacking = [str(way.route[-1]) for way in ways if not way.exists]
    if contact.is_map and lacking:
        yield observe(
            contact.place(),
            aliases=None if _CONTACT & set(lacking) else (),
            lacking=" and ".join(quoted(lacking)),
        )
    for way in ways:
        if way.exists:
            name = str(way.route[-1])
            yield observe(way.place(), aliases=None if name in _CONTACT else (), lacking=f"'{name}'")


@check(Contract)
def license_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract without ``info.license``."""
    licence = contract.root.get("info", "license")
    if not _is_filled(licence):
        yield observe(licence.place())


@check(Contract)
def license_url_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A licence that says neither by URL nor by SPDX identifier which text it is."""
    licence = contract.root.get("info", "license")
    is_identified = contract.dialect in _NEWER and _is_filled(licence.get("identifier"))
    if licence.is_map and not _is_filled(licence.get("url")) and not is_identified:
        yield observe(licence.get("url").place(), name=licence.get("name").text or "the licence")


@check(Contract)
def api_identity_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract that lacks the extensions by which an organisation knows its APIs."""
    info = contract.root.get("info")
    lacking = [name for name in options["require"] if not _is_filled(info.get(name))]
    if lacking:
        yield observe(info.place(), lacking=" and ".join(quoted(lacking)))


@check(Contract)
def tag_list_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract that declares no tags."""
    tags = contract.root.get("tags")
    if not (tags.is_list and tags.value):
        yield observe(tags.place())


@check(Contract)
def tags_unsorted(contract: Contract, options: Options) -> Iterator[Observation]:
    """The first tag that belongs before the one above it."""
    names = [tag.get("name") for tag in contract.root.get("tags").elements()]
    named = [name for name in names if name.text is not None]
    for above, below in pairwise(named):
        if _order(below) < _order(above):
            yield observe(below.value_place(), identity=("tags",), name=below.text, above=above.text or "")
            return


def _order(name: Node) -> str:
    return (name.text or "").casefold()


@check(Contract)
def tag_duplicate(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each tag that has the name of an earlier one."""
    first: dict[str, Node] = {}
    for tag in contract.root.get("tags").elements():
        name = tag.get("name")
        if name.text is None:
            continue
        other = first.setdefault(name.text, name)
        if other is not name:
            yield observe(
                name.value_place(), related=[(other.value_place(), "first declared here")], name=name.text
            )


@check(Contract)
def tag_undescribed(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each tag without a description; its name may say enough to those who know the domain."""
    for tag in contract.root.get("tags").elements():
        if tag.is_map and not _is_filled(tag.get("description")):
            yield observe(tag.get("description").place(), name=tag.get("name").text or "")


def _webhooks(contract: Contract) -> tuple[PathItem, ...]:
    """The webhooks, which a contract may have since 3.1."""
    return contract.webhooks if contract.dialect in _NEWER else ()


@check(Contract)
def webhook_with_servers(contract: Contract, options: Options) -> Iterator[Observation]:
    """``servers`` in a webhook: the subscriber says where the request goes."""
    for webhook in _webhooks(contract):
        stated = [webhook.get("servers")] if webhook.template != "servers" else [webhook.key]
        stated += [operation.node.get("servers") for operation in operations_of([webhook])]
        for servers in stated:
            if servers.exists:
                known = servers.route[-2:] == ("webhooks", "servers") or len(servers.route) > 3
                yield observe(servers.place(), aliases=None if known else (), webhook=webhook.template)


@check(Contract)
def webhook_with_callbacks(contract: Contract, options: Options) -> Iterator[Observation]:
    """``callbacks`` in a webhook, which is a call back itself."""
    for webhook in _webhooks(contract):
        for operation in operations_of([webhook]):
            callbacks = operation.node.get("callbacks")
            if callbacks.exists:
                yield observe(callbacks.place(), webhook=webhook.template)


@check(Contract)
def callback_nested(contract: Contract, options: Options) -> Iterator[Observation]:
    """``callbacks`` of an operation that is a callback."""
    for operation in contract.elements.of(Role.OPERATION):
        if "callbacks" in operation.route[:-1] and operation.get("callbacks").exists:
            known = operation.route[:1] == ("paths",)
            yield observe(operation.get("callbacks").place(), aliases=None if known else ())
