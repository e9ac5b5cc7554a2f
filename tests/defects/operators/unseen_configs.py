"""Settings that pods read when they start, and that change without new pods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import Manifest, is_patched, workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_IMAGE = re.compile(r"(?m)^(?P<indent> *)(?P<item>- )?image: .*$")
_ENV = re.compile(r"(?m)^ *env: *\n(?P<indent> *)(?=- )")
_CONTAINERS = re.compile(r"(?m)^(?P<indent> *)containers: *$")
_FROM = {"ConfigMap": "configMapRef", "Secret": "secretRef"}
_KEY = {"ConfigMap": "configMapKeyRef", "Secret": "secretKeyRef"}
_SAID = {"ConfigMap": "data", "Secret": "stringData"}
_CHANGES = {
    "another value": ('  LEVEL: "1"\n  SIZE: "3"\n', '  LEVEL: "2" #HERE\n  SIZE: "3"\n'),
    "a first value": ('  SIZE: "3"\n', '  LEVEL: "1" #HERE\n  SIZE: "3"\n'),
}


def _whole(workload: Manifest, kind: str, name: str) -> str | None:
    """A workload that is given all of an object as variables."""
    image = _IMAGE.search(workload.text)
    if image is None or "envFrom:" in workload.text:
        return None
    step = image["indent"] + ("  " if image["item"] else "")
    lines = f"\n{step}envFrom:\n{step}  - {_FROM[kind]}:\n{step}      name: {name} #OTHER"
    return workload.text[: image.end()] + lines + workload.text[image.end() :]


def _one(workload: Manifest, kind: str, name: str) -> str | None:
    """A workload with one variable from an object."""
    found = _ENV.search(workload.text)
    if found is None:
        return None
    step = found["indent"]
    lines = f"{step}- name: LEVEL\n{step}  valueFrom:\n{step}    {_KEY[kind]}: #OTHER\n"
    lines += f"{step}      name: {name} #OTHER\n{step}      key: LEVEL\n"
    at = found.end() - len(step)
    return workload.text[:at] + lines + workload.text[at:]


def _single_file(workload: Manifest, kind: str, name: str) -> str | None:
    """A workload with one key of an object as a file beside others of its image."""
    image, inside = _IMAGE.search(workload.text), _CONTAINERS.search(workload.text)
    if image is None or inside is None or "olumes:" in workload.text or "olumeMounts:" in workload.text:
        return None
    step = image["indent"] + ("  " if image["item"] else "")
    mount = f"\n{step}volumeMounts:\n{step}  - name: settings\n{step}    mountPath: /etc/app/level\n"
    mount += f"{step}    subPath: LEVEL #OTHER"
    source = f"configMap: {{name: {name}}}" if kind == "ConfigMap" else f"secret: {{secretName: {name}}}"
    volume = f"{inside['indent']}volumes:\n{inside['indent']}  - name: settings\n"
    volume += f"{inside['indent']}    {source} #OTHER\n"
    text = workload.text[: image.end()] + mount + workload.text[image.end() :]
    return text[: inside.start()] + volume + text[inside.start() :]


def _seeded(files: Files) -> Iterator[tuple[str, str, Manifest, str, str]]:
    """What is done, the kind of the object, the workload, its name, and the text that reads it."""
    for workload in workloads(files):
        if is_patched(files, workload.path) or "/kustomize/" in workload.path:
            continue
        for kind in ("ConfigMap", "Secret"):
            name = f"{workload.name}-tuning"
            for how in (_whole, _one, _single_file):
                text = how(workload, kind, name)
                if text is not None:
                    yield f"{workload.name} {kind}{how.__name__}", kind, workload, name, text


def _object(workload: Manifest, kind: str, name: str, body: str, mark: str = "") -> str:
    space = "" if workload.namespace is None else f"\n  namespace: {workload.namespace}"
    return (
        f"---\napiVersion: v1\nkind: {kind}{mark}\nmetadata:\n  name: {name}{space}\n{_SAID[kind]}:\n{body}"
    )


def _with(files: Files, workload: Manifest, text: str, more: str) -> Mapping[str, str]:
    """The file of a workload, with another text for it and one more object at the end."""
    made = workload.with_text(files, text)[workload.path]
    return {workload.path: f"{made.rstrip()}\n{more}"}


@seeds("config-change-without-rollout")
def changed_alone(files: Files) -> Iterator[Defect]:
    """A ConfigMap or Secret that changes while nothing in the pods that read it does."""
    for what, kind, workload, name, text in _seeded(files):
        for change, (old, new) in _CHANGES.items():
            if change == "a first value" and "_whole" not in what:
                continue
            before = marked(files, what, _with(files, workload, text, _object(workload, kind, name, old)))
            after = marked(files, what, _with(files, workload, text, _object(workload, kind, name, new)))
            yield replace(after, what=f"{what}: {change} in {workload.path}", base=before.files)


@seeds("config-never-rolled-out")
def read_at_start_alone(files: Files) -> Iterator[Defect]:
    """Pods that read settings when they start, and of which no change of them makes new ones."""
    for what, kind, workload, name, text in _seeded(files):
        swapped = text.replace("#OTHER", "#HERE")
        body = _CHANGES["another value"][0]
        made = _object(workload, kind, name, body).replace(f"  name: {name}", f"  name: {name} #OTHER")
        made = made.replace(f"kind: {kind}", f"kind: {kind} #OTHER").replace("v1\n", "v1 #OTHER\n")
        yield marked(files, what, _with(files, workload, swapped, made))
