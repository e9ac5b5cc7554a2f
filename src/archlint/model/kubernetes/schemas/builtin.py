"""The shapes of Kubernetes' own kinds, of the types that a run meets."""

from __future__ import annotations

from functools import lru_cache

from archlint.documents.kubernetes.definitions import definitions
from archlint.model.kubernetes.schemas.shape import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    LIST,
    MAP,
    NUMBER,
    STRING,
    Shape,
)

_PLAIN = {
    "s": Shape(STRING, "a string"),
    "t": Shape(STRING, "a time such as '2030-01-31T12:00:00Z'", limits={"format": "datetime"}),
    "y": Shape(STRING, "a string of base64"),
    "b": Shape(BOOLEAN, "true or false"),
    "i": Shape(INTEGER, "an integer"),
    "n": Shape(NUMBER, "a number"),
    "p": Shape(INTEGER | STRING, "an integer or a string"),
    "q": Shape(NUMBER | STRING, "a quantity such as '500m' or '1Gi'"),
    "o": Shape(MAP, "a map", rest=ANYTHING),
    "x": ANYTHING,
}
METADATA = "#pkg.apis.meta.v1.ObjectMeta"
ASIDE = frozenset({"DeleteOptions", "WatchEvent"})
"""Kinds that are in every group of Kubernetes' machinery, and are no resources."""


@lru_cache(maxsize=4096)
def shape_of(written: str, minor: int) -> Shape:
    """The shape of a type, as ``definitions`` writes it, in Kubernetes 1.minor."""
    plain = _PLAIN.get(written)
    if plain is not None:
        return plain
    inner = written[1:]
    if written[0] == "[":
        return Shape(LIST, "a list", items=shape_of(inner.partition("|")[0], minor))
    if written[0] == "{":
        return Shape(MAP, "a map", rest=shape_of(inner, minor))
    fields = dict(definitions().fields(inner, minor))
    required = tuple(name for name, kind in fields.items() if kind[-1] == "!")

    def make() -> dict[str, Shape]:
        return {name: shape_of(kind.rstrip("!"), minor) for name, kind in fields.items()}

    return Shape(MAP, "a map", make=make, required=required, name=inner)


@lru_cache(maxsize=1024)
def builtin_shape(api_version: str, kind: str, minor: int) -> Shape | None:
    """The shape of a kind in Kubernetes 1.minor; ``None`` if it is not there."""
    written = definitions().type_of(api_version, kind, minor)
    return None if written is None else shape_of(written, minor)


@lru_cache(maxsize=1)
def builtin_kinds() -> dict[str, dict[str, frozenset[str]]]:
    """The kinds of each API group that are resources, with the versions of the group that have them."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for name in definitions().kinds:
        api_version, _, kind = name.partition(" ")
        if kind not in ASIDE:
            kinds = found.setdefault(api_version.rpartition("/")[0], {})
            kinds[kind] = kinds.get(kind, frozenset()) | {api_version}
    return found
