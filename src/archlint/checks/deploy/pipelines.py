"""Pipelines, against what they build and deploy."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import TextFile
from archlint.finding.words import listed, quoted
from archlint.model.workflows.deploying import DeployJob
from archlint.model.workflows.filters import FilteredBuild
from archlint.model.workflows.guarded import UnguardedContracts
from archlint.model.workflows.pushed_images import PushedImage, last_of, meant
from archlint.model.workflows.tested import may_test
from archlint.model.workflows.unbuilt import UnbuiltService
from archlint.model.world import World

_MOST_NAMED = 2


@join(FilteredBuild)
def path_filter_misses_service(build: FilteredBuild, world: World, options: Options) -> Iterator[Observation]:
    """A workflow that no change of what it builds starts."""
    if build.is_missed:
        yield observe(
            build.filter.place(),
            related=[(build.built.place, "what is built")],
            identity=(build.built.path,),
            job=build.built.step.job,
            path=build.built.path,
        )


@join(PushedImage)
def image_built_under_another_name(
    image: PushedImage, world: World, options: Options
) -> Iterator[Observation]:
    """A pushed image that nothing runs, beside one that runs and nobody pushes."""
    other = meant(image, world)
    if other is not None:
        name, place = other
        yield observe(
            image.place,
            related=[(place, "what runs")],
            identity=(last_of(image.name),),
            job=image.job,
            image=last_of(image.name),
            running=last_of(name),
        )


@join(PushedImage)
def image_pushed_untested(image: PushedImage, world: World, options: Options) -> Iterator[Observation]:
    """A pushed image in a repository whose pipelines test nothing."""
    if not world.fact(may_test):
        yield observe(image.place, identity=(last_of(image.name),), job=image.job, image=last_of(image.name))


@join(DeployJob)
def deploy_job_unguarded(job: DeployJob, world: World, options: Options) -> Iterator[Observation]:
    """A job that deploys without an environment, or beside itself."""
    if job.lacks:
        yield observe(
            job.node.place(),
            "default" if len(job.lacks) > 1 else job.lacks[0],
            related=[(job.step.place(), "deploys")],
            identity=(),
            job=job.name,
            lacks=listed(quoted(job.lacks)),
        )


@join(UnguardedContracts)
def contract_unguarded(
    contracts: UnguardedContracts, world: World, options: Options
) -> Iterator[Observation]:
    """Contracts that no pipeline lints or compares."""
    yield observe(
        contracts.workflow.root.get("jobs").place(),
        related=[(TextFile(contracts.paths[0]).place(), "a contract")],
        identity=(),
        contracts=listed(contracts.paths, _MOST_NAMED),
    )


@join(UnbuiltService)
def service_without_pipeline(
    service: UnbuiltService, world: World, options: Options
) -> Iterator[Observation]:
    """A Dockerfile of a service that no pipeline builds, where most others are built."""
    yield observe(
        service.source.place(),
        related=[(service.step.place(), "builds another one")],
        service=service.name,
        built=service.built,
        total=service.total,
    )
