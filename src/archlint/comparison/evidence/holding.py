"""Exchanges held against contracts: all mismatches, what was left out, and what the evidence shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from urllib.parse import unquote

from archlint.comparison.evidence.coverage import Coverage, CoverageRow
from archlint.comparison.evidence.gathering import Case, Gathered
from archlint.comparison.evidence.mismatches import TrafficMismatch, Uncovered, UndescribedTraffic
from archlint.comparison.evidence.offers import Fit, NoFit, Offers, is_below
from archlint.comparison.evidence.pact_coverage import cover_consumers
from archlint.comparison.evidence.requests import RequestJudge
from archlint.comparison.evidence.responses import ResponseJudge
from archlint.comparison.evidence.templates import segments_of
from archlint.comparison.evidence.trying import Trial, Trying
from archlint.comparison.evidence.words import Speech
from archlint.comparison.openapi.pairing import pair_contracts
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import OPEN, Exchange, SentRequest, SentResponse
from archlint.model.openapi import METHODS, Contract, Operation, operations_of
from archlint.model.world import World

_METHODS = frozenset((*(method.upper() for method in METHODS), "CONNECT"))
_OF_PAGES = ("text/html", "text/css", "text/javascript", "application/javascript", "image/", "font/")
_FILES_OF_PAGES = (
    *(".html", ".css", ".js", ".mjs", ".map", ".ico", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"),
    *(".woff", ".woff2", ".ttf", ".webmanifest", "/robots.txt"),
)
"""What pages are made of, which lies beside an API on its host: media types, and how names of files end."""


Accepted = Mapping[int, tuple[Contract, str]]
"""For the numbers of exchanges, the contract that describes them, and the path."""


@dataclass(frozen=True, slots=True)
class Before:
    """What an older version of the contracts took."""

    accepted: Accepted
    heirs: Mapping[Contract, Contract]
    """What became of its contracts, for those that are still there, under another name too."""


@dataclass(frozen=True, slots=True)
class Held:
    """What came of it."""

    mismatches: dict[type, list[TrafficMismatch]]
    compared: int
    """Exchanges that were about an operation, or should have been."""
    accepted: Accepted
    """The exchanges whose requests the contracts take for sure."""
    foreign: int
    """Requests that went to hosts that no contract names, and fit no path."""
    ambiguous: int
    """Exchanges that several operations of one contract describe."""
    rivals: Counter[tuple[str, ...]]
    """How many exchanges fit some contracts equally well, by the files of these."""
    unread: Counter[str]
    """How many paths, values and bodies are not judged, by what they are: ``body`` and ``value`` are not all
    there or written in no way that is read, ``open ...`` have a variable without a value."""
    lost: frozenset[tuple[str, str]]
    """References of schemas that lead nowhere, by their file."""
    unjudged: int
    """Values that could not be judged."""
    covered: int
    """Operations that some exchange is about."""
    operations: int
    coverage: Sequence[CoverageRow]
    """All elements of the contracts that were met; empty if they are not asked for."""


def hold(
    world: World,
    exchanges: Sequence[Exchange],
    *,
    before: Before | None = None,
    shows_values: bool = False,
    lists_coverage: bool = False,
) -> Held:
    """Hold exchanges against all contracts of a world; ``before`` says what an older version took."""
    return _Holding(world, shows_values, lists_coverage).run(exchanges, before or Before({}, {}))


def held_before(
    base: World, world: World, exchanges: Sequence[Exchange], renames: Mapping[str, str]
) -> Before:
    """What an older version of the contracts of a world took; ``renames`` maps files to their older names."""
    pairs, _, _ = pair_contracts(base.all(Contract), world.all(Contract), renames)
    return Before(hold(base, exchanges).accepted, dict(pairs))


class _Holding:
    def __init__(self, world: World, shows_values: bool, lists_coverage: bool) -> None:
        self._lists_coverage = lists_coverage
        self._coverage = Coverage(lists_coverage)
        self._world = world
        self._contracts = [contract for contract in world.all(Contract) if contract.dialect is not None]
        self._offers = Offers(self._contracts)
        self._gathered = Gathered(self._coverage)
        self._trials: list[Trial] = []
        self._shows_values = shows_values
        self._consumed = cover_consumers(world, self._coverage)
        """What consumers use, by the Pact files of the world."""
        self._requests = RequestJudge(self._gathered, self._trials, shows_values)
        self._responses = ResponseJudge(self._gathered, self._trials, shows_values)
        self._ambiguous = 0
        self._about: dict[int, tuple[Contract, str]] = {}
        self._covered: dict[Operation, int] = {}
        self._missed: list[tuple[int, Exchange, Contract | None]] = []
        self._hosts: Counter[str | None] = Counter()
        self._met: dict[str | None, dict[tuple[str, ...], Contract]] = {}
        """For each host below which paths contracts were met there."""
        self._sure: dict[str | None, set[Contract]] = {}
        """For each host the contracts that some exchange with it is surely about."""
        self._rivals: Counter[tuple[str, ...]] = Counter()

    def run(self, exchanges: Sequence[Exchange], before: Before) -> Held:
        """Judge all, and gather."""
        compared: set[int] = set()
        for number, exchange, fit in self._chosen(self._fits(exchanges)):
            if exchange.request is not None and self._one(number, exchange, exchange.request, fit):
                compared.add(number)
        undescribed = set(self._undescribed(before))
        compared |= undescribed
        trying = Trying(self._world, self._gathered, self._shows_values)
        trying.run(self._trials)
        found: dict[type, list[TrafficMismatch]] = {}
        for mismatch in (*self._gathered.mismatches(set(before.accepted)), *self._uncovered()):
            found.setdefault(type(mismatch), []).append(mismatch)
        return Held(
            mismatches=found,
            compared=len(compared),
            accepted={
                number: about
                for number, about in self._about.items()
                if number not in self._gathered.refused and number not in self._gathered.unsure
            },
            foreign=len(self._missed) - len(undescribed) - self._gathered.unread["open path"],
            ambiguous=self._ambiguous,
            rivals=self._rivals,
            unread=self._gathered.unread,
            lost=frozenset(self._gathered.lost),
            unjudged=trying.open_ones,
            covered=len(self._covered),
            coverage=tuple(self._rows()) if self._lists_coverage else (),
            operations=sum(1 for one in self._contracts for _ in operations_of(one.path_items)),
        )

    def _fits(self, exchanges: Sequence[Exchange]) -> Iterator[tuple[int, Exchange, Fit]]:
        """What each exchange is about; those that are about nothing are kept apart."""
        for number, exchange in enumerate(exchanges):
            if exchange.request is None:
                continue
            self._hosts[_server(exchange.request)] += 1
            fit = self._offers.fit(exchange.request)
            if isinstance(fit, NoFit):
                self._missed.append((number, exchange, fit.contract))
            else:
                yield number, exchange, fit

    def _chosen(self, fits: Iterable[tuple[int, Exchange, Fit]]) -> Iterator[tuple[int, Exchange, Fit]]:
        """The same, each with the one contract that is meant: where several fit equally well, the only one of
        them that other exchanges with the host are surely about."""
        open_ones: list[tuple[int, Exchange, Fit]] = []
        for number, exchange, fit in fits:
            host = _server(exchange.request)
            if fit.rivals:
                open_ones.append((number, exchange, fit))
                continue
            self._met.setdefault(host, {}).setdefault(fit.base, fit.contract)
            self._sure.setdefault(host, set()).add(fit.contract)
            yield number, exchange, fit
        for number, exchange, fit in open_ones:
            host = _server(exchange.request)
            every = (fit, *fit.rivals)
            meant = [one for one in every if one.contract in self._sure.get(host, ())]
            if len(meant) == 1:
                yield number, exchange, meant[0]
            else:
                self._rivals[tuple(sorted({one.contract.document.path for one in every}))] += 1

    def _one(self, number: int, exchange: Exchange, request: SentRequest, fit: Fit) -> bool:
        """Judge one exchange; false if it is about no operation."""
        answer = exchange.response
        self._about[number] = fit.contract, fit.item.template
        if fit.operation is None:
            if _is_taken(answer):
                self._method(number, exchange, request, fit)
            return True
        if not fit.is_sure:
            self._ambiguous += 1
            self._gathered.unsure.add(number)
            return True
        case = Case(number, exchange, fit.contract, fit.operation)
        self._coverage.add(fit.operation)
        self._covered[fit.operation] = self._covered.get(fit.operation, 0) + 1
        if answer is None or not 400 <= answer.status < 500:  # what was refused need not be right
            self._requests.judge(case, request, fit.operation, fit.values)
        if answer is not None:
            self._responses.judge(case, answer, fit.operation)
        return True

    def _method(self, number: int, exchange: Exchange, request: SentRequest, fit: Fit) -> None:
        if request.method in ("OPTIONS", "HEAD", "CONNECT", "TRACE"):
            return  # servers answer these by themselves
        self._gathered.add(
            UndescribedTraffic,
            Case(number, exchange, fit.contract),
            fit.item.key,
            request.place,
            identity=("method", self._method_name(request)),
            method=self._method_name(request),
            path=fit.item.template,
            has_path=True,
        )

    def _undescribed(self, before: Before) -> Iterable[int]:
        """Tell requests without an operation that went where contracts are served; the others are foreign."""
        for number, exchange, contract in self._missed:
            request = exchange.request
            if request is None:
                continue
            was, template = before.accepted.get(number, (None, ""))
            base, home = self._home(request, contract) or ((), None)
            if was is not None:  # of a contract that is gone its old place is told
                base, home = (), before.heirs.get(was, was)
            if home is None or (was is None and not base and _is_of_page(request, exchange.response)):
                continue
            if OPEN in request.path:
                self._gathered.unread["open path"] += 1
                continue
            yield number
            if request.method == "OPTIONS" or not _is_taken(exchange.response):
                continue  # nothing says that there is such an operation
            path = template or self._masked(request.path)
            self._gathered.add(
                UndescribedTraffic,
                Case(number, exchange, home),
                home.root.get("paths"),
                request.place,
                identity=("path", self._method_name(request), path),
                method=self._method_name(request),
                path=path,
                has_path=False,
            )

    def _home(self, request: SentRequest, stated: Contract | None) -> tuple[tuple[str, ...], Contract] | None:
        """The contract of what is served where a request went, behind its base."""
        path = [unquote(part) for part in segments_of(request.path)]
        met = self._met.get(_server(request), {})
        below = next((home for home in met.items() if is_below(path, home[0])), None)
        is_known = stated is not None and (len(self._hosts) == 1 or not self._offers.is_relative(stated))
        return below or (self._offers.home(request, path) if is_known else None)

    def _method_name(self, request: SentRequest) -> str:
        return Speech(_METHODS, self._shows_values).name(request.method)

    def _masked(self, path: str) -> str:
        """A path with the segments that some path of the contracts has, and ``*`` for others."""
        if self._shows_values:
            return path
        parts = [part if part in self._segments or not part else "*" for part in segments_of(path)]
        return "/" + "/".join(parts)

    @cached_property
    def _segments(self) -> frozenset[str]:
        every = (
            path
            for one in self._contracts
            for path in (*(item.template for item in one.path_items), *(base for _, base in one.base_paths))
        )
        return frozenset(part for path in every for part in segments_of(path))

    def _rows(self) -> Iterator[CoverageRow]:
        met = {operation.contract for operation in (*self._covered, *self._consumed)}
        return self._coverage.rows([contract for contract in self._contracts if contract in met])

    def _uncovered(self) -> Iterable[TrafficMismatch]:
        """For each contract that was met, its operations that nothing shows."""
        met = {operation.contract for operation in self._covered}
        for contract in self._contracts:
            every = list(operations_of(contract.path_items))
            shown = self._consumed.union(self._covered)
            missing = tuple(one.name for one in every if one not in shown)
            if contract in met and missing:
                yield Uncovered(
                    contract=contract,
                    node=contract.root.get("paths"),
                    operations=missing,
                    identity=("uncovered",),
                    missing=missing,
                    of=len(every),
                )


def _server(request: SentRequest | None) -> str | None:
    """The host of a request with its port: services that run on one machine differ in this alone."""
    if request is None or request.host is None:
        return None
    return request.host if request.port in (None, 80, 443) else f"{request.host}:{request.port}"


def _is_taken(answer: SentResponse | None) -> bool:
    """Whether a request was answered and not refused: a refusal, of a gateway too, does not say that there is
    such an operation. What nobody answered is taken as it is meant."""
    return answer is None or answer.status < 400


def _is_of_page(request: SentRequest, answer: SentResponse | None) -> bool:
    """Whether a request is for a page or a part of one, and not for what contracts describe."""
    if request.method not in ("GET", "HEAD"):
        return False
    if request.path in ("", "/") or request.path.lower().endswith(_FILES_OF_PAGES):
        return True
    body = answer.body if answer is not None else None
    return body is not None and (body.media_type or "").lower().startswith(_OF_PAGES)
