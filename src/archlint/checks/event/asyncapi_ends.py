"""Two applications of one repository that describe what goes from one to the other otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.event.asyncapi_changes import LONGEST, edited, worded_field
from archlint.checks.event.wording import shown
from archlint.comparison.asyncapi.ends import EventRefused, refused_events
from archlint.finding.words import number_of
from archlint.model.asyncapi import AsyncDescription
from archlint.model.world import World


@join(AsyncDescription)
def asyncapi_payload_refused(
    description: AsyncDescription, world: World, options: Options
) -> Iterator[Observation]:
    """A value that another application sends to this one, and that this one does not take."""
    for found in world.fact(refused_events).get(description.document, ()):
        yield _observed(found)


def _observed(found: EventRefused) -> Observation:
    sender, refusal = found.sender.description, found.refusal
    is_one = len(found.candidates) == 1
    others = [(each.place(), "asked too") for each in found.candidates[1:]]
    return observe(
        refusal.taken_as.place(),
        "default" if is_one else "several",
        related=[(refusal.sent_as.place(), "as it is sent"), *others],
        identity=(found.receiver.address, found.name, found.field, *refusal.trail, "refused"),
        address=found.receiver.address,
        sender=sender.object.name or sender.document.path,
        field=worded_field(found.field),
        example=shown(refusal.witness, LONGEST),
        what=edited(refusal.trail) if is_one else "",
        others=f" (and in {number_of(found.others, 'other pair')} of messages)" if found.others else "",
    )
