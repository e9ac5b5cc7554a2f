"""The laws, as functions from a case and what archlint says of it to what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from archlint.finding import Finding, Severity
from tests.laws.cases import Batch, Built, Case
from tests.laws.documents import Way
from tests.laws.edits import Edit
from tests.laws.marked import Writing
from tests.laws.policies import levels
from tests.laws.versions import bare
from tests.laws.witnesses import Status, told


@dataclass(frozen=True)
class Fault:
    """What is wrong about a case; ``law`` is one word for it."""

    law: str
    built: Built
    told: str

    def __str__(self) -> str:
        return f"{self.law}: {self.built.case}: {self.told}"


def faults_in(batch: Batch) -> Iterator[Fault]:
    """What is wrong in a batch of cases."""
    proofs = batch.proofs()
    for built in batch.built:
        number = built.case.number
        for proof in proofs[number]:
            if proof.status is Status.FALSE:
                yield Fault("false", built, told(proof))
        yield from faults_of(built, batch.findings[number], batch.pairs.version)


def faults_of(built: Built, findings: Sequence[Finding], version: str) -> list[Fault]:
    """What is wrong with what is said about a case."""
    if not built.lost and not built.new:
        loud = [finding for finding in findings if finding.severity is Severity.ERROR]
        return [Fault("alarm", built, _told(loud))] if loud else []
    if not findings:
        return [Fault("silent", built, f"lost {built.lost[:2]}, new {built.new[:2]}")]
    found: list[Fault] = []
    stray = [each for each in findings if (each.location.path, each.location.pointer) not in built.tokens]
    if len(stray) == len(findings):
        found.append(Fault("place", built, f"{_told(stray)}; right: {sorted(built.tokens)}"))
    if len(findings) > 1:
        found.append(Fault("twice", built, _told(findings)))
    found += _level_fault(built, findings, version)
    return found


def _level_fault(built: Built, findings: Sequence[Finding], version: str) -> list[Fault]:
    case = built.case
    expected = level_alone(case.edit, version, case.place.way, case.place.writing)
    level = max(finding.severity for finding in findings)
    is_harmed = bool(built.lost if case.place.way is Way.WRITE else built.new)
    ruled = case.edit.policies.union(*(_OF_LAYERS.get(layer.__name__, ()) for layer in case.layers))
    allowed = {expected, *levels(ruled, case.place.way, is_harmed)}
    if any(_NOT_SENT.get(layer.__name__) is case.place.way for layer in case.layers):
        allowed = levels(("not-sent",), case.place.way, is_harmed=True)
    if not is_harmed and _is_harm_alone(case.edit, version, case.place.way, case.place.writing):
        allowed |= {Severity.INFO}  # the whole absorbs it
    if level in allowed:
        return []
    text = (
        f"is {level.name.lower()}, alone {expected.name.lower() if expected else 'none'}; {_told(findings)}"
    )
    return [Fault("level", built, text)]


_OF_LAYERS = dict.fromkeys(("oneOf_branch", "oneOf_with_null"), ("branches-overlap",))
"""The policies that may rule what stands in a layer."""
_NOT_SENT = {"readOnly_member": Way.WRITE, "writeOnly_member": Way.READ}
"""The layers whose values never go one way."""


@cache
def alone(edit: Edit, version: str, way: Way, writing: Writing) -> tuple[Built, tuple[Finding, ...]]:
    """What is said about an edit by itself."""
    case = Case(0, edit, (), bare(version)[way, writing], f"{version} alone")
    batch = Batch([case], version)
    return batch.built[0], tuple(batch.findings[0])


def level_alone(edit: Edit, version: str, way: Way, writing: Writing) -> Severity | None:
    """The level of an edit by itself; ``None`` if nothing is said."""
    _, findings = alone(edit, version, way, writing)
    return max((finding.severity for finding in findings), default=None)


def _is_harm_alone(edit: Edit, version: str, way: Way, writing: Writing) -> bool:
    """Whether values show that an edit by itself does harm."""
    built, _ = alone(edit, version, way, writing)
    return bool(built.lost if way is Way.WRITE else built.new)


def fault_alone(edit: Edit, version: str, way: Way, writing: Writing) -> Fault | None:
    """What is wrong with the level of an edit by itself: values and the table of policies say it."""
    built, findings = alone(edit, version, way, writing)
    is_harmed = bool(built.lost if way is Way.WRITE else built.new)
    level = max((finding.severity for finding in findings), default=None)
    ruled = levels(edit.policies, way, is_harmed)
    expected = {Severity.ERROR} if is_harmed else {Severity.INFO}
    if level in expected or level in ruled:
        return None
    name = level.name.lower() if level else "none"
    return Fault("alone", built, f"{way} {writing}: is {name}, lost {built.lost[:2]}, new {built.new[:2]}")


def _told(findings: Sequence[Finding]) -> str:
    return "; ".join(
        f"{each.rule} {each.severity.name.lower()} at {each.location.path}#{each.location.pointer}"
        for each in findings
    )
