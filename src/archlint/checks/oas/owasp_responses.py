"""What answers have to declare so that clients and contract tests know them: errors, limits, CORS."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import operation_of, owasp
from archlint.documents import Document, Node
from archlint.finding import OperationName, Route
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Role

_LIMITED = regex(r"[24]")
_LIMITS = (
    ("ratelimit",),
    ("ratelimit-limit", "ratelimit-reset"),
    ("x-ratelimit-limit",),
    ("x-rate-limit-limit",),
)


def _all_responses(contract: Contract) -> Iterator[Node]:
    """The ``responses`` of every operation, callbacks included."""
    for operation in contract.elements.of(Role.OPERATION):
        responses = operation.get("responses")
        if responses.is_map or (responses.exists and not responses.is_set):
            yield responses


def _known(responses: Node) -> bool:
    """Whether the OWASP rules look at these responses."""
    return responses.route[:1] == ("paths",)


def _undocumented(contract: Contract, status: str, alias: str) -> Iterator[Observation]:
    """Operations without a response of a status, or without saying what it carries."""
    for responses in _all_responses(contract):
        declared = responses.get(status)
        aliases = owasp(contract, alias) if _known(responses) else ()
        if not declared.is_set:
            yield observe(
                responses.place(), operations=operation_of(responses), aliases=aliases, status=status
            )
            continue
        response = contract.references.follow(declared).node
        carries = response.get("schema" if contract.is_v2 else "content")
        if not carries.value and not (carries.is_map and not contract.is_v2):
            yield observe(
                response.place(),
                "content",
                operations=operation_of(responses),
                aliases=aliases,
                status=status,
            )


@check(Contract)
def unauthorized_undocumented(contract: Contract, options: Options) -> Iterator[Observation]:
    """Operations that do not say what 401 looks like."""
    yield from _undocumented(contract, "401", "api8:2023-define-error-responses-401")


@check(Contract)
def server_error_undocumented(contract: Contract, options: Options) -> Iterator[Observation]:
    """Operations that do not say what 500 looks like."""
    yield from _undocumented(contract, "500", "api8:2023-define-error-responses-500")


@check(Contract)
def too_many_requests_undocumented(contract: Contract, options: Options) -> Iterator[Observation]:
    """Operations that do not say what 429 looks like."""
    yield from _undocumented(contract, "429", "api4:2023-rate-limit-responses-429")


@check(Contract)
def validation_error_undocumented(contract: Contract, options: Options) -> Iterator[Observation]:
    """Operations that do not say how a wrong request is refused."""
    accepted = frozenset(options["accept"])
    for responses in _all_responses(contract):
        statuses = {status for status, _ in responses.items()}
        if accepted.isdisjoint(statuses):
            known = _known(responses) and not {"400", "422", "4XX"} & statuses
            yield observe(
                responses.place(),
                operations=operation_of(responses),
                aliases=None if known else (),
                accepted=", ".join(options["accept"]),
            )


@check(Contract)
def rate_limit_headers_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """Answers to a client's request that do not say how many more it may make."""
    for response, status, operations in _answers(contract):
        headers = response.get("headers")
        known = (bool(operations) or response.route[:1] == ("paths",)) and not contract.is_v2
        names = {name.lower() for name, _ in headers.items()}
        if _LIMITED.match(status) and not any(names.issuperset(group) for group in _LIMITS):
            yield observe(
                headers.place(),
                operations=operations,
                aliases=None if known else (),
                status=status,
            )


@check(Contract)
def retry_after_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """Refusals that do not say when to try again."""
    for response, status, operations in _answers(contract):
        headers = response.get("headers")
        is_said = any(name.lower() == "retry-after" for name, _ in headers.items())
        if status in options["statuses"] and not is_said:
            known = status == "429" and headers.exists and not contract.is_v2
            yield observe(
                headers.place(), operations=operations, aliases=None if known else (), status=status
            )


def _answers(contract: Contract) -> Iterator[tuple[Node, str, list[OperationName]]]:
    """Each response that operations declare, once, with its status and the operations that share it."""
    found: dict[tuple[Document, Route, str], tuple[Node, list[OperationName]]] = {}
    for responses in _all_responses(contract):
        for status, declared in responses.items():
            response = contract.references.follow(declared).node
            if response.is_map and not status.startswith("x-"):
                which = (response.document, response.route, status)
                found.setdefault(which, (response, []))[1].extend(operation_of(responses))
    for (_, _, status), (response, operations) in found.items():
        yield response, status, operations


@check(Contract)
def cors_origin_undocumented(contract: Contract, options: Options) -> Iterator[Observation]:
    """Responses that declare headers and leave out the one that lets browsers read them."""
    for response in contract.elements.of(Role.RESPONSE):
        headers = response.get("headers")
        if headers.is_map and not any(
            name.lower() == "access-control-allow-origin" for name, _ in headers.items()
        ):
            yield observe(headers.place(), operations=operation_of(response))
