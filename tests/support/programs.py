"""Programs that tests judge archlint by; where one is missing its tests are skipped, and say so."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


def kube_score() -> str:
    """The path of the real kube-score, from KUBE_SCORE or PATH."""
    return _program("kube-score")


def kubeconform() -> str:
    """The path of the real kubeconform, from KUBECONFORM or PATH."""
    return _program("kubeconform")


def kustomize() -> str:
    """The path of the real kustomize, from KUSTOMIZE or PATH."""
    return _program("kustomize")


def helm() -> str:
    """The path of the real helm, from HELM or PATH."""
    return _program("helm")


def hamba_avro() -> str:
    """The path of the program in ``tests/avro/hamba``, built, from HAMBA_AVRO or PATH."""
    return _program("hamba-avro")


def spectral_modules() -> str:
    """The folder of installed packages in which Spectral is, from SPECTRAL_MODULES."""
    folder = os.environ.get("SPECTRAL_MODULES", "")
    if not folder or shutil.which("node") is None:
        pytest.skip("Spectral not found: put node on PATH and set SPECTRAL_MODULES to node_modules with it")
    return folder


def compose() -> list[str]:
    """The command of the real Docker Compose: a program from DOCKER_COMPOSE or PATH, else docker's plugin."""
    found = shutil.which(os.environ.get("DOCKER_COMPOSE") or "docker-compose")
    for command in ([found] if found else [], ["docker", "compose"]):
        if command and shutil.which(command[0]):
            asked = subprocess.run(
                [*command, "version", "--short"], capture_output=True, text=True, check=False
            )
            if asked.returncode == 0 and asked.stdout.lstrip("v")[:1] not in ("", "1"):
                return command
    pytest.skip("Docker Compose 2 not found: put docker-compose on PATH or set DOCKER_COMPOSE to its path")


def _program(name: str) -> str:
    variable = name.upper().replace("-", "_")
    program = os.environ.get(variable) or name
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{name} not found as '{program}': put it on PATH or set {variable} to its path")
    return found
