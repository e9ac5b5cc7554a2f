"""Properties that are marked for one direction and stand in the other one alone."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import together
from archlint.documents import Node
from archlint.finding import Route
from archlint.model.openapi import Contract, Direction
from archlint.model.openapi.sending import Sending, Unsent

_MOST_NAMED = 5
_MOST_RELATED = 10


@check(Contract)
def property_never_sent(contract: Contract, options: Options) -> Iterator[Observation]:
    """Read-only properties that only requests reach, or write-only ones that only responses do: one finding
    for each schema that goes by a name, or body that has one in place."""
    homes: dict[tuple[Direction, Route], list[Unsent]] = {}
    for unsent in Sending(contract).unsent():
        homes.setdefault((unsent.direction, _home(contract, unsent.mark)), []).append(unsent)
    for (direction, home), found in homes.items():
        yield _of_home(contract, direction, home, found)


def _of_home(contract: Contract, direction: Direction, home: Route, found: list[Unsent]) -> Observation:
    first, *others = sorted(found, key=lambda unsent: unsent.mark.place().span())
    operations = list(dict.fromkeys(user for unsent in found for user in unsent.operations))
    names = list(dict.fromkeys(unsent.name for unsent in (first, *others)))
    is_component = home[:-1] == contract.schemas_home.route
    inline = f"the {direction.value} of {operations[0].method} {operations[0].path}"
    return observe(
        first.mark.place(),
        direction.value if len(names) == 1 else f"{direction.value}-many",
        related=[(unsent.mark.place(), f"so is '{unsent.name}'") for unsent in others[:_MOST_RELATED]],
        operations=operations,
        identity=(*contract.document.names(home), *contract.document.names(first.mark.route)[-1:]),
        names=together(names, _MOST_NAMED),
        schema=f"schema '{home[-1]}'" if is_component else inline,
    )


def _home(contract: Contract, mark: Node) -> Route:
    """The schema with a name that holds a mark, else the body, parameter or header."""
    schemas = contract.schemas_home.route
    if mark.route[: len(schemas)] == schemas:
        return mark.route[: len(schemas) + 1]
    end = mark.route.index("schema") + 1 if "schema" in mark.route else len(mark.route)
    return mark.route[:end]
