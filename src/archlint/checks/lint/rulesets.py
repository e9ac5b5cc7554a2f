"""What is wrong with rulesets of Spectral."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.rulesets.faults import FaultyRuleset
from archlint.model.world import World

NEEDS = ("ruleset",)


@join(FaultyRuleset)
def ruleset_invalid(faulty: FaultyRuleset, world: World, options: Options) -> Iterator[Observation]:
    """A part of a ruleset that is not as it must be."""
    text = faulty.fault.text
    yield observe(faulty.place, identity=(text,), problem=f"{text[0].upper()}{text[1:]}".rstrip("."))
