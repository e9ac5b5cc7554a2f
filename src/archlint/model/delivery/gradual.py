"""Releases that are brought out step by step: Rollouts of Argo Rollouts, and Canaries of Flagger.

Sources: Argo Rollouts, "Specification" and its validation of Rollouts; Flagger, "Deployment Strategies", the
types of ``flagger.app/v1beta1`` and its scheduler.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.world import World

_ROLLOUT = ("argoproj.io", "Rollout")
_FLAGGER = ("flagger.app", "Canary")
_JUDGING = ("analysis", "experiment", "plugin")
"""Steps of a Rollout that may end it."""
WHOLE = 100


@dataclass(frozen=True, slots=True)
class StepFault:
    """A step that does not do what steps are for."""

    node: Node
    kind: str
    weight: int = 0
    other: int = 0
    """The weight of before, or the limit."""


@dataclass(frozen=True)
class GradualRelease(ObjectFacet):
    """One object that says in which steps a workload is released."""

    @classmethod
    def all(cls, world: World) -> Iterable[GradualRelease]:
        """Each Rollout with steps, or with two colours, and each Canary."""
        for base in world.all(KubernetesObject):
            key = (base.group, base.kind)
            if key == _FLAGGER or (key == _ROLLOUT and cls(base).is_staged):
                yield cls(base)

    @property
    def is_flagger(self) -> bool:
        """Whether Flagger carries it out."""
        return self.base.group == _FLAGGER[0]

    @property
    def is_staged(self) -> bool:
        """Whether a Rollout has more than the rolling update of a Deployment."""
        return bool(self.steps) or self.blue_green.is_map

    @property
    def canary(self) -> Node:
        """The strategy of a Rollout by weights."""
        return self.base.get("spec", "strategy", "canary")

    @property
    def blue_green(self) -> Node:
        """The strategy of a Rollout with two colours."""
        return self.base.get("spec", "strategy", "blueGreen")

    @cached_property
    def steps(self) -> tuple[Node, ...]:
        """The steps of a Rollout."""
        return tuple(self.canary.get("steps").elements())

    @property
    def analysis(self) -> Node:
        """What Flagger judges it by; the older name still works."""
        spec = self.base.get("spec")
        return spec.get("analysis") if spec.get("analysis").is_set else spec.get("canaryAnalysis")

    @property
    def unjudged(self) -> tuple[str, Node] | None:
        """How it is released without anything that judges it, and where that is said; ``None`` if something
        does."""
        if self.is_flagger:
            return self._unjudged_by_flagger()
        if self.blue_green.is_map:
            judges = ("prePromotionAnalysis", "postPromotionAnalysis")
            if any(self.blue_green.get(key).is_set for key in judges):
                return None
            waits = self.blue_green.get("autoPromotionEnabled").value is False
            return "waits-green" if waits else "green", self.blue_green
        if self.canary.get("analysis").is_set or any(
            step.get(key).is_set for step in self.steps for key in _JUDGING
        ):
            return None
        waits = any(
            step.get("pause").exists and not step.get("pause", "duration").is_set for step in self.steps
        )
        return "waits" if waits else "timed", self.canary

    def _unjudged_by_flagger(self) -> tuple[str, Node] | None:
        skip, analysis = self.base.get("spec", "skipAnalysis"), self.analysis
        if skip.value is True:
            return "skipped", skip
        if not analysis.is_set:
            return "skipped", self.base.get("spec")
        judges = any(analysis.get(key).value for key in ("metrics", "webhooks"))
        return None if judges else ("unmetered", analysis)

    @property
    def faults(self) -> Iterator[StepFault]:
        """The steps that are wrong."""
        return self._flagger_faults() if self.is_flagger else self._rollout_faults()

    def _rollout_faults(self) -> Iterator[StepFault]:
        most = self.canary.get("trafficRouting", "maxTrafficWeight").integer or WHOLE
        before = 0
        for step in self.steps:
            node = step.get("setWeight")
            weight = node.integer
            if weight is None:
                continue
            if not 0 <= weight <= most:
                yield StepFault(node, "refused", weight, most)
            elif 0 < weight < before:
                yield StepFault(node, "sinks", weight, before)
            before = weight

    def _flagger_faults(self) -> Iterator[StepFault]:
        analysis = self.analysis
        if not analysis.is_map or self.base.get("spec", "skipAnalysis").value is True:
            return
        step, weights = analysis.get("stepWeight"), list(analysis.get("stepWeights").elements())
        most = analysis.get("maxWeight").integer or WHOLE
        if step.integer is not None and step.integer > most:
            yield StepFault(step, "leaps", step.integer, most)
        if not self._goes_by_weight:
            return
        has_provider = self.base.get("spec", "provider").text not in (None, "")
        if has_provider and not step.integer and not weights and not step.text:
            yield StepFault(analysis, "never")
        numbers = [item.integer for item in weights]
        for node, one, other in zip(weights[1:], numbers, numbers[1:], strict=False):
            if one is not None and other is not None and other < one:
                yield StepFault(node, "sinks", other, one)

    @property
    def _goes_by_weight(self) -> bool:
        """Whether Flagger shifts traffic by weight: no number of iterations is given, nor whom it takes."""
        spec = self.base.get("spec")
        is_plain = spec.get("provider").text == "kubernetes"
        return (
            not is_plain
            and not self.analysis.get("iterations").is_set
            and not self.analysis.get("match").is_set
        )
