"""Jobs of workflows that deploy.

Sources: GitHub Docs, "Managing environments for deployment" and "Control the concurrency of workflows and
jobs"; the manuals of kubectl, helm, argocd, flux and terraform.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.workflows.steps import workflow_documents
from archlint.model.workflows.strangers import OF_PULLS, starts_of
from archlint.model.world import World

_DEPLOYS = regex(
    r"\bkubectl\b[^\n;&|]{0,120}?[ \t](?:apply|set[ \t]+image|rollout[ \t]+restart|patch|replace)\b"
    r"|\bhelm\b[^\n;&|]{0,120}?[ \t]upgrade\b|\bhelmfile\b[^\n;&|]{0,80}?[ \t](?:apply|sync)\b"
    r"|\bargocd[ \t]+app[ \t]+(?:sync|set)\b|\bterraform\b[^\n;&|]{0,80}?[ \t]apply\b"
    r"|\baws[ \t]+ecs[ \t]+update-service\b|\bgcloud[ \t]+run[ \t]+deploy\b|\bserverless[ \t]+deploy\b"
)
_ACTIONS = frozenset(
    {
        *("azure/k8s-deploy", "google-github-actions/deploy-cloudrun", "azure/webapps-deploy"),
        *("aws-actions/amazon-ecs-deploy-task-definition", "azure/container-apps-deploy-action"),
    }
)
_TRIAL = regex(
    r"(?<![a-z])(?:kind|minikube|k3d|k3s|microk8s|kwok|e2e|vcluster|ctlptl|localstack|envtest|tests?)(?![a-z])"
    r"|--dry-run",
    re.IGNORECASE,
)
"""What tells that a job has a cluster of its own, to try something out, or changes nothing."""
_LONGEST = 50_000


@dataclass(frozen=True, eq=False)
class DeployJob:
    """A job that deploys to something that lasts."""

    name: str
    node: Node
    step: Node
    """What deploys."""
    lacks: tuple[str, ...]
    """Which of ``environment`` and ``concurrency`` neither it nor its workflow has."""

    @classmethod
    def all(cls, world: World) -> Iterable[DeployJob]:
        """Every such job, in the order of the text."""
        for document in workflow_documents(world):
            shared = document.root.get("concurrency").is_set
            jobs = document.root.get("jobs").items() if _lasts(document) else ()
            for name, node in jobs:
                step = None if _TRIAL.search(name) else _deploying(node)
                if step is not None:
                    lacks = [] if node.get("environment").is_set else ["environment"]
                    lacks += [] if shared or node.get("concurrency").is_set else ["concurrency"]
                    yield cls(name, node, step, tuple(lacks))

    @property
    def source(self) -> Document:
        """The workflow."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The job."""
        return ObjectRef("job", self.name)


def _lasts(workflow: Document) -> bool:
    """Whether a workflow is started for more than pull requests, and is no test by its name."""
    events = {start.event for start in starts_of(workflow.root)}
    is_of_pulls = bool(events) and events <= OF_PULLS
    return not is_of_pulls and not _TRIAL.search(workflow.path.rpartition("/")[2])


def _deploying(job: Node) -> Node | None:
    """The step of a job that deploys, unless the job makes a cluster of its own."""
    found: Node | None = None
    for step in job.get("steps").elements():
        action = (step.get("uses").text or "").partition("@")[0]
        script = step.get("run").text or ""
        if len(script) > _LONGEST or _TRIAL.search(f"{action}\n{script}"):
            return None
        if found is None and (action in _ACTIONS or _DEPLOYS.search(script)):
            found = step.get("uses") if action in _ACTIONS else step.get("run")
    return found
