"""Whether two sides have anything that can be compared: a mistyped path must not pass for a verdict."""

from __future__ import annotations

from archlint.comparison.contract_kinds import CONTRACT_KINDS, CONTRACTS
from archlint.files import Kind
from archlint.model.world import World

_EXAMPLE = "such as `archlint breaking HEAD~1:api/openapi.yaml api/openapi.yaml`"


def nothing_compared(base: World, revision: World) -> str | None:
    """Why nothing was compared, and what to type; ``None`` if something was, or a finding tells why not."""
    if base.problems or revision.problems:
        return None
    for side, world in (("BASE", base), ("REVISION", revision)):
        for path in sorted(world.named):
            if world.kinds.get(path) not in CONTRACTS:
                return (
                    f"nothing was compared: {side} is no contract{_hint(world.kinds.get(path))}. "
                    f"Name a contract ({_every_kind()}), {_EXAMPLE}."
                )
    old, new = _kinds(base), _kinds(revision)
    if not old and not new:
        return (
            f"nothing was compared: neither BASE nor REVISION holds a contract ({_every_kind()}). "
            f"Name the files or folders that do, {_EXAMPLE}."
        )
    if base.named and old.isdisjoint(new):
        return (
            f"nothing was compared: BASE is {_words(old)} and REVISION is {_words(new)}. "
            "Name two revisions of one contract."
        )
    return None


def _kinds(world: World) -> set[Kind]:
    return {kind for kind in world.kinds.values() if kind in CONTRACTS}


def _every_kind() -> str:
    *most, last = (contract.called for contract in CONTRACT_KINDS.values())
    return f"{', '.join(most)} or {last}"


def _words(kinds: set[Kind]) -> str:
    return " and ".join(sorted(CONTRACT_KINDS[kind].called for kind in kinds))


def _hint(kind: Kind | None) -> str:
    if kind is Kind.ASYNCAPI:
        return " that is compared (AsyncAPI)"
    return "" if kind in (None, Kind.OTHER, Kind.DATA) else f" ({kind.value})"
