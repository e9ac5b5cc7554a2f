"""Steps that may make files which nothing names: scripts of the repository, and unknown actions."""

from __future__ import annotations

from archlint.model.runbooks.shell import Word, simple_commands

_LONGEST = 50_000
_OWNERS = frozenset({"actions", "docker", "github", "codecov", "step-security", "sigstore", "aquasecurity"})
_PREPARES = ("setup", "login", "install", "auth", "credential", "set-context", "kind-action")
"""What is in the name of an action that gets a program, a cluster or a permission."""
_RUNNERS = frozenset(
    {
        *(
            "make",
            "gmake",
            "task",
            "just",
            "mage",
            "rake",
            "invoke",
            "nox",
            "tox",
            "bazel",
            "earthly",
            "dagger",
        ),
        *(
            "bash",
            "sh",
            "zsh",
            "pwsh",
            "source",
            ".",
            "python",
            "python3",
            "node",
            "ruby",
            "perl",
            "deno",
            "npx",
        ),
        *("tar", "unzip", "kompose", "cdk8s", "skaffold", "helmfile", "jsonnet", "tk", "ytt", "cue", "kcl"),
    }
)
_WITH_SCRIPTS = frozenset({"npm", "yarn", "pnpm", "bun", "go", "poetry", "uv", "pipenv", "hatch", "pdm"})
_RUN = frozenset({"run", "generate", "exec"})


def may_make(action: str, script: str) -> bool:
    """Whether a step may make files that its text does not name."""
    if action and not _is_known(action):
        return True
    if len(script) > _LONGEST:
        return True
    return any(runs_a_script(words) for line in script.split("\n") for words in simple_commands(line))


def runs_a_script(words: list[Word]) -> bool:
    """Whether a command runs what the repository itself wrote down, or a program that generates manifests."""
    program, first = words[0].text, words[1].text if len(words) > 1 else ""
    return "/" in program or program in _RUNNERS or (program in _WITH_SCRIPTS and first in _RUN)


def _is_known(action: str) -> bool:
    owner = action.partition("/")[0]
    return owner in _OWNERS or (not owner.startswith(".") and any(word in action for word in _PREPARES))
