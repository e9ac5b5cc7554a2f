"""Compares bodies: of requests, and the content of responses, by media type."""

from __future__ import annotations

from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair, OperationPart
from archlint.comparison.openapi.element_changes import (
    Happening,
    MediaTypeChanged,
    RequestBodyChanged,
)
from archlint.comparison.openapi.encodings import compare_encodings
from archlint.comparison.openapi.forms import compare_forms, has_form
from archlint.comparison.openapi.media import (
    ITEMS,
    compare_presence,
    is_form,
    is_json,
    is_plain_text,
    match_media,
    naming_of,
)
from archlint.comparison.openapi.plain_schemas import without_files
from archlint.documents import Node
from archlint.model.openapi import Body, Contract, Direction


def compare_request(contracts: ContractPair, pair: OperationPair) -> None:
    """Tell how the bodies of requests differ."""
    if has_form(pair.base) or has_form(pair.revision):
        compare_forms(contracts, pair)
        return
    old, new = pair.base.request_body, pair.revision.request_body
    if old is None and new is None:
        return
    if old is None or new is None:
        body_appeared(contracts, pair, old, new)
        return
    if old.is_required is not new.is_required:
        what = Happening.REQUIRED if new.is_required else Happening.OPTIONAL
        stated = new.node.get("required")
        change = RequestBodyChanged(
            at=stated.place(),
            was=old.node.get("required").place(),
            about=contracts.names.about(new.node),
            where=contracts.names.label(new.node),
            realm=pair.realm,
            what=what,
            is_required=new.is_required,
        )
        contracts.report(change, pair.name, None)
    compare_content(contracts, pair, Direction.REQUEST, old, new)


def body_appeared(contracts: ContractPair, pair: OperationPair, old: Body | None, new: Body | None) -> None:
    """Tell of a body that only one of the sides has."""
    stated = new if new is not None else old
    if stated is None:
        return
    gone = pair.revision.node.get("requestBody")
    change = RequestBodyChanged(
        at=new.declared.place() if new is not None else gone.place(),
        was=old.declared.place() if old is not None else pair.base.node.place(),
        about=contracts.names.about(new.declared) if new is not None else pair.revision.object,
        where=contracts.names.label(new.declared) if new is not None else pair.revision.object.name,
        realm=pair.realm,
        what=Happening.ADDED if new is not None else Happening.REMOVED,
        is_required=stated.is_required,
    )
    contracts.report(change, pair.name, None)


def compare_content(
    contracts: ContractPair, pair: OperationPair, direction: Direction, old: Body, new: Body
) -> None:
    """Tell how the media types of two bodies differ, and compare their schemas."""
    matched = match_media(old.content, new.content)
    for before, after in matched.pairs:
        naming = naming_of(before, after)
        if naming is not None:
            _media(contracts, pair, direction, (old, new), (Happening.CHANGED, (before,), after))
        _compare_media(contracts, pair, direction, (old, new), (before, after))
    if matched.removed:
        _media(contracts, pair, direction, (old, new), (Happening.REMOVED, matched.removed, ""))
    if matched.added:
        _media(contracts, pair, direction, (old, new), (Happening.ADDED, matched.added, ""))


def _compare_media(
    contracts: ContractPair,
    pair: OperationPair,
    direction: Direction,
    bodies: tuple[Body, Body],
    names: tuple[str, str],
) -> None:
    old, new = bodies
    base, revision = old.content[names[0]], new.content[names[1]]
    part = _part(direction, names)
    schemas = without_files(contracts, base, revision) if all(map(is_form, names)) else (base, revision)
    pair.add_schemas(contracts, *schemas, part)
    compare_presence(contracts, pair, direction, (base, revision), "schema")
    medias = (_media_of(contracts.base, old, names[0]), _media_of(contracts.revision, new, names[1]))
    items = (medias[0].get(ITEMS), medias[1].get(ITEMS))
    pair.add_schemas(contracts, *items, part, is_named=False)
    compare_presence(contracts, pair, direction, items, ITEMS)
    if all(map(is_form, names)):
        compare_encodings(contracts, pair, direction, medias)


def _part(direction: Direction, names: tuple[str, str]) -> str:
    is_request = direction is Direction.REQUEST
    if all(map(is_json, names)):
        return OperationPart.REQUEST_BODY if is_request else OperationPart.RESPONSE_BODY
    if all(map(is_plain_text, names)):
        return OperationPart.PLAIN_BODY if is_request else OperationPart.PLAIN_RESPONSE
    return OperationPart.TEXT_BODY if is_request else OperationPart.TEXT_RESPONSE


def _media_of(contract: Contract, body: Body, name: str) -> Node:
    return contract.references.follow(body.node.get("content", name)).node


def _media(
    contracts: ContractPair,
    pair: OperationPair,
    direction: Direction,
    bodies: tuple[Body, Body],
    media: tuple[Happening, tuple[str, ...], str],
) -> None:
    """``media``: what became of which names, and what the first of them is called now."""
    what, names, renamed = media
    old, new = bodies
    is_whole = not (new.content if what is Happening.REMOVED else old.content)
    is_listed = contracts.base.is_v2 and contracts.revision.is_v2 and not is_whole
    home = new.node.get("content")
    at = home.get(renamed or names[0]) if what is not Happening.REMOVED else home
    was = old.node.get("content")
    was = was if what is Happening.ADDED else was.get(names[0])
    about, where = contracts.names.about(home), contracts.names.label(new.node)
    if is_listed:
        at, was = _lists(contracts, pair, direction)
        is_own = bool(at.route[:-1] or was.route[:-1])
        about = pair.revision.object if is_own else contracts.revision.object
        where = f"the {direction.value} of {about.name}" if is_own else f"each {direction.value}"
    change = MediaTypeChanged(
        at=at.place(),
        was=was.place(),
        about=about,
        where=where,
        realm=pair.realm,
        what=what,
        direction=direction,
        names=names,
        renamed=renamed,
        naming=naming_of(names[0], renamed) if renamed else None,
        is_whole=is_whole,
    )
    contracts.report(change, pair.name, None)


def _lists(contracts: ContractPair, pair: OperationPair, direction: Direction) -> tuple[Node, Node]:
    """Where 2.0 lists the media types of an operation, now and before: one list for all its responses."""
    key = "consumes" if direction is Direction.REQUEST else "produces"
    own = (pair.revision.node.get(key), pair.base.node.get(key))
    homes = (contracts.revision.root.get(key), contracts.base.root.get(key))
    if not own[0].exists and not own[1].exists:
        return homes
    return own[0], own[1] if own[1].exists else homes[1] if homes[1].exists else own[1]
