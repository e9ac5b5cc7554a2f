"""What Google's API Improvement Proposals ask of each kind of method, as one table.

A row is one kind: the proposal that defines it, the verb of HTTP, the part of the request that is the body.
The ids of the linter ``api-linter`` have the number of the proposal and, where one proposal defines several
kinds, a prefix. Source: https://google.aip.dev
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from archlint.checks.proto.aip.names import api_linter
from archlint.finding.records import dataclass
from archlint.model.protobuf.methods import ApiMethod, MethodKind


class Body(Enum):
    """Which part of a request is the body."""

    NONE = "none"
    ALL = "all"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class Convention:
    """What one kind of method is like."""

    aip: str
    verbs: tuple[str, ...]
    body: Body
    prefix: str = ""
    """How the ids begin behind the number."""

    def alias(self, law: str) -> str:
        """The id of a law in ``api-linter``."""
        return api_linter(f"{self.aip}::{self.prefix}{law}")


_POST, _ALL, _NONE = ("post",), Body.ALL, Body.NONE
CUSTOM = Convention("0136", ("post", "get"), _ALL)
CONVENTIONS: Mapping[MethodKind, Convention] = {
    MethodKind.GET: Convention("0131", ("get",), _NONE),
    MethodKind.LIST: Convention("0132", ("get",), _NONE),
    MethodKind.CREATE: Convention("0133", _POST, Body.RESOURCE),
    MethodKind.UPDATE: Convention("0134", ("patch",), Body.RESOURCE),
    MethodKind.DELETE: Convention("0135", ("delete",), _NONE),
    MethodKind.CUSTOM: CUSTOM,
    MethodKind.ADD: Convention("0144", _POST, _ALL),
    MethodKind.REMOVE: Convention("0144", _POST, _ALL),
    MethodKind.RUN: Convention("0152", _POST, _ALL),
    MethodKind.COMMIT: Convention("0162", _POST, _ALL, "commit-"),
    MethodKind.ROLLBACK: Convention("0162", _POST, _ALL, "rollback-"),
    MethodKind.TAG_REVISION: Convention("0162", _POST, _ALL, "tag-revision-"),
    MethodKind.DELETE_REVISION: Convention("0162", ("delete",), _NONE, "delete-revision-"),
    MethodKind.UNDELETE: Convention("0164", _POST, _ALL),
    MethodKind.PURGE: Convention("0165", _POST, _ALL),
    MethodKind.BATCH_GET: Convention("0231", ("get",), _NONE),
    MethodKind.BATCH_CREATE: Convention("0233", _POST, _ALL),
    MethodKind.BATCH_UPDATE: Convention("0234", _POST, _ALL),
    MethodKind.BATCH_DELETE: Convention("0235", _POST, _ALL),
}
_ALSO_CUSTOM = frozenset(
    {MethodKind.ADD, MethodKind.REMOVE, MethodKind.RUN, MethodKind.UNDELETE, MethodKind.PURGE}
)
"""Kinds that are actions of their own as well, of which AIP-136 says what it says of all."""


def conventions_of(method: ApiMethod) -> tuple[Convention, ...]:
    """What a method has to be like, by its own kind first."""
    own = CONVENTIONS.get(method.kind)
    if own is None:
        return ()
    return (own, CUSTOM) if method.kind in _ALSO_CUSTOM else (own,)
