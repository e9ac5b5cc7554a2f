"""What the API server refuses although the schema of the kind allows it."""

from archlint.model.kubernetes.validation.refusal import Cause, Refused
from archlint.model.kubernetes.validation.refusals import RefusedField, refusals_of

__all__ = ["Cause", "Refused", "RefusedField", "refusals_of"]
