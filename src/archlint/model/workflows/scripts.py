"""What pipelines run, as text: workflows, actions of the repository, and the scripts and settings of the
programs that build and test it.
"""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import basename

from archlint.documents import Document
from archlint.model.workflows.steps import workflow_documents
from archlint.model.workflows.tested import every_path, is_of_another_system
from archlint.model.world import World

_NAMES = frozenset(
    {
        *(
            "makefile",
            "gnumakefile",
            "justfile",
            "rakefile",
            "gemfile",
            "earthfile",
            "tiltfile",
            "magefile.go",
        ),
        *("taskfile.yml", "taskfile.yaml", "package.json", "composer.json", "pyproject.toml", "tox.ini"),
        *(
            "noxfile.py",
            "tasks.py",
            "setup.cfg",
            "pom.xml",
            "build.gradle",
            "build.gradle.kts",
            "project.json",
        ),
        *("nx.json", "turbo.json", "lefthook.yml", "libs.versions.toml", ".pre-commit-config.yaml"),
        *("workspace", "module.bazel", "build.bazel", "skaffold.yaml", "docker-bake.hcl", "devspace.yaml"),
    }
)
_ENDINGS = (".sh", ".bash", ".mk", ".ps1", ".dockerfile")
_BEGINNINGS = ("dockerfile", "containerfile", "requirements")
_FOLDERS = (".github/", "hack/", "scripts/", "ci/")
_MOST_FILES = 3_000
_LONGEST = 200_000


def pipeline_texts(world: World) -> Mapping[str, str] | None:
    """The texts by path, those of workflows first; ``None`` if some are not known: pipelines of other
    systems, jobs of other repositories, and what is too much to read. Ask with
    ``world.fact(pipeline_texts)``.
    """
    workflows = workflow_documents(world)
    every = world.fact(every_path) if workflows else ()
    if any(map(is_of_another_system, every)) or any(map(_uses_foreign_jobs, workflows)):
        return None
    paths = sorted(filter(_is_run, every), key=lambda path: (not path.startswith(".github/"), path))
    if len(paths) > _MOST_FILES:
        return None
    texts = {path: world.text(path) or "" for path in paths}
    return texts if all(len(text) <= _LONGEST for text in texts.values()) else None


def _uses_foreign_jobs(workflow: Document) -> bool:
    jobs = (job for _, job in workflow.root.get("jobs").items())
    return any(not (job.get("uses").text or ".").startswith(".") for job in jobs)


def _is_run(path: str) -> bool:
    name = basename(path).lower()
    if path.startswith(_FOLDERS) and "." not in name.removesuffix(".yaml").removesuffix(".yml"):
        return True
    return name in _NAMES or name.endswith(_ENDINGS) or name.startswith(_BEGINNINGS)
