"""What of a request is not as its operation takes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from archlint.comparison.evidence import media
from archlint.comparison.evidence.bodies import BodyJudge
from archlint.comparison.evidence.credentials import lacking
from archlint.comparison.evidence.gathering import Case, Gathered
from archlint.comparison.evidence.mismatches import (
    BodyNotSent,
    CredentialNotSent,
    ParameterMisfit,
    ParameterNotSent,
    ParameterUndeclared,
)
from archlint.comparison.evidence.styles import Reading, StyleProblem, Unread, cookies_of, decoded_form
from archlint.comparison.evidence.trying import Trial
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import OPEN, Pair, SentBody, SentRequest, header, headers_of
from archlint.model.openapi import HIDDEN, Direction, Operation, Parameter

_OF_HTTP = frozenset(("accept", "content-type", "authorization"))
"""Header parameters that the specification ignores: bodies and security say it."""
_OPTIONAL = frozenset((HIDDEN[Direction.REQUEST],))


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a request gives for a parameter: each value with all its readings."""

    values: Sequence[Sequence[Any]]
    place: Place


class RequestJudge:
    """Judges requests; bodies and values wait in ``trials``."""

    def __init__(self, gathered: Gathered, trials: list[Trial], shows_values: bool) -> None:
        self._gathered = gathered
        self._trials = trials
        self._shows_values = shows_values
        self._bodies = BodyJudge(gathered, trials, shows_values)
        self._readings: dict[tuple[int, str], Reading | None] = {}
        self._takers: dict[Operation, frozenset[str]] = {}
        """For each operation the names in a query that several parameters take."""

    def judge(
        self, case: Case, request: SentRequest, operation: Operation, values: Mapping[str, str]
    ) -> None:
        """Note what is wrong, and what is to be tried."""
        for parameter in operation.parameters:
            self._parameter(case, request, parameter, values)
        self._undeclared(case, request, operation)
        self._credentials(case, request, operation)
        if operation.contract.is_v2 and any(one.location == "formData" for one in operation.parameters):
            self._form_of_2(case, request, operation)
        else:
            self._body(case, request, operation)

    def _parameter(
        self, case: Case, request: SentRequest, parameter: Parameter, values: Mapping[str, str]
    ) -> None:
        if parameter.location == "formData":
            return
        if parameter.location == "querystring":
            self._whole_query(case, request, parameter)
            return
        if parameter.location == "header" and parameter.name.lower() in _OF_HTTP:
            return
        reading = self._reading(parameter, case)
        if (
            parameter.location == "query"
            and reading is not None
            and self._is_shared(case, request, parameter)
        ):
            self._gathered.pass_over(case, Unread())
            return
        try:
            sent = _sent(request, parameter, values, reading)
        except Unread as why:
            self._gathered.pass_over(case, why)
            return
        except StyleProblem as problem:
            self._misfit(case, parameter, request.place, f"it {problem}")
            return
        if sent is None:
            return
        if not sent.values and parameter.is_required:
            self._not_sent(case, parameter, request.place, parameter.location)
        for readings in sent.values:
            if parameter.schema.exists and not _is_allowed_empty(parameter, readings):
                self._try(case, parameter, readings, sent.place, parameter.location)

    def _is_shared(self, case: Case, request: SentRequest, parameter: Parameter) -> bool:
        """Whether the query has a name that gives values to several parameters, as the members of an object
        stand beside other parameters there: nobody knows to which."""
        operation = case.operation
        if operation is None:
            return False
        if operation not in self._takers:
            takers: Counter[str] = Counter()
            for one in operation.parameters:
                reading = self._reading(one, case) if one.location == "query" else None
                takers.update(tuple(reading.names(one.name)) if reading else ())
            self._takers[operation] = frozenset(name for name, count in takers.items() if count > 1)
        shared = self._takers[operation]
        own = self._reading(parameter, case)
        if not shared or own is None:
            return False
        sent = {decoded_form(pair.name) for pair in request.query}
        return not sent.isdisjoint(shared.intersection(own.names(parameter.name)))

    def _whole_query(self, case: Case, request: SentRequest, parameter: Parameter) -> None:
        """A query that is a value as a whole, in a media type (3.2)."""
        if not request.query:
            if parameter.is_required:
                self._not_sent(case, parameter, request.place, parameter.location)
            return
        text = "&".join(f"{pair.name}={pair.value}" if pair.value else pair.name for pair in request.query)
        for kind, declared in parameter.node.get("content").items():
            content = text if media.is_form(kind) else unquote(text)
            try:
                sent = SentBody(kind, content, request.place)
                readings = media.values_of(sent, declared.get("schema"), case.contract)
            except Unread as why:
                self._gathered.pass_over(case, why)
                return
            except StyleProblem as problem:
                self._misfit(case, parameter, request.place, f"it {problem}")
                return
            self._try(case, parameter, readings, request.place, parameter.location)
            return

    def _misfit(self, case: Case, parameter: Parameter, place: Place, problem: str) -> None:
        self._gathered.add(
            ParameterMisfit,
            case,
            parameter.node.get("style" if parameter.node.get("style").exists else "name"),
            place,
            identity=("style",),
            name=parameter.name,
            location=parameter.location,
            problem=problem,
        )

    def _not_sent(self, case: Case, parameter: Parameter, place: Place, location: str) -> None:
        self._gathered.add(
            ParameterNotSent,
            case,
            parameter.node.get("name"),
            place,
            name=parameter.name,
            location=location,
        )

    def _reading(self, parameter: Parameter, case: Case) -> Reading | None:
        """How a parameter is read; ``None`` if its values cannot be read for sure."""
        key = (id(parameter.node.value), parameter.location)
        if key not in self._readings:
            try:
                found = Reading(parameter.node, parameter.schema, parameter.location, case.contract)
            except Unread:
                found = None
            self._readings[key] = found
        return self._readings[key]

    def _try(
        self, case: Case, parameter: Parameter, readings: Sequence[Any], place: Place, location: str
    ) -> None:
        terms = {"name": parameter.name, "location": location}
        self._trials.append(
            Trial(
                case=case,
                schema=parameter.schema,
                readings=readings,
                optional=_OPTIONAL,
                kind=ParameterMisfit,
                place=place,
                whole="it",
                terms=terms,
                is_of_request=True,
            )
        )

    def _undeclared(self, case: Case, request: SentRequest, operation: Operation) -> None:
        """Pairs of the query that no parameter takes, unless something takes names that nobody knows."""
        if any(one.location == "querystring" for one in operation.parameters):
            return
        known = {one.name for one in operation.parameters if one.location == "query"}
        for one in operation.parameters:
            reading = self._reading(one, case) if one.location == "query" else None
            if one.location == "query" and (reading is None or "object" in reading.shape.types):
                return
        known |= {
            scheme.get("name").text or ""
            for scheme in case.contract.security_schemes.values()
            if scheme.get("in").text == "query"
        }
        for pair in request.query:
            names = (pair.name, decoded_form(pair.name))
            if OPEN in names[1]:
                continue
            if not known.intersection((*names, names[1].partition("[")[0])):
                name = f"'{pair.name}'" if self._shows_values else "that is not declared"
                self._gathered.add(
                    ParameterUndeclared,
                    case,
                    operation.node,
                    request.place,
                    identity=("query",),
                    is_of_request=False,
                    name=name,
                )

    def _credentials(self, case: Case, request: SentRequest, operation: Operation) -> None:
        answer = case.exchange.response
        if answer is not None and answer.status >= 300:
            return  # sent to a page to log in, or not served at all
        schemes = lacking(operation, request)
        if schemes is not None:
            self._gathered.add(CredentialNotSent, case, operation.security, request.place, schemes=schemes)

    def _body(self, case: Case, request: SentRequest, operation: Operation) -> None:
        declared, sent = operation.request_body, request.body or _empty(request)
        if declared is None:
            return
        if sent is None:
            if declared.is_required and request.is_body_known:
                self._gathered.add(BodyNotSent, case, declared.node.get("required"), request.place, status="")
            return
        self._bodies.judge(case, sent, declared.content, declared.node.get("content"))

    def _form_of_2(self, case: Case, request: SentRequest, operation: Operation) -> None:
        """The fields of a form, which are parameters in 2.0."""
        sent = request.body
        if sent is None and not request.is_body_known:
            return
        place = request.place if sent is None else sent.place
        try:
            fields = () if sent is None else self._fields_of_2(case, sent, operation)
        except Unread as why:
            self._gathered.pass_over_body(case, why, is_of_request=True)
            return
        if fields is None:
            return
        pairs = [Pair(name, value, place) for name, value in fields]
        for parameter in operation.parameters:
            reading = self._reading(parameter, case) if parameter.location == "formData" else None
            if reading is not None:
                self._field(case, parameter, reading, pairs, place)
            elif parameter.location == "formData" and any(pair.name == parameter.name for pair in pairs):
                self._gathered.pass_over(case, Unread())

    def _fields_of_2(
        self, case: Case, sent: SentBody, operation: Operation
    ) -> Sequence[tuple[str, str]] | None:
        """The fields of a body; ``None`` if it is no form, which is noted. Raises ``Unread``."""
        own = operation.node.get("consumes")
        consumes = own if own.exists else operation.contract.root.get("consumes")
        named = [item.text for item in consumes.elements() if item.text and media.is_any_form(item.text)]
        home = consumes if named else operation.node
        if sent.media_type and media.declared_for(sent.media_type, named or media.FORMS) is None:
            self._bodies.undeclared(case, sent, home, "", named or media.FORMS)
            return None
        try:
            return media.fields_of(sent)
        except StyleProblem as problem:
            self._bodies.misfit(case, home, sent, status="", cause="text", problem=f"the body {problem}")
            return None

    def _field(
        self, case: Case, parameter: Parameter, reading: Reading, pairs: Sequence[Pair], place: Place
    ) -> None:
        try:
            values = reading.of_query(pairs, parameter.name)
        except Unread as why:
            self._gathered.pass_over(case, why)
            return
        except StyleProblem as problem:
            self._misfit(case, parameter, place, f"it {problem}")
            return
        if not values and parameter.is_required:
            self._not_sent(case, parameter, place, "form")
        for readings in values:
            self._try(case, parameter, readings, place, "form")


