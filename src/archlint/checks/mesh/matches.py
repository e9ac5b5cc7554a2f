"""Routes and matches that an earlier one leaves nothing to."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.mesh.heads import head
from archlint.documents import Node
from archlint.model.istio.matches import Cover, CoveredMatch, CoveredRoute

NEEDS = ("istio.io",)

_UNREACHABLE = {
    Cover.EVERYTHING: ["istio:IST0130"],
    Cover.SAME: ["istio:IST0130", "istio:IST0131"],
    Cover.PREFIX: ["istio:IST0131"],
    Cover.EXACT: [],
}


@check(CoveredRoute)
def route_unreachable(route: CoveredRoute, options: Options) -> Iterator[Observation]:
    """A route all of whose matches earlier routes take."""
    if route.is_unreachable and not _is_within(route):
        first = route.covered[0]
        covers = {item.cover for item in route.covered}
        aliases = sorted({alias for cover in covers for alias in _UNREACHABLE[cover]})
        message = "prefix" if first.cover is Cover.EXACT else first.cover.value
        yield _told(route, first, message, aliases)


@check(CoveredRoute)
def match_ineffective(route: CoveredRoute, options: Options) -> Iterator[Observation]:
    """One match of a route that earlier matches take."""
    if not route.is_unreachable or _is_within(route):
        for covered in route.covered:
            aliases = [] if covered.cover is Cover.EXACT else ["istio:IST0131"]
            yield _told(route, covered, "default", aliases)


def _is_within(route: CoveredRoute) -> bool:
    """Whether what takes the matches is in the same route, so that it is reached all the same."""
    return any(item.earlier.node.is_below(route.route.node) for item in route.covered)


def _told(route: CoveredRoute, covered: CoveredMatch, message: str, aliases: list[str]) -> Observation:
    earlier = covered.earlier.node
    return observe(
        covered.match.node.place(),
        message,
        related=[(earlier.place(), "this comes first"), head(route.base)],
        identity=(route.route.protocol, *_identity(covered.match.node)),
        aliases=aliases,
        name=route.name,
        protocol=route.route.protocol,
        what=_words(covered.match.path),
        first=_words(covered.earlier.path),
    )


def _identity(node: Node) -> tuple[str, ...]:
    return tuple(str(part) for part in node.document.names(node.route))


def _words(path: Node) -> str:
    """What a match asks for, in words."""
    for key, value in path.items():
        if value.text is not None:
            return f"uri {key} '{value.text}'"
    return "the same conditions"
