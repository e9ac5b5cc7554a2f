"""The typed changes between two revisions of a contract: they say what differs, not how bad that is."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from archlint.finding import ObjectRef, OperationName, Place
from archlint.finding.records import dataclass


class Usage(StrEnum):
    """Where an operation uses a schema."""

    BODY = "body"
    TEXT_BODY = "text-body"
    """The schema of a body that is not JSON, where a type says little about the text that is sent."""
    PLAIN_BODY = "plain-body"
    """The schema of a body that is text and nothing else, in which a number is its digits."""
    PROPERTY = "property"
    """Anywhere below the schema of a body."""
    PARAMETER = "parameter"
    PARAMETER_PROPERTY = "parameter-property"
    HEADER_PARAMETER = "header-parameter"
    """The schema of a header that a request carries."""
    HEADER_PROPERTY = "header-property"
    HEADER = "header"
    """A header of a response."""
    HEADER_PART = "header-part"
    """Anywhere below the schema of such a header."""
    TEXT_PROPERTY = "text-property"
    """Anywhere below the schema of a body that is not JSON."""
    WEBHOOK_BODY = "webhook-body"
    """The body of a request that the provider sends, as a webhook; its direction is that of a response."""
    WEBHOOK_TEXT = "webhook-text"
    """Such a body that is not JSON, or one by which the receiver answers."""
    WEBHOOK_TEXT_PROPERTY = "webhook-text-property"
    WEBHOOK_PLAIN = "webhook-plain"
    """Such a body that is plain text, or a plain text by which the receiver answers."""
    WEBHOOK_PROPERTY = "webhook-property"
    WEBHOOK_PARAMETER = "webhook-parameter"
    """A parameter of such a request."""
    WEBHOOK_PARAMETER_PROPERTY = "webhook-parameter-property"
    WEBHOOK_ANSWER = "webhook-answer"
    """The body by which the receiver of a webhook answers; its direction is that of a request."""
    WEBHOOK_ANSWER_PROPERTY = "webhook-answer-property"
    WEBHOOK_HEADER = "webhook-header"
    """A header of such an answer."""
    WEBHOOK_HEADER_PART = "webhook-header-part"
    UNNAMED = "unnamed"
    """Whatever no other tool has names for, such as bodies of callbacks, and anything below it."""
    UNNAMED_TEXT = "unnamed-text"
    """The same, where the value is text in its style: a parameter of a path or callback, a form field."""

    CALLBACK = "callback"
    """The body of a request or answer of a callback, and anything below it."""
    CALLBACK_FORM = "callback-form"
    """Such a body that is not JSON."""
    CALLBACK_TEXT = "callback-text"
    """A parameter or header of a callback, or anything below it or below a body that is not JSON."""

    @property
    def below(self) -> Usage:
        """Where what is nested in a schema is used that is used here."""
        return _BELOW.get(self, self)


_BELOW = {
    Usage.BODY: Usage.PROPERTY,
    Usage.TEXT_BODY: Usage.TEXT_PROPERTY,
    Usage.PLAIN_BODY: Usage.TEXT_PROPERTY,
    Usage.WEBHOOK_TEXT: Usage.WEBHOOK_TEXT_PROPERTY,
    Usage.WEBHOOK_PLAIN: Usage.WEBHOOK_TEXT_PROPERTY,
    Usage.PARAMETER: Usage.PARAMETER_PROPERTY,
    Usage.HEADER_PARAMETER: Usage.HEADER_PROPERTY,
    Usage.WEBHOOK_BODY: Usage.WEBHOOK_PROPERTY,
    Usage.WEBHOOK_PARAMETER: Usage.WEBHOOK_PARAMETER_PROPERTY,
    Usage.WEBHOOK_ANSWER: Usage.WEBHOOK_ANSWER_PROPERTY,
    Usage.HEADER: Usage.HEADER_PART,
    Usage.WEBHOOK_HEADER: Usage.WEBHOOK_HEADER_PART,
    Usage.CALLBACK_FORM: Usage.CALLBACK_TEXT,
}
CALLED = frozenset(usage for usage in Usage if usage.startswith(("webhook", "callback")))
"""The roles in what the provider calls, and not its clients."""


@dataclass(frozen=True, kw_only=True)
class ContractChange:
    """What all changes have in common."""

    at: Place
    """The token to edit in the revision; for what was removed, what still stands above it."""
    was: Place | None = field(compare=False)
    """The same element, or what stood above it, in the base: one of them, if one edit has several."""
    about: ObjectRef
    where: str
    """The place in words, such as ``Order.lines[].price``."""
    operations: tuple[OperationName, ...] = ()
    through: tuple[str, ...] = ()
    """The path of the contract, whose parts may stand in other files."""

    @property
    def object(self) -> ObjectRef:
        """The contract element that changed."""
        return self.about


class Realm(StrEnum):
    """Who calls whom."""

    CALL = "call"
    """Clients call the provider."""
    WEBHOOK = "webhook"
    """The provider calls whoever has registered outside of the contract."""
    CALLBACK = "callback"
    """The provider calls back at a URL that a request has given it."""


class Containment(StrEnum):
    """How the values of the revision relate to those of the base."""

    NARROWER = "narrower"
    WIDER = "wider"
    INCOMPARABLE = "incomparable"
    UNKNOWN = "unknown"
