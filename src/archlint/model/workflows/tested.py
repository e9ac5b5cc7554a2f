"""Whether anything in a repository's pipelines tests what they build.

What is not read counts as a test: scripts, other systems of continuous integration, and workflows of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename

from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.model.workflows.makers import may_make
from archlint.model.workflows.steps import workflow_documents
from archlint.model.world import World

_TESTS = regex(
    r"(?i)tests?(?![a-z])|pytest|spec\b|verify|\bcheck\b|jest|mocha|karma|cypress|phpunit|\b(?:mvnw?|gradlew?)\b"
)
"""Words by which commands and actions say that they test; Maven and Gradle do so as they build."""
_OTHERS = frozenset(
    {
        *(".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml", ".travis.yml", "bitbucket-pipelines.yml"),
        *("cloudbuild.yaml", "buildspec.yml", ".drone.yml", "appveyor.yml", ".cirrus.yml", "Earthfile"),
    }
)
_OTHER_FOLDERS = (".circleci/", ".buildkite/", ".tekton/", ".semaphore/", ".woodpecker/", ".teamcity/")
_LONGEST = 100_000


def may_test(world: World) -> bool:
    """Whether some pipeline tests something, or may; ask with ``world.fact(may_test)``."""
    if any(map(is_of_another_system, world.fact(every_path))):
        return True
    jobs = (job for document in workflow_documents(world) for _, job in document.root.get("jobs").items())
    return any(_job_may_test(job) for job in jobs) or any(map(_file_may_test, _build_files(world)))


def is_of_another_system(path: str) -> bool:
    """Whether a file is a pipeline of a system whose pipelines are not read."""
    return basename(path) in _OTHERS or path.startswith(_OTHER_FOLDERS)


def every_path(world: World) -> Sequence[str]:
    """The files of the world, those of no kind included; ask with ``world.fact(every_path)``."""
    return sorted({*world.kinds, *world.tree.paths()})


def _job_may_test(job: Node) -> bool:
    if job.get("uses").is_set:
        return True
    for step in job.get("steps").elements():
        action, script = step.get("uses").text or "", step.get("run").text or ""
        if may_make(action, script) or _TESTS.search(action) or _TESTS.search(script):
            return True
    return False


def _build_files(world: World) -> Iterator[str]:
    """The texts of Dockerfiles, in which tests may run too."""
    for path in world.fact(every_path):
        if "ockerfile" in basename(path) or basename(path).startswith("Containerfile"):
            yield world.text(path) or ""


def _file_may_test(text: str) -> bool:
    return len(text) > _LONGEST or _TESTS.search(text) is not None
