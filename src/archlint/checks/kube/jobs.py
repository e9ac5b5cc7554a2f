"""Jobs: when they may start late, how they end, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.kubernetes import Workload

_ENDING = ("Never", "OnFailure")
_ALWAYS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"})


@check(Workload)
def cron_job_without_deadline(workload: Workload, options: Options) -> Iterator[Observation]:
    """A CronJob that does not say how late it may start."""
    deadline = workload.base.get("spec", "startingDeadlineSeconds")
    if workload.kind == "CronJob" and not deadline.is_set:
        yield observe(deadline.place(), name=workload.name)


@check(Workload)
def restart_policy_refused(workload: Workload, options: Options) -> Iterator[Observation]:
    """A restart policy that the API server refuses for this kind of workload."""
    policy = workload.pod_spec.get("restartPolicy")
    if not workload.pod_spec.is_map or not workload.names_images:
        return
    if workload.kind in ("Job", "CronJob"):
        if policy.text not in _ENDING:
            yield observe(
                policy.place(),
                "job" if policy.is_set else "missing",
                workload=f"{workload.kind} '{workload.name}'",
                value=policy.value if policy.is_set else "Always",
                aliases=_names(workload),
            )
    elif workload.kind in _ALWAYS and policy.is_set and policy.text != "Always":
        yield observe(
            policy.place(),
            "lasting",
            workload=f"{workload.kind} '{workload.name}'",
            value=policy.value,
            aliases=_names(workload),
        )


@check(Workload)
def restart_policy_not_stated(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that rely on the default of ``restartPolicy``, or are never started again."""
    policy = workload.pod_spec.get("restartPolicy")
    if workload.pod_spec.is_map and policy.text not in ("Always", "OnFailure"):
        yield observe(
            policy.place(),
            "never" if policy.is_set else "default",
            workload=f"{workload.kind} '{workload.name}'",
            value=policy.value if policy.is_set else "",
        )


def _names(workload: Workload) -> list[str]:
    """What kube-score says of a CronJob."""
    return ["kube-score:cronjob-restartpolicy"] if workload.kind == "CronJob" else []


@check(Workload)
def finished_jobs_kept(workload: Workload, options: Options) -> Iterator[Observation]:
    """A Job that stays for ever when it is done, or one of a CronJob that goes before its history does."""
    if workload.kind == "Job":
        lifetime = workload.base.get("spec", "ttlSecondsAfterFinished")
        is_hook = any("/hook" in key for key in workload.base.annotations)
        if not lifetime.is_set and not is_hook:
            yield observe(lifetime.place(), name=workload.name)
    elif workload.kind == "CronJob":
        lifetime = workload.base.get("spec", "jobTemplate", "spec", "ttlSecondsAfterFinished")
        if lifetime.is_set:
            yield observe(lifetime.place(), "cron", name=workload.name, seconds=lifetime.value)
