"""Properties that are marked for one direction and stand in the other one alone."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.openapi import Contract
from archlint.model.openapi.sending import Sending


@check(Contract)
def property_never_sent(contract: Contract, options: Options) -> Iterator[Observation]:
    """A read-only property that only requests reach, or a write-only one that only responses do."""
    for unsent in Sending(contract).unsent():
        yield observe(
            unsent.mark.place(),
            unsent.way.value,
            operations=unsent.operations,
            identity=contract.document.names(unsent.mark.route),
            name=unsent.name,
        )
