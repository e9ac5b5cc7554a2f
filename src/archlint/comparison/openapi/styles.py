"""Compares how values are written as text: style, explode and what else decides how a parameter looks in a
URL, a header or a form. 2.0 says with one keyword what later versions say with two."""

from __future__ import annotations

from archlint.comparison.openapi.changes import Containment
from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import SerializationChanged
from archlint.documents import MISSING, Node
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Dialect, Direction, Parameter
from archlint.model.openapi.elements import types_of
from archlint.model.openapi.members import kinds_of, parts_of

_COLLECTIONS = {
    "csv": ("form", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
    "tsv": ("tabDelimited", False),
}
"""``collectionFormat`` of 2.0 as style and explode."""
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


@dataclass(frozen=True)
class Style:
    """How a value with several parts is written."""

    name: str
    is_exploded: bool

    def __str__(self) -> str:
        return f"{self.name}, {'exploded' if self.is_exploded else 'not exploded'}"


def style_of(node: Node, location: str, dialect: Dialect | None) -> Style:
    """The style of a parameter or header as it is in force."""
    default = _STYLES.get(location, "form")
    if dialect is Dialect.V2_0:
        name, is_exploded = _COLLECTIONS.get(node.get("collectionFormat").text or "csv", ("form", False))
        return Style(default if name == "form" else name, is_exploded)
    style = node.get("style").text or default
    explode = node.get("explode").value
    return Style(style, explode if isinstance(explode, bool) else style == "form")


def compare_styles(contracts: ContractPair, pair: OperationPair, old: Parameter, new: Parameter) -> None:
    """Tell of a parameter that is written otherwise now."""
    contents = (_content(old.node), _content(new.node))
    if contents[0] != contents[1]:
        _tell(contracts, pair, (old, new), ("content", contents[0] or "text", contents[1] or "text"))
        return
    if contents[0]:
        return
    if _has_parts(old, contracts.base):
        before = style_of(old.node, old.location, contracts.base.dialect)
        after = style_of(new.node, new.location, contracts.revision.dialect)
        if before != after and _has_parts(new, contracts.revision):
            keyword = next(
                (key for key in ("style", "explode", "collectionFormat") if new.node.get(key).exists), "style"
            )
            _tell(contracts, pair, (old, new), (keyword, str(before), str(after)))
    for keyword in ("allowReserved", "allowEmptyValue"):
        was, now = (side.node.get(keyword).value is True for side in (old, new))
        if new.location == "query" and was is not now:
            words = (keyword, str(was).lower(), str(now).lower())
            _tell(contracts, pair, (old, new), words, Containment.WIDER if now else Containment.NARROWER)


def _tell(
    contracts: ContractPair,
    pair: OperationPair,
    parameters: tuple[Parameter, Parameter],
    words: tuple[str, str, str],
    accepts: Containment = Containment.INCOMPARABLE,
) -> None:
    """``words``: the keyword, what it was, and what it is."""
    keyword, was, now = words
    old, new = (parameter.node for parameter in parameters)
    stated = new.get(keyword)
    change = SerializationChanged(
        at=(stated if stated.exists else new).place(),
        was=old.get(keyword).place(),
        about=contracts.names.about(new),
        where=contracts.names.label(new),
        realm=pair.realm,
        direction=Direction.REQUEST,
        name=parameters[1].name,
        location=f"{parameters[1].location} parameter",
        keyword=keyword,
        old=was,
        new=now,
        accepts=accepts,
    )
    contracts.report(change, pair.name, None)


def _content(node: Node) -> str:
    """The media type that a parameter is written in; empty if it has a style instead."""
    return next((name.partition(";")[0].strip().lower() for name, _ in node.get("content").items()), "")


def _has_parts(parameter: Parameter, contract: Contract) -> bool:
    return not kinds_of(contract, parameter.schema).isdisjoint(("array", "object"))


def is_array(schema: Node, contract: Contract) -> bool:
    """Whether a schema takes lists and nothing else but null, wherever it says so."""
    return kinds_of(contract, schema) - {"null"} == {"array"}


def may_be_array(schema: Node, contract: Contract) -> bool:
    """Whether a schema takes lists, as far as can be told without taking it apart."""
    parts = [*parts_of(contract, schema)]
    stated = [types for types in (types_of(part.value) for part in parts) if types]
    if stated:
        return all("array" in types for types in stated)
    return any(part.get(name).exists for part in parts for name in ("items", "anyOf", "oneOf"))


def is_exploded(parameter: Parameter) -> bool:
    """Whether a query parameter is written once for each of its parts."""
    style, explode = parameter.node.get("style"), parameter.node.get("explode")
    return (
        parameter.location == "query"
        and parameter.node.get("schema").exists
        and style.value in (MISSING, "form")
        and explode.value in (MISSING, True)
    )


def exploded_fields(parameter: Parameter, contract: Contract) -> dict[str, Node]:
    """The members of an object that a query writes as parameters of their own; none if it does not."""
    schema = contract.references.follow(parameter.schema).node
    if contract.dialect is Dialect.V2_0 or schema.get("type").value not in ("object", ["object"]):
        return {}
    style = style_of(parameter.node, parameter.location, contract.dialect)
    return dict(schema.get("properties").items()) if style == Style("form", True) else {}
