"""What of a response is not as its operation promises it."""

from __future__ import annotations

from archlint.comparison.evidence import media
from archlint.comparison.evidence.bodies import BodyJudge
from archlint.comparison.evidence.gathering import Case, Gathered
from archlint.comparison.evidence.mismatches import (
    BodyNotSent,
    HeaderMisfit,
    HeaderNotSent,
    StatusUndeclared,
)
from archlint.comparison.evidence.styles import Reading, StyleProblem, Unread
from archlint.comparison.evidence.trying import Trial
from archlint.documents import Node
from archlint.model.evidence.exchange import SentResponse, headers_of
from archlint.model.evidence.media_types import is_json
from archlint.model.openapi import HIDDEN, Direction, Operation, Response, never_has_body
from archlint.model.openapi.operations import value_schema

_OPTIONAL = frozenset((HIDDEN[Direction.RESPONSE],))
_UNJUDGED = frozenset(("content-type", "set-cookie"))


class ResponseJudge:
    """Judges responses; bodies and values wait in ``trials``."""

    def __init__(self, gathered: Gathered, trials: list[Trial], shows_values: bool) -> None:
        self._gathered = gathered
        self._trials = trials
        self._bodies = BodyJudge(gathered, trials, shows_values)

    def judge(self, case: Case, answer: SentResponse, operation: Operation) -> Response | None:
        """Note what is wrong, and what is to be tried; returned is what the operation declares."""
        declared = operation.response_for(answer.status)
        if declared is None:
            if answer.status >= 200 and answer.status != 304:
                self._gathered.add(
                    StatusUndeclared,
                    case,
                    operation.node.get("responses"),
                    answer.place,
                    identity=(str(answer.status),),
                    is_of_request=False,
                    status=str(answer.status),
                    declared=", ".join(operation.responses) or "none",
                )
            return None
        self._gathered.coverage.add(operation, declared.status)
        self._headers(case, answer, declared)
        if not never_has_body(str(answer.status)):
            self._body(case, answer, declared)
        return declared

    def _body(self, case: Case, answer: SentResponse, declared: Response) -> None:
        content, sent, status = declared.body.content, answer.body, str(answer.status)
        place = declared.node.get("content") if declared.node.get("content").exists else declared.node
        if sent is None:
            if content and answer.is_body_known and answer.status < 300 and all(map(is_json, content)):
                self._gathered.add(BodyNotSent, case, place, answer.place, is_of_request=False, status=status)
            return
        is_unsaid = case.contract.is_v2 and not _says_what_it_produces(case)
        if not is_unsaid or media.declared_for(sent.media_type or "", content):
            known = declared.status
            self._bodies.judge(case, sent, content, place, status=status, declared_as=known)

    def _headers(self, case: Case, answer: SentResponse, declared: Response) -> None:
        if answer.headers is None:
            return
        for name, listed in declared.headers():
            if name.lower() not in _UNJUDGED:
                self._header(case, answer, name, listed)

    def _header(self, case: Case, answer: SentResponse, name: str, listed: Node) -> None:
        node = case.contract.references.follow(listed).node
        pairs, status = headers_of(answer.headers, name), str(answer.status)
        if not pairs:
            if node.get("required").value is True:
                self._gathered.add(
                    HeaderNotSent,
                    case,
                    listed,
                    answer.place,
                    identity=(status,),
                    is_of_request=False,
                    name=name,
                    status=status,
                )
            return
        schema = value_schema(node)
        try:
            values = Reading(node, schema, "header", case.contract).of_headers(pairs, name)
        except Unread as why:
            self._gathered.pass_over(case, why, is_of_request=False)
            return
        except StyleProblem as problem:
            self._gathered.add(
                HeaderMisfit,
                case,
                listed,
                pairs[0].place,
                identity=(status, "style"),
                is_of_request=False,
                name=name,
                status=status,
                problem=f"it {problem}",
            )
            return
        terms = {"name": name, "status": status}
        for readings in values if schema.exists else ():
            trial = Trial(case, schema, readings, _OPTIONAL, HeaderMisfit, pairs[0].place, "it", terms, False)
            self._trials.append(trial)


def _says_what_it_produces(case: Case) -> bool:
    """Whether a document of 2.0 says which media types its responses have."""
    own = case.operation is not None and case.operation.node.get("produces").exists
    return own or case.contract.root.get("produces").exists
