"""What the organisation's own policies say about the objects of a repository.

Policies are evaluated outside of the model (``adapters.admission``), and the world is supplied with the
answers.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Severity
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import ObjectFacet
from archlint.model.kubernetes.policies.admission_policies import (
    AdmissionPolicy,
    PolicyBinding,
    PolicyExpression,
)
from archlint.model.world import World


@dataclass(frozen=True)
class PolicyVerdict(ObjectFacet):
    """An object that a policy refuses, warns of or notes."""

    policy: AdmissionPolicy
    binding: PolicyBinding | None
    """``None`` for policies that need none."""
    expression: PolicyExpression
    """The validation that does not hold, or the condition or mutation that fails."""
    at: Node
    """The part of the object that the expression stumbled over; the object itself if that is unknown."""
    severity: Severity
    message: str = ""
    """What the policy says; empty where the expression could not be evaluated."""
    failure: str = ""
    """In which error the evaluation ended, if it did, which refuses the object as well."""

    @classmethod
    def all(cls, world: World) -> Iterable[PolicyVerdict]:
        """None, as long as nobody supplied them."""
        return ()


@dataclass(frozen=True)
class PolicyProblem:
    """An expression of a policy that is none, or is of another type than it has to be."""

    policy: AdmissionPolicy
    section: str
    expression: PolicyExpression
    message: str
    offset: int
    """Where in the text of the expression."""

    @classmethod
    def all(cls, world: World) -> Iterable[PolicyProblem]:
        """None, as long as nobody supplied them."""
        return ()

    @property
    def object(self) -> ObjectRef:
        """The policy."""
        return self.policy.object

    @property
    def source(self) -> Document:
        """The document of the policy."""
        return self.policy.source
