"""What Spectral calls rules about AsyncAPI documents, and which objects it looks at with them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.model.asyncapi import AsyncDescription

Element = tuple[Document, Route]
_COMPONENTS = ("messages", "messageTraits", "parameters")
_APART = (("channels", "tags"), ("operations", "messages"), ("operations", "reply"))


def rule_of(description: AsyncDescription, name: str) -> tuple[str]:
    """The alias of a rule that Spectral has twice: once for version 2 and once for version 3."""
    return (f"spectral:asyncapi{'-3' if description.is_third else ''}-{name}",)


def looked_at(description: AsyncDescription) -> frozenset[Element]:
    """The servers, operations, messages and parameters that most rules of Spectral look at.

    Those are the ones of the document's own channels, and components, references looked through: no choices
    between messages, no traits where they are applied, and nothing inside of components.
    """
    found = [description.meant(entry) for _, entry in description.at("servers").items()]
    for kind in _COMPONENTS:
        found += [description.meant(entry) for _, entry in description.at("components", kind).items()]
    for _, entry in description.at("channels").items():
        parameters = description.meant(entry).get("parameters")
        found += [description.meant(each) for _, each in parameters.items()]
    return frozenset(map(element_of, (*found, *description.operations, *_carried(description))))


def applied_traits(description: AsyncDescription) -> frozenset[Element]:
    """The traits of the messages in channels, of which one rule looks at the headers."""
    traits = (trait for message in _carried(description) for trait in message.get("traits").elements())
    return frozenset(element_of(description.meant(trait)) for trait in traits)


def element_of(node: Node) -> Element:
    """An element as a member of a set of these."""
    return node.document, node.route


def _carried(description: AsyncDescription) -> Iterator[Node]:
    """The messages of channels."""
    yield from (description.meant(operation.get("message")) for operation in description.operations)
    for _, entry in description.at("channels").items():
        messages = description.meant(entry).get("messages")
        yield from (description.meant(each) for _, each in messages.items())


def looks_for_tags(description: AsyncDescription, tags: Node) -> bool:
    """Whether Spectral looks for doubled names in a list of tags."""
    route = tags.route
    is_apart = route[:2] == ("components", "channels") or (route[:1] + route[2:3]) in _APART
    return not (description.is_third and is_apart)
