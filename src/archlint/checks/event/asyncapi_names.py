"""Names that an AsyncAPI document uses and does not define, or defines twice: parameters, servers, security
schemes, identifiers, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.event.spectral import element_of, looked_at, looks_for_tags, rule_of
from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.place import steps_of
from archlint.finding.regex import regex
from archlint.finding.words import quoted
from archlint.model.asyncapi import AsyncDescription, Piece, is_reference, is_replaced
from archlint.model.openapi import reference_text

_VARIABLE = regex(r"\{([^{}]*+)\}")
_SCHEMES = ("components", "securitySchemes")


def variables_of(text: str | None) -> list[str]:
    """The names in braces, each once."""
    return list(dict.fromkeys(name for name in _VARIABLE.findall(text or "") if name))


@check(AsyncDescription)
def asyncapi_channel_parameter_wrong(
    description: AsyncDescription, options: Options
) -> Iterator[Observation]:
    """Parameters and the address that they are for disagree."""
    for address, channel in _addressed(description):
        used = variables_of(address)
        parameters = channel.get("parameters")
        known = None if used and parameters.exists else ()
        yield from _disagreements(used, parameters, address, known)


def _addressed(description: AsyncDescription) -> Iterator[tuple[str, Node]]:
    """The channels with their addresses: before version 3 the key under which a channel is listed, whatever
    component it refers to, or of a component that has parameters and such a key."""
    if description.is_third:
        for channel in description.pieces.of(Piece.CHANNEL):
            if channel.get("address").text is not None:
                yield channel.get("address").text or "", channel
    else:
        for address, entry in description.at("channels").items():
            if description.pieces.part_of(description.meant(entry)) is Piece.CHANNEL:
                yield address, description.meant(entry)
        for key, entry in description.at("components", "channels").items():
            if variables_of(key) and entry.get("parameters").is_map:
                yield key, entry


def _disagreements(
    used: list[str], defined: Node, text: str, aliases: tuple[str, ...] | None
) -> Iterator[Observation]:
    if is_replaced(defined) or (defined.exists and not defined.is_map):
        return  # which is told
    lacking = [name for name in used if not defined.get(name).exists]
    if lacking:
        names = ", ".join(quoted(lacking))
        yield observe(defined.place(), "undefined", aliases=aliases, address=text, names=names)
    for name, entry in defined.items():
        if name not in used:
            yield observe(entry.place(), "unused", aliases=aliases, address=text, name=name)


@check(AsyncDescription)
def asyncapi_server_variable_wrong(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Variables and the URL that they are for disagree, or a default is none of the values."""
    for server in description.pieces.of(Piece.SERVER):
        texts = [server.get(name).text for name in description.address_fields]
        if texts[0] is None:
            continue
        known = () if description.is_third else None
        text = "".join(each or "" for each in texts)
        used = variables_of(text)
        yield from _disagreements(used, server.get("variables"), text, known)
        for name, entry in server.get("variables").items():
            variable = description.meant(entry)
            default, allowed = variable.get("default"), variable.get("enum")
            if default.text is not None and allowed.is_list and default.value not in allowed.value:
                yield observe(
                    default.value_place(),
                    "value",
                    aliases=known,
                    name=name,
                    value=default.text,
                    allowed=", ".join(quoted(allowed.value)) or "nothing",
                )


