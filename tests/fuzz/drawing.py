"""Draws an input: which repository, what is changed in it, and the command that is run over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from random import Random

from tests.fuzz.mutations import mutated
from tests.fuzz.programs import NAME, output_about
from tests.fuzz.revisions import BRANCH
from tests.fuzz.seeds import Seed, seeds
from tests.fuzz.trial import Trial

FORMATS = ("text", "concise", "json", "sarif", "github", "junit", "gitlab", "markdown")
_RULES = (
    "memory-limit-missing",
    "KUBE",
    "SHOP101",
    "two-replicas",
    "tag:security",
    "other:no-latest",
    "ALL",
    "x",
)
_NAMES = (
    "##[error]x.yaml",
    "::error::x.yaml",
    "a\r::error::b.yaml",
    "\u2028::x.yaml",
    "-x.yaml",
    "a b.json",
)
_CONFIGURED = 0.12
"""How often the configuration, rules, suppressions or the baseline are what is changed."""


def draw(random: Random) -> Trial:
    """A new input."""
    configured, others = _sorted_seeds()
    seed = random.choice(configured if random.random() < _CONFIGURED else others)
    files, base = dict(seed.files), dict(seed.base or seed.files)
    for side in (files, base):
        if side and (side is files or random.random() < 0.3):
            path = random.choice(sorted(side))
            side[path] = mutated(side[path], path, random)
            if random.random() < 0.03:
                side[_renamed(path, random)] = side.pop(path)
    kind = random.choice(_kinds(seed, files))
    return kind(Trial(files, base, ()), random)


@cache
def _sorted_seeds() -> tuple[list[Seed], list[Seed]]:
    """Those whose configuration is what is mutated, and the others."""
    return [each for each in seeds() if each.configures], [each for each in seeds() if not each.configures]


def _renamed(path: str, random: Random) -> str:
    folder = path.rpartition("/")[0]
    name = random.choice(_NAMES)
    return f"{folder}/{name}" if folder else name


Kind = Callable[[Trial, Random], Trial]
"""Puts a command to a repository, and what the command needs besides."""


def _kinds(seed: Seed, files: Mapping[str, str]) -> list[Kind]:
    if seed.configures:
        return [
            _check,
            _check,
            _diff,
            _mend,
            _accept,
            _accept,
            _graph,
            _configuration,
            _inventory,
            _rules,
            _explain,
            _base,
            _import,
            _import,
        ]
    kinds = [_check] * 6 + [_diff, _mend, _accept, _graph, _configuration, _inventory, _breaking, _base]
    kinds += [_breaking] * 8 + [_base] * 2 if seed.base else []
    return [*kinds, _standard_input, _kube_score] if files else kinds


def _check(trial: Trial, random: Random) -> Trial:
    arguments = random.choice(
        (
            ("check", ".", "--select", "ALL", *_format(random)),
            ("check", ".", *_format(random)),
            ("check", ".", "--select", "ALL", "--show-suppressed", "--verbose", *_format(random)),
            ("check", ".", "--statistics", "--profile", "strict"),
            ("check", ".", "--isolated", "--select", "ALL", *_format(random)),
            (
                "check",
                ".",
                "--select",
                "ALL",
                "--output",
                f"{random.choice(FORMATS)}=../report",
                *_format(random),
            ),
            ("check", *sorted(trial.files)[:1], "--select", "ALL", *_format(random)),
        )
    )
    # A path that looks like a flag is written as one that does not.
    return replace(
        trial, arguments=tuple(f"./{word}" if word.startswith("-x") else word for word in arguments)
    )


def _diff(trial: Trial, random: Random) -> Trial:
    more = random.choice((("--fix",), ("--unsafe-fixes",), ("--fix", "--unsafe-fixes")))
    return replace(trial, arguments=("check", ".", "--diff", *more, "--select", "ALL"))


def _mend(trial: Trial, random: Random) -> Trial:
    return replace(
        trial, arguments=("check", ".", "--fix", "--unsafe-fixes", "--select", "ALL", *_format(random))
    )


def _accept(trial: Trial, random: Random) -> Trial:
    where = random.choice(((), (), ("--baseline", "known.json")))
    return replace(trial, arguments=("check", ".", "--update-baseline", *where, *_format(random)))


def _graph(trial: Trial, random: Random) -> Trial:
    return replace(
        trial, arguments=("graph", ".", "--format", random.choice(("json", "mermaid", "dot", "svg")))
    )


def _configuration(trial: Trial, random: Random) -> Trial:
    more = random.choice(
        (("--format", "json"), ("--format", "text"), ("--schema",), ("--select", random.choice(_RULES)))
    )
    return replace(trial, arguments=("config", ".", *more))


def _import(trial: Trial, random: Random) -> Trial:
    """Whatever file it is, taken for a configuration of some tool."""
    tool = random.choice((None, "kube-linter", "kube-score", "polaris", "spectral"))
    file = random.choice(sorted(trial.files) or ["none"])
    chosen = ("--from", tool) if tool else ()
    return replace(trial, arguments=("config", "import", *chosen, "--", file))


def _inventory(trial: Trial, random: Random) -> Trial:
    return replace(trial, arguments=("inventory", ".", "--format", random.choice(("text", "json"))))


def _rules(trial: Trial, random: Random) -> Trial:
    chosen = random.choice(((), (random.choice(_RULES),)))
    return replace(
        trial, arguments=("rules", *chosen, "--format", random.choice(("text", "json", "markdown")))
    )


def _explain(trial: Trial, random: Random) -> Trial:
    more = random.choice((("--format", "markdown"), ("--color", "always"), ()))
    return replace(trial, arguments=("explain", random.choice(_RULES), *more))


def _breaking(trial: Trial, random: Random) -> Trial:
    chosen = random.choice(((), ("--select", "ALL")))
    return replace(trial, arguments=("breaking", "../base", ".", *chosen, *_format(random)))


def _base(trial: Trial, random: Random) -> Trial:
    """Against what git knows, which is the base."""
    more = random.choice(((), (), ("--new-only",), ("--tracked",), ("--new-only", "--statistics")))
    return replace(
        trial, arguments=("check", ".", "--base", BRANCH, *more, "--select", "ALL", *_format(random))
    )


def _standard_input(trial: Trial, random: Random) -> Trial:
    """What an editor holds is changed once more than what was saved."""
    path = random.choice(sorted(trial.files))
    text = mutated(trial.files[path], path, random)
    more = random.choice(((), ("--diff", "--unsafe-fixes")))
    shown = () if more else _format(random)
    arguments = ("check", "-", f"--stdin-filename={path}", "--select", "ALL", *more, *shown)
    return replace(trial, arguments=arguments, standard_input=text)


def _kube_score(trial: Trial, random: Random) -> Trial:
    arguments = (
        "check",
        ".",
        f"--kube-score=../{NAME}",
        *random.choice(((), ("--select", "ALL"))),
        *_format(random),
    )
    return replace(trial, arguments=arguments, scores=output_about(trial.files, random))


def _format(random: Random) -> tuple[str, ...]:
    return ("--format", random.choice(FORMATS) if random.random() < 0.7 else "json")