def _empty(request: SentRequest) -> SentBody | None:
    """The body of a request that has none but says what type it is of, where no text is one of these."""
    stated = header(request.headers, "content-type")
    if stated is None or not request.is_body_known or not media.may_be_empty(stated.value):
        return None
    return SentBody(stated.value, "", stated.place)


def _is_allowed_empty(parameter: Parameter, readings: Sequence[Any]) -> bool:
    return "" in readings and parameter.node.get("allowEmptyValue").value is True


def _sent(
    request: SentRequest, parameter: Parameter, values: Mapping[str, str], reading: Reading | None
) -> _Sent | None:
    """What a request gives for a parameter; ``None`` if the evidence does not tell."""
    if parameter.location == "path":
        raw = values.get(parameter.name)
        if raw is None:
            return None
        return _Sent([_read(reading).one(raw, parameter.name)], request.place)
    if parameter.location == "header":
        if request.headers is None:
            return None
        own = headers_of(request.headers, parameter.name)
        if not own:
            return _Sent([], request.place)
        return _Sent(_read(reading).of_headers(own, parameter.name), own[0].place)
    if parameter.location == "querystring":
        return None
    pairs = list(_pairs(request, parameter.location))
    if parameter.location == "cookie" and not _knows_cookies(request):
        return None
    if reading is None:
        if any(pair.name == parameter.name for pair in pairs):
            raise Unread
        return _Sent([], request.place)
    found = reading.of_query(pairs, parameter.name)
    if not found and any(OPEN in decoded_form(pair.name) for pair in pairs):
        return None  # a variable may stand for it
    if not found and "object" in reading.shape.types and reading.style.explode:
        return None  # its members are parameters by themselves, and none may be enough
    return _Sent(found, request.place)


def _knows_cookies(request: SentRequest) -> bool:
    return request.headers is not None and request.are_credentials_known and request.are_cookies_known


def _read(reading: Reading | None) -> Reading:
    if reading is None:
        raise Unread
    return reading


def _pairs(request: SentRequest, location: str) -> Iterator[Pair]:
    yield from cookies_of(request.headers) if location == "cookie" else request.query