@check(AsyncDescription)
def asyncapi_server_unknown(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Servers of channels that the document does not have."""
    aliases = rule_of(description, "channel-servers")
    if not description.is_stated("servers"):
        return
    names = [name for name, _ in description.at("servers").items()]
    known = {("servers", name) for name in names}
    for channel in description.pieces.of(Piece.CHANNEL):
        is_listed = channel.route[:1] == ("channels",) and channel.document is description.document
        for server in channel.get("servers").elements() if is_listed else ():
            stated = server.get("$ref") if description.is_third else server
            name = stated.text
            if name is None or (description.is_third and not name.startswith("#")):
                continue  # a server of another file
            asked = tuple(steps_of(name[1:])) if description.is_third else ("servers", name)
            if asked not in known:
                yield observe(
                    stated.value_place(),
                    aliases=aliases,
                    identity=(*description.document.names(channel.route), name),
                    name=name,
                    servers=", ".join(quoted(names)) or "none",
                )


@check(AsyncDescription)
def asyncapi_security_undefined(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Security schemes, and scopes of theirs, that are asked for and not defined."""
    if not description.is_stated(*_SCHEMES):
        return
    seen = looked_at(description)
    for part in (Piece.SERVER, Piece.OPERATION, Piece.OPERATION_TRAIT):
        for owner in description.pieces.of(part):
            for each in owner.get("security").elements():
                if _is_by_name(each):
                    is_known = part is Piece.OPERATION or not description.is_third
                    is_known = is_known and part is not Piece.OPERATION_TRAIT and element_of(owner) in seen
                    known = rule_of(description, f"{part}-security") if is_known else ()
                    yield from _by_name(description, each, known)
                elif description.is_third:
                    yield from _third(description, owner, each)


def _is_by_name(requirement: Node) -> bool:
    """Whether a requirement goes from names of schemes to scopes, as in version 2, or later by mistake."""
    return requirement.is_map and all(scopes.is_list for _, scopes in requirement.items())


def _by_name(
    description: AsyncDescription, requirement: Node, aliases: tuple[str, ...]
) -> Iterator[Observation]:
    schemes = dict(description.at(*_SCHEMES).items())
    for name, scopes in requirement.items():
        if name in schemes:
            yield from _scopes(description.meant(schemes[name]), name, scopes, aliases)
        else:
            known = ", ".join(quoted(schemes)) or "none"
            yield observe(scopes.place(), aliases=aliases, name=name, schemes=known)


def _scopes(scheme: Node, name: str, wanted: Node, aliases: tuple[str, ...]) -> Iterator[Observation]:
    flows = [flow for _, flow in scheme.get("flows").items()]
    lists = [flow.get(word) for flow in flows for word in ("scopes", "availableScopes")]
    is_known = not any(map(is_reference, (scheme.get("flows"), *flows, *lists)))
    if scheme.get("type").text != "oauth2" or not is_known:
        return
    offered = {scope for each in lists for scope, _ in each.items()}
    for scope in wanted.elements():
        if scope.text is not None and scope.text not in offered:
            yield observe(
                scope.value_place(),
                "scope",
                aliases=aliases,
                identity=(*scope.document.names(wanted.route), scope.text),
                scope=scope.text,
                name=name,
                offered=", ".join(quoted(sorted(offered))) or "none",
            )


def _third(description: AsyncDescription, owner: Node, scheme: Node) -> Iterator[Observation]:
    """In version 3 requirements are schemes, or references to those in ``components``."""
    text = reference_text(scheme)
    if text is None:
        if scheme.get("scopes").is_list:
            name = scheme.get("description").text or "this scheme"
            yield from _scopes(scheme, name, scheme.get("scopes"), ())
        return
    is_scheme = text.startswith("#/components/securitySchemes/") and description.meant(scheme).exists
    if text.startswith("#") and not is_scheme:
        yield observe(
            scheme.get("$ref").value_place(),
            aliases=(),
            identity=(*description.document.names(owner.route), text),
            name=text,
            schemes=", ".join(quoted(name for name, _ in description.at(*_SCHEMES).items())) or "none",
        )


@check(AsyncDescription)
def asyncapi_operation_id_duplicate(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each operation of version 2 with the ``operationId`` of an earlier one."""
    if not description.is_third:
        yield from _repeated(description, description.operations, "operationId")


@check(AsyncDescription)
def asyncapi_message_id_duplicate(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each message of version 2 with the ``messageId`` of an earlier one; a message may be used twice."""
    if not description.is_third:
        messages = (
            message for operation in description.operations for message in description.messages_of(operation)
        )
        yield from _repeated(description, messages, "messageId")


def _repeated(description: AsyncDescription, owners: Iterable[Node], field: str) -> Iterator[Observation]:
    first: dict[str, Place] = {}
    seen = set()
    for owner in owners:
        found = description.named(owner, field)
        if found is None or (owner.document, owner.route) in seen:
            continue
        seen.add((owner.document, owner.route))
        place, name = found
        if name in first:
            yield observe(
                place,
                related=[(first[name], "first used here")],
                identity=(*description.document.names(owner.route), name),
                name=name,
            )
        first.setdefault(name, place)


@check(AsyncDescription)
def asyncapi_tag_duplicate(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each tag that has the name of an earlier one of the same list."""
    for tags in description.tagged():
        known = rule_of(description, "tags-uniqueness") if looks_for_tags(description, tags) else ()
        first: dict[str, Node] = {}
        for tag in tags.elements():
            name = description.meant(tag).get("name")
            held = tag.get("$ref") if is_reference(tag) else name
            if name.text is None:
                continue
            other = first.setdefault(name.text, held)
            if other is not held:
                yield observe(
                    held.value_place(),
                    related=[(other.value_place(), "first listed here")],
                    identity=(*description.document.names(tags.route), name.text),
                    aliases=known,
                    name=name.text,
                )
