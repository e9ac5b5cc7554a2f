"""What an AsyncAPI document tells its readers: who answers for it, what its parts are for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from unicodedata import combining, normalize

from archlint.checks import Observation, Options, check, observe
from archlint.checks.event.spectral import element_of, looked_at, rule_of
from archlint.documents import Node
from archlint.finding.words import quoted
from archlint.model.asyncapi import AsyncDescription, Piece, is_reference


def _is_filled(node: Node) -> bool:
    """Whether there is a value that says something; an empty map is at least a beginning."""
    return node.is_set and (node.is_map or node.is_list or bool(node.value))


@check(AsyncDescription)
def asyncapi_description_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A document without ``info.description``."""
    yield from _of_info(description, "description")


@check(AsyncDescription)
def asyncapi_contact_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A document without ``info.contact``."""
    yield from _of_info(description, "contact")


@check(AsyncDescription)
def asyncapi_contact_incomplete(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A contact that lacks one of the ways to reach it."""
    contact = description.at("info", "contact")
    lacking = [name for name in options["require"] if not _is_filled(contact.get(name))]
    if description.is_stated("info", "contact") and contact.is_map and lacking:
        yield observe(contact.place(), lacking=" and ".join(quoted(lacking)))


@check(AsyncDescription)
def asyncapi_license_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A document without ``info.license``."""
    yield from _of_info(description, "license")


def _of_info(description: AsyncDescription, field: str) -> Iterator[Observation]:
    stated = description.at("info", field)
    if description.is_stated("info", field) and not _is_filled(stated):
        yield observe(stated.place())


@check(AsyncDescription)
def asyncapi_license_url_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A licence that does not say where its text is."""
    licence = description.at("info", "license")
    if description.is_stated("info", "license") and licence.is_map and not _is_filled(licence.get("url")):
        yield observe(licence.get("url").place(), name=licence.get("name").text or "the licence")


@check(AsyncDescription)
def asyncapi_operation_undescribed(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Operations without a description."""
    aliases = rule_of(description, "operation-description")
    for operation in description.operations:
        if not _is_filled(_with_traits(description, operation, "description")):
            place = operation.get("description").place()
            yield observe(place, aliases=aliases, name=_called(description, operation))


def _with_traits(description: AsyncDescription, operation: Node, field: str) -> Node:
    """A field of an operation, or of a trait that gives it one; nobody knows what traits that are a reference
    give it."""
    own = operation.get(field)
    if is_reference(operation.get("traits")):
        return operation.get("traits")
    others = (description.meant(trait).get(field) for trait in operation.get("traits").elements())
    return next((node for node in (own, *others) if _is_filled(node)), own)


def _called(description: AsyncDescription, operation: Node) -> str:
    *_, owner, name = ("", "", *map(str, operation.route))
    return f"'{name}'" if description.is_third else f"'{name}' of '{owner}'"


@check(AsyncDescription)
def asyncapi_operation_id_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Operations of version 2 without an ``operationId``."""
    for operation in description.operations if not description.is_third else ():
        if not _is_filled(_with_traits(description, operation, "operationId")):
            place = operation.get("operationId").place()
            yield observe(place, name=_called(description, operation))


@check(AsyncDescription)
def asyncapi_parameter_undescribed(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Parameters of channels without a description."""
    seen = looked_at(description)
    for parameter in description.pieces.of(Piece.PARAMETER):
        if not _is_filled(parameter.get("description")):
            known = None if element_of(parameter) in seen else ()
            name = parameter.route[-1] if parameter.route else ""
            yield observe(parameter.get("description").place(), aliases=known, name=name)


@check(AsyncDescription)
def asyncapi_payload_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Messages that say nothing of what is in them, and channels that name no message."""
    for message in description.pieces.of(Piece.MESSAGE):
        is_choice = not description.is_third and message.get("oneOf").exists
        if not is_choice and _has_known_traits(description, message):
            payload = description.stated(message, "payload")
            if not payload.exists or payload.value is None:
                yield observe(message.place())
    for owner, field in _carriers(description):
        if owner.is_map and not owner.get(field).value and not is_reference(owner):
            yield observe(owner.place(), "nothing", field=field)


def _has_known_traits(description: AsyncDescription, message: Node) -> bool:
    traits = (description.meant(each) for each in message.get("traits").elements())
    return not is_reference(message.get("traits")) and all(
        each.is_map and not is_reference(each) for each in traits
    )


def _carriers(description: AsyncDescription) -> Iterator[tuple[Node, str]]:
    """What has to name messages: operations in version 2, channels of operations in version 3."""
    for operation in description.operations:
        if not description.is_third:
            yield operation, "message"
    used = {element_of(description.meant(each.get("channel"))) for each in description.operations}
    for channel in description.pieces.of(Piece.CHANNEL) if description.is_third else ():
        if element_of(channel) in used:
            yield channel, "messages"


def _tags(description: AsyncDescription) -> Node:
    """The tags of the document itself."""
    return description.at("info", "tags") if description.is_third else description.at("tags")


@check(AsyncDescription)
def asyncapi_tag_list_missing(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A document without tags."""
    tags = _tags(description)
    if not (tags.is_list and tags.value):
        is_known = not _is_filled(tags) and (description.at("info").is_map or not description.is_third)
        yield observe(tags.place(), aliases=rule_of(description, "tags") if is_known else ())


@check(AsyncDescription)
def asyncapi_tag_undescribed(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Tags of the document without a description."""
    for entry in _tags(description).elements():
        tag = description.meant(entry)
        if tag.is_map and not _is_filled(tag.get("description")):
            place = entry.place() if is_reference(entry) else tag.get("description").place()
            aliases = rule_of(description, "tag-description")
            yield observe(place, aliases=aliases, name=tag.get("name").text or "")


@check(AsyncDescription)
def asyncapi_tags_unsorted(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """The first tag of the document that belongs before the one above it."""
    named = []
    for entry in _tags(description).elements():
        name = description.meant(entry).get("name").text
        if name is not None:
            named.append((entry, name))
    for (_, above), (entry, name) in pairwise(named):
        if _order(name) < _order(above):
            stated = entry.get("$ref") if is_reference(entry) else entry.get("name")
            aliases = rule_of(description, "tags-alphabetical")
            yield observe(stated.value_place(), identity=("tags",), aliases=aliases, name=name, above=above)
            return


@check(AsyncDescription)
def asyncapi_version_old(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """A document of an older version than is asked for."""
    stated = description.root.get("asyncapi")
    version = description.version
    if version is not None and _number(version) < _number(options["least"]):
        yield observe(stated.value_place(), version=version, least=options["least"])


def _order(name: str) -> str:
    """What a name is sorted by: accents count as little as capitals."""
    return "".join(sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
