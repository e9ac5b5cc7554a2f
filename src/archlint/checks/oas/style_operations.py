"""How operations are described: words, tags, ids, success."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import label, spectral
from archlint.documents import Node
from archlint.documents.editing import with_named_items
from archlint.finding.regex import regex
from archlint.finding.words import quoted
from archlint.model.openapi import Contract, Operation, Role, operations_of

_SAFE_IN_URL = regex(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]*\Z")
_SUCCESS = regex(r"[23](?:\d\d|XX)\Z")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@check(Operation)
def operation_undescribed(operation: Operation, options: Options) -> Iterator[Observation]:
    """An operation without ``description``."""
    described = operation.node.get("description")
    if not described.value:
        yield observe(described.place(), operations=[operation.name], operation=label(operation))


@check(Operation)
def operation_id_unsafe(operation: Operation, options: Options) -> Iterator[Observation]:
    """An ``operationId`` with characters that a URL cannot hold as they are."""
    name = operation.operation_id.text
    if name is not None and not _SAFE_IN_URL.match(name):
        odd = "".join(dict.fromkeys(char for char in name if not _SAFE_IN_URL.match(char)))
        yield observe(operation.operation_id.value_place(), operations=[operation.name], id=name, odd=odd)


@check(Operation)
def operation_untagged(operation: Operation, options: Options) -> Iterator[Observation]:
    """An operation without tags."""
    tags = operation.node.get("tags")
    if not (tags.is_list and tags.value):
        yield observe(tags.place(), operations=[operation.name], operation=label(operation))


@check(Operation)
def operation_with_several_tags(operation: Operation, options: Options) -> Iterator[Observation]:
    """An operation that stands under more than one heading."""
    tags = operation.node.get("tags")
    if tags.is_list and len(tags.value) > 1:
        yield observe(
            tags.place(), operations=[operation.name], operation=label(operation), count=len(tags.value)
        )


@check(Contract)
def tag_undeclared(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each use of a tag that the document does not declare; one fix declares them all."""
    declared = {tag.get("name").text for tag in contract.root.get("tags").elements()}
    uses: list[tuple[Node, Operation]] = []
    for operation in operations_of(contract.path_items):
        for tag in operation.node.get("tags").elements():
            if tag.text is not None and tag.text not in declared:
                uses.append((tag, operation))
    missing = list(dict.fromkeys(tag.text for tag, _ in uses if tag.text is not None))
    fix = with_named_items(contract.root, "tags", missing, "paths") if missing else None
    for tag, operation in uses:
        yield observe(
            tag.value_place(),
            object=operation.object,
            operations=[operation.name],
            fix=fix,
            tag=tag.text,
            operation=label(operation),
        )


@check(Operation)
def success_response_missing(operation: Operation, options: Options) -> Iterator[Observation]:
    """An operation that declares responses and no success."""
    responses = operation.node.get("responses")
    if not responses.is_map:
        return
    statuses = [status for status, _ in responses.items() if not status.startswith("x-")]
    is_range_known = not operation.contract.is_v2
    if any(_SUCCESS.match(status) and (is_range_known or status.isdigit()) for status in statuses):
        return
    yield observe(
        responses.place(),
        operations=[operation.name],
        operation=label(operation),
        statuses=", ".join(statuses) or "none",
    )


@check(Operation)
def form_not_consumed(operation: Operation, options: Options) -> Iterator[Observation]:
    """A 2.0 operation with form fields whose media types are no forms."""
    consumes = operation.node.get("consumes")
    if not operation.contract.is_v2 or not consumes.is_list:
        return
    fields = [each.name for each in operation.parameters if each.location == "formData"]
    listed = ", ".join(str(item) for item in consumes.value)
    if fields and not any(form in listed for form in _FORMS):
        yield observe(
            consumes.place(),
            operations=[operation.name],
            operation=label(operation),
            fields=", ".join(quoted(fields)),
            consumes=listed or "nothing",
        )


@check(Contract)
def parameter_undescribed(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each parameter without a description, where it is defined."""
    for parameter in contract.elements.meant(Role.PARAMETER):
        if parameter.get("in").exists and not parameter.get("description").value:
            known = contract.is_v2 or not {"webhooks", "callbacks", "pathItems"} & set(parameter.route)
            yield observe(
                parameter.get("description").place(),
                aliases=spectral(contract, "parameter-description") if known else (),
                name=parameter.get("name").text or "",
                location=parameter.get("in").text or "",
            )


@check(Operation)
def request_body_on_read(operation: Operation, options: Options) -> Iterator[Observation]:
    """A request body of a method that gives it no meaning."""
    body = operation.request_body
    if body is not None and operation.method in options["methods"]:
        yield observe(body.declared.place(), operations=[operation.name], operation=label(operation))
