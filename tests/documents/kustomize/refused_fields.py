"""Kustomizations that neither the program nor archlint builds, for each thing that can be wrong in a field."""

# ruff: noqa: E501 (files as they are written)

from __future__ import annotations

_TAKEN = "resources: [a.yaml]\n"


def _operation(text: str) -> str:
    """One operation of a JSON 6902 patch."""
    return f"{_TAKEN}patches:\n- target: {{kind: ConfigMap}}\n  patch: |-\n    - {text}\n"


def _on_list(operation: str) -> str:
    """An operation on an object with a list of one item."""
    patch = f"patches:\n- target: {{kind: T}}\n  patch: '- {operation}'\n"
    return _of("apiVersion: v1\nkind: T\nmetadata: {name: a}\nl: [1]\n", patch)


def _of(text: str, overlay: str = "") -> str:
    """Another object with what is done to it."""
    return f"resources: [b.yaml]\n{overlay}== top/b.yaml\n{text}"


def _replaced(text: str) -> str:
    return f"{_TAKEN}replacements:\n{text}"


def _from(field: str) -> str:
    """A replacement with a source."""
    targets = "targets: [{select: {kind: ConfigMap}, fieldPaths: [data.k]}]"
    return _replaced(f"- source: {{kind: ConfigMap, {field}}}\n  {targets}\n")


def _to(field: str) -> str:
    """A replacement with a target."""
    return _replaced(
        f"- sourceValue: x\n  targets:\n  - select: {{kind: ConfigMap}}\n    fieldPaths: [{field}]\n"
    )


def _transformer(text: str) -> str:
    return f"{_TAKEN}transformers:\n- |-\n  apiVersion: builtin\n{text}"


def _configured(text: str, overlay: str = "") -> str:
    return f"{_TAKEN}configurations: [c.yaml]\n{overlay}== top/c.yaml\n{text}"


def _literals(text: str) -> str:
    return f"{_TAKEN}configMapGenerator:\n- name: g\n{text}"


