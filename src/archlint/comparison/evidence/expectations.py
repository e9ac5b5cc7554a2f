"""Expectations of consumers that a change of contracts breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from archlint.comparison.evidence.mismatches import TrafficMismatch
    from archlint.comparison.evidence.pact_calls import UnmetCall
    from archlint.comparison.evidence.pact_judging import UnmetAnswer, Unoffered
    from archlint.comparison.evidence.pact_messages import UnmetMessage
    from archlint.documents import Document
    from archlint.finding import ObjectRef
    from archlint.model.evidence.pact import Pact

    Expectation = UnmetAnswer | Unoffered | TrafficMismatch | UnmetMessage | UnmetCall
    """What a consumer expects and its provider does not give."""


@dataclass(frozen=True, slots=True)
class BrokenExpectation:
    """What a consumer expects, the contract at the base gives, and the contract of the revision does not."""

    pact: Pact
    unmet: Expectation

    @property
    def source(self) -> Document:
        """The Pact file."""
        return self.pact.document

    @property
    def object(self) -> ObjectRef:
        """Consumer and provider."""
        return self.pact.object
