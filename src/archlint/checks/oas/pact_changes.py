"""What a change of contracts takes from the consumers whose Pact files are held against it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.comparison.evidence.expectations import BrokenExpectation


@change(BrokenExpectation)
def pact_broken(found: BrokenExpectation, options: Options) -> Iterator[Observation]:
    """What a consumer has from the contract at the base and not from that of the revision."""
    from archlint.checks.oas.pact_breaks import observed_break

    yield observed_break(found)