REFUSED_FIELDS = {
    "an operation on the index of a map list": (
        _operation("{op: add, path: /data/k/0, value: 1}"),
        "top/kustomization.yaml:5",
    ),
    "an operation on a word as an index": (
        _on_list("{op: add, path: /l/x, value: 1}"),
        "top/kustomization.yaml:4",
    ),
    "an operation beyond a list": (_on_list("{op: add, path: /l/2, value: 1}"), "top/kustomization.yaml:4"),
    "an operation before a list": (_on_list("{op: add, path: /l/-3, value: 1}"), "top/kustomization.yaml:4"),
    "a replacement beyond a list": (
        _on_list("{op: replace, path: /l/1, value: 1}"),
        "top/kustomization.yaml:4",
    ),
    "a removal beyond a list": (_on_list("{op: remove, path: /l/1}"), "top/kustomization.yaml:4"),
    "an unknown operation": (_operation("{op: append, path: /data/k, value: 1}"), "top/kustomization.yaml:5"),
    "no operation": (_operation("{path: /data/k, value: 1}"), "top/kustomization.yaml:5"),
    "an operation without a path": (_operation("{op: add, value: 1}"), "top/kustomization.yaml:5"),
    "an operation with a number for a path": (
        _operation("{op: add, path: 1, value: 1}"),
        "top/kustomization.yaml:5",
    ),
    "an operation that is a text": (_operation("text"), "top/kustomization.yaml:5"),
    "a test that fails": (_operation("{op: test, path: /data/k, value: 1}"), "top/kustomization.yaml:5"),
    "a test of nothing": (_operation("{op: test, path: /data/x, value: 1}"), "top/kustomization.yaml:5"),
    "a move without from": (_operation("{op: move, path: /data/k}"), "top/kustomization.yaml:5"),
    "a move of nothing": (_operation("{op: move, from: /data/x, path: /data/k}"), "top/kustomization.yaml:5"),
    "a list of operations without a target": (
        _TAKEN + "patches:\n- patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "an empty patch": (_TAKEN + "patches:\n- patch: '# nothing'\n", "top/kustomization.yaml:3"),
    "neither path nor patch": (
        _TAKEN + "patches:\n- target: {kind: ConfigMap}\n",
        "top/kustomization.yaml:3",
    ),
    "both path and patch": (
        _TAKEN
        + "patches:\n- path: p.yaml\n  patch: 'a: b'\n== top/p.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        "top/kustomization.yaml:3",
    ),
    "several patches with a target": (
        _TAKEN
        + "patches:\n- target: {kind: ConfigMap}\n  path: p.yaml\n== top/p.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
        "top/kustomization.yaml:3",
    ),
    "patchesJson6902 without a name": (
        _TAKEN
        + "patchesJson6902:\n- target: {version: v1, kind: ConfigMap}\n  patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "patchesJson6902 without a patch": (
        _TAKEN
        + "patchesJson6902:\n- target: {version: v1, kind: ConfigMap, name: a}\n  patch: '# nothing'\n",
        "top/kustomization.yaml:3",
    ),
    "patchesJson6902 with a map": (
        _TAKEN
        + "patchesJson6902:\n- target: {version: v1, kind: ConfigMap, name: a}\n  patch: 'op: remove'\n",
        "top/kustomization.yaml:4",
    ),
    "an unknown directive": (
        _TAKEN
        + "patches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {$patch: drop}}'\n",
        "top/kustomization.yaml:3",
    ),
    "an unknown field of a target": (
        _TAKEN + "patches:\n- target: {kinds: ConfigMap}\n  patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "a number for a name in a target": (
        _TAKEN + "patches:\n- target: {name: 1}\n  patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "a list for a target": (
        _TAKEN + "patches:\n- target: [a]\n  patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "a pattern that is none": (
        _TAKEN + "patches:\n- target: {name: 'a('}\n  patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "a selector that is none": (
        _TAKEN + "patches:\n- target: {labelSelector: 'a in b'}\n  patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "a selector with a word for a number": (
        _TAKEN + "patches:\n- target: {labelSelector: 'a>b'}\n  patch: '- {op: remove, path: /data}'\n",
        "top/kustomization.yaml:3",
    ),
    "an image that is no pattern": (
        _of(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: a}]}\n",
            "images:\n- name: 'a('\n  newTag: b\n",
        ),
        "top/kustomization.yaml:3",
    ),
    "an image that is a map": (
        _of(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: {a: b}}]}\n",
            "images: [{name: a, newTag: b}]\n",
        ),
        "top/b.yaml:4",
    ),
    "a container that is a text": (
        _of(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [text]}\n",
            "images: [{name: a, newTag: b}]\n",
        ),
        "top/b.yaml:4",
    ),
    "replicas in a map": (
        _of(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: {a: b}}\n",
            "replicas: [{name: a, count: 2}]\n",
        ),
        "top/b.yaml:4",
    ),
    "a literal without a value": (_literals("  literals: [a]\n"), "top/kustomization.yaml:4"),
    "a literal without a key": (_literals("  literals: ['=a']\n"), "top/kustomization.yaml:4"),
    "a key twice": (_literals("  literals:\n  - a=1\n  - a=2\n"), "top/kustomization.yaml:6"),
    "a generator without a name": (
        _TAKEN + "configMapGenerator:\n- literals: [a=b]\n",
        "top/kustomization.yaml:3",
    ),
    "a file with two signs": (_literals("  files: [a=b=a.yaml]\n"), "top/kustomization.yaml:4"),
    "a file without a key": (_literals("  files: ['=a.yaml']\n"), "top/kustomization.yaml:4"),
    "a file without a path": (_literals("  files: ['a=']\n"), "top/kustomization.yaml:4"),
    "a file that a generator misses": (_literals("  files: [none.txt]\n"), "top/kustomization.yaml:4"),
    "variables that are no text": (
        _literals("  envs: [v.env]\n== top/v.env\nA=1\nB=\udcff\n"),
        "top/kustomization.yaml:4",
    ),
    "merging into nothing": (_literals("  behavior: merge\n  literals: [a=b]\n"), "top/kustomization.yaml:3"),
    "making what is there": (
        _TAKEN + "configMapGenerator:\n- name: a\n  literals: [a=b]\n",
        "top/kustomization.yaml:3",
    ),
    "an object that is a list": (_of("- a\n"), "top/b.yaml:1"),
    "an object without a kind": (_of("apiVersion: v1\nmetadata: {name: a}\n"), "top/b.yaml:1"),
    "items that are a map": (_of("apiVersion: v1\nkind: ConfigMapList\nitems: {a: b}\n"), "top/b.yaml:3"),
    "metadata that is a list": (_of("apiVersion: v1\nkind: ConfigMap\nmetadata: [a]\n"), "top/b.yaml:2"),
    "a kind that is none": (_TAKEN + "kind: Customization\n", "top/kustomization.yaml:2"),
    "a version of a Component": (
        _TAKEN + "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Kustomization\n",
        "top/kustomization.yaml:2",
    ),
    "text for a list": (_TAKEN + "patches: a\n", "top/kustomization.yaml:2"),
    "text for a map": (_TAKEN + "commonLabels: a\n", "top/kustomization.yaml:2"),
    "a list for a map": (_TAKEN + "commonLabels: [a]\n", "top/kustomization.yaml:2"),
    "a map for a list": (_TAKEN + "patches: {a: b}\n", "top/kustomization.yaml:2"),
    "text for an entry": (_TAKEN + "patches: [a]\n", "top/kustomization.yaml:2"),
    "a number for a label": (_TAKEN + "commonLabels: {a: 1}\n", "top/kustomization.yaml:2"),
    "a text for a boolean": (
        _TAKEN + "labels: [{pairs: {a: b}, includeSelectors: 'true'}]\n",
        "top/kustomization.yaml:2",
    ),
    "a boolean for a number": (_TAKEN + "replicas: [{name: a, count: true}]\n", "top/kustomization.yaml:2"),
    "a list for a text": (_TAKEN + "namePrefix: [a]\n", "top/kustomization.yaml:2"),
    "several kustomizations": (_TAKEN + "== top/kustomization.yml\nresources: [a.yaml]\n", ""),
    "an empty kustomization": ("# nothing\n", ""),
    "a folder without a kustomization": (
        "resources: [../none]\n== none/b.yaml\nkind: A\n",
        "top/kustomization.yaml:1",
    ),
    "a resource without a name": ("resources: [a.yaml, '']\n", "top/kustomization.yaml:1"),
    "a resource that is a text": (_of("just text\n"), "top/b.yaml:1"),
    "a resource that is no YAML": (_of("a: [\n"), "top/kustomization.yaml:1"),
    "a kustomization as a component": (
        _TAKEN + "components: [../part]\n== part/kustomization.yaml\nnamePrefix: a\n",
        "top/kustomization.yaml:2",
    ),
    "a component that is a file": (_TAKEN + "components: [a.yaml]\n", "top/kustomization.yaml:2"),
    "a component that is not there": (_TAKEN + "components: [../none]\n", "top/kustomization.yaml:2"),
    "an absolute path": (_TAKEN + "crds: [/a.yaml]\n", "top/kustomization.yaml:2"),
    "openapi by path and version": (
        _TAKEN + "openapi: {path: a.yaml, version: v1.20.4}\n",
        "top/kustomization.yaml:2",
    ),
    "configurations that are a list": (_configured("- a\n"), "top/c.yaml:1"),
    "an unknown configuration": (_configured("other: []\n"), "top/c.yaml:1"),
    "specifications that are a map": (_configured("namePrefix: {path: a}\n"), "top/c.yaml:1"),
    "specifications that are texts": (_configured("namePrefix: [a]\n"), "top/c.yaml:1"),
    "an unknown field of a specification": (
        _configured("namePrefix: [{path: a, creates: true}]\n"),
        "top/c.yaml:1",
    ),
    "specifications that contradict": (
        _configured("commonLabels: [{path: metadata/labels, create: false}]\n"),
        "top/kustomization.yaml:2",
    ),
    "an empty part of a path": (
        _configured("commonLabels: [{path: a//b, create: true}]\n", "commonLabels: {a: b}\n"),
        "top/kustomization.yaml:3",
    ),
    "a path below a text": (
        _configured("commonLabels: [{path: data/k/x, create: true}]\n", "commonLabels: {a: b}\n"),
        "top/a.yaml:4",
    ),
    "labels of a text": (
        _configured("commonLabels: [{path: data/k, create: true}]\n", "commonLabels: {a: b}\n"),
        "top/a.yaml:4",
    ),
    "a prefix of a map": (_configured("namePrefix: [{path: data}]\n", "namePrefix: p-\n"), "top/a.yaml:4"),
    "a namespace in a map": (_configured("namespace: [{path: data}]\n", "namespace: p\n"), "top/a.yaml:4"),
    "definitions that are a list": (_TAKEN + "crds: [c.yaml]\n== top/c.yaml\n- a\n", "top/c.yaml:1"),
    "subjects that are a map": (
        _of(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nsubjects: {a: b}\n",
            "namespace: z\n",
        ),
        "top/b.yaml:4",
    ),
    "a subject that is a text": (
        _of(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nsubjects: [a]\n",
            "namespace: z\n",
        ),
        "top/b.yaml:4",
    ),
    "a reference without a name": (
        "resources: [a.yaml, b.yaml]\nnamePrefix: p-\n== top/b.yaml\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: a}\nwebhooks: [{clientConfig: {service: {namespace: a}}}]\n",
        "top/b.yaml:4",
    ),
    "a var twice": (
        _TAKEN
        + "vars:\n- {name: A, objref: {apiVersion: v1, kind: ConfigMap, name: a}}\n- {name: A, objref: {apiVersion: v1, kind: ConfigMap, name: a}}\n",
        "top/kustomization.yaml:4",
    ),
    "a var of nothing": (
        _TAKEN + "vars:\n- {name: A, objref: {apiVersion: v1, kind: ConfigMap, name: b}}\n",
        "top/kustomization.yaml:3",
    ),
    "a var of a field that is not there": (
        _TAKEN
        + "vars:\n- name: A\n  objref: {apiVersion: v1, kind: ConfigMap, name: a}\n  fieldref: {fieldPath: spec.x}\n",
        "top/kustomization.yaml:3",
    ),
    "a var of an index of a map": (
        _TAKEN
        + "vars:\n- name: A\n  objref: {apiVersion: v1, kind: ConfigMap, name: a}\n  fieldref: {fieldPath: 'data[0]'}\n",
        "top/kustomization.yaml:3",
    ),
    "a var of several": (
        "resources: [b.yaml]\nvars:\n- {name: A, objref: {apiVersion: v1, kind: ConfigMap, name: a}}\n== top/b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: x}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: y}\n",
        "top/kustomization.yaml:3",
    ),
    "a replacement without targets": (_replaced("- source: {kind: ConfigMap}\n"), "top/kustomization.yaml:3"),
    "a replacement without a source": (
        _replaced("- targets: [{select: {kind: ConfigMap}, fieldPaths: [data.k]}]\n"),
        "top/kustomization.yaml:3",
    ),
    "a replacement with two sources": (
        _replaced(
            "- source: {kind: ConfigMap}\n  sourceValue: x\n  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.k]}]\n"
        ),
        "top/kustomization.yaml:4",
    ),
    "a replacement with a path and a source": (
        _replaced("- path: a.yaml\n  source: {kind: ConfigMap}\n"),
        "top/kustomization.yaml:3",
    ),
    "a source that is not there": (
        _replaced("- source: {kind: Pod}\n  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.k]}]\n"),
        "top/kustomization.yaml:3",
    ),
    "a source without the field": (_from("fieldPath: data.x"), "top/kustomization.yaml:3"),
    "a source with an empty field": (_from("fieldPath: data.k.x"), "top/kustomization.yaml:3"),
    "a source with an index in a map": (_from("fieldPath: data.0"), "top/kustomization.yaml:3"),
    "a source with a star": (_from("fieldPath: 'data.*'"), "top/kustomization.yaml:3"),
    "a source chosen from a map": (_from("fieldPath: 'data.[a=b]'"), "top/kustomization.yaml:3"),
    "a source chosen by nothing": (_from("fieldPath: 'data.[a]x'"), "top/kustomization.yaml:3"),
    "a part that a source has not": (
        _from("fieldPath: data.k, options: {delimiter: '-', index: 1}"),
        "top/kustomization.yaml:3",
    ),
    "a part of a map": (_from("fieldPath: data, options: {delimiter: '-', index: 0}"), "top/a.yaml:4"),
    "a target that selects nothing": (
        _replaced("- sourceValue: x\n  targets:\n  - fieldPaths: [data.k]\n"),
        "top/kustomization.yaml:5",
    ),
    "a target without the field": (_to("data.x"), "top/kustomization.yaml:6"),
    "a target with an index in a map": (_to("data.0"), "top/kustomization.yaml:6"),
    "a target with a star in a map": (_to("'data.*'"), "top/kustomization.yaml:6"),
    "a target below a text": (_to("data.k.x"), "top/kustomization.yaml:6"),
    "a target that is chosen by no pattern": (_to("'data.[a=(]'"), "top/kustomization.yaml:6"),
    "a part of a target that is a map": (
        _replaced(
            "- sourceValue: x\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data]\n    options: {delimiter: '-'}\n"
        ),
        "top/a.yaml:4",
    ),
    "two sources": (
        "resources: [b.yaml]\nreplacements:\n- source: {kind: ConfigMap}\n  targets: [{select: {kind: ConfigMap}, fieldPaths: [metadata.name]}]\n== top/b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
        "top/kustomization.yaml:3",
    ),
    "a transformer that is a program": (
        _TAKEN + "transformers:\n- |-\n  apiVersion: x.io/v1\n  kind: Magic\n  metadata: {name: a}\n",
        "top/kustomization.yaml:5",
    ),
    "an unknown transformer": (
        _transformer("  kind: Magic\n  metadata: {name: a}\n"),
        "top/kustomization.yaml:5",
    ),
    "an unknown generator": (
        _TAKEN + "generators:\n- |-\n  apiVersion: builtin\n  kind: Magic\n  metadata: {name: a}\n",
        "top/kustomization.yaml:5",
    ),
    "an unknown choice of subjects": (
        _transformer(
            "  kind: NamespaceTransformer\n  metadata: {name: a, namespace: b}\n  setRoleBindingSubjects: some\n"
        ),
        "top/kustomization.yaml:7",
    ),
    "a prefix without specifications": (
        _transformer("  kind: PrefixTransformer\n  metadata: {name: a}\n  prefix: b\n"),
        "top/kustomization.yaml:5",
    ),
    "labels that are a text": (
        _transformer(
            "  kind: LabelTransformer\n  metadata: {name: a}\n  labels: b\n  fieldSpecs: [{path: metadata/labels, create: true}]\n"
        ),
        "top/kustomization.yaml:5",
    ),
    "no patch to merge": (
        _transformer("  kind: PatchStrategicMergeTransformer\n  metadata: {name: a}\n"),
        "top/kustomization.yaml:5",
    ),
    "a chart": (
        _TAKEN + "helmCharts:\n- {name: a, repo: 'https://example.com'}\n",
        "top/kustomization.yaml:3",
    ),
    "a replaced number": (
        "resources: [b.yaml]\nreplacements:\n- sourceValue: x\n  targets:\n  - select: {kind: T}\n    fieldPaths: [x]\n== top/b.yaml\napiVersion: v1\nkind: T\nmetadata: {name: a}\nx: 1\n",
        "top/kustomization.yaml:6",
    ),
    "a subject that may be two": (
        "resources: [b.yaml]\nnamePrefix: p-\n== top/b.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa, namespace: one}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa, namespace: two}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: two}\nsubjects: [{kind: ServiceAccount, name: x, namespace: one}, {kind: User, name: sa}]\n",
        "top/b.yaml:12",
    ),
    "an unknown field of the metadata": (
        _TAKEN + "metadata: {name: a, uid: b}\n",
        "top/kustomization.yaml:2",
    ),
}
"""Kustomizations that nobody builds, and the line that stands in the way."""
