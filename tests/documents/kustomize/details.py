"""Small kustomizations that are built, for the finer points: what is rare, at a bound, or written otherwise."""

# ruff: noqa: E501 (files as they are written)

from __future__ import annotations

from tests.documents.kustomize.cases import web

_THING = """
== top/thing.yaml
apiVersion: x.io/v1
kind: Thing
metadata: {name: a, labels: {app: one, rank: "5"}, annotations: {note: here}}
spec: {items: [zero, one, two], "a/b": {c: 1}, text: a-b-c, number: 3, none: null, truth: true, maps: [{name: x, v: 1}, {name: y}], empty: {}}
---
apiVersion: x.io/v1
kind: Thing
metadata: {name: b, labels: {app: two, rank: "12", only: b}}
spec: {text: other}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, labels: {app: three}}
data: {k: v}
"""


def thing(overlay: str) -> str:
    """Three objects of no schema but one, with an overlay."""
    return f"{_THING}== top/kustomization.yaml\nresources: [thing.yaml]\n{overlay}"


def _operations(*operations: str) -> str:
    lines = "".join(f"    - {operation}\n" for operation in operations)
    return thing(f"patches:\n- target: {{kind: Thing, name: a}}\n  patch: |-\n{lines}")


def _selected(labels: str) -> str:
    return thing(
        f'patches:\n- target: {{labelSelector: "{labels}"}}\n  patch: "- {{op: add, path: /hit, value: 1}}"\n'
    )


_SELECTORS = (
    "app=one",
    "app==one",
    "app!=one",
    "only",
    "!only",
    "rank>5",
    "rank<12",
    "app in (one, three)",
    "app notin (one,three)",
    "app=one,rank",
    "app , !only",
)

DETAILS = {
    "operations on lists": _operations(
        "{op: add, path: /spec/items/0, value: first}",
        "{op: add, path: /spec/items/4, value: last}",
        "{op: replace, path: /spec/items/2, value: middle}",
        "{op: remove, path: /spec/items/1}",
        "{op: add, path: /spec/items/-, value: {deep: [1]}}",
        "{op: copy, from: /spec/items/0, path: /spec/items/1}",
        "{op: move, from: /spec/items/2, path: /spec/moved}",
        "{op: test, path: /spec/items/0, value: first}",
        "{op: add, path: /spec/maps/1/v, value: 2}",
    ),
    "operations from the end of a list": _operations(
        "{op: add, path: /spec/items/-1, value: last}",
        "{op: replace, path: /spec/items/-2, value: changed}",
        "{op: remove, path: /spec/maps/-1}",
    ),
    "operations on maps": _operations(
        "{op: add, path: /spec/a~1b/c, value: 2}",
        "{op: add, path: /spec/new, value: {x: [1, null]}}",
        "{op: replace, path: /spec/text, value: 7}",
        "{op: add, path: /metadata/annotations/more, value: 'yes'}",
        "{op: copy, from: /spec/maps, path: /spec/twin}",
        "{op: replace, path: /spec/twin/0/v, value: 3}",
        "{op: test, path: /spec/number, value: 3}",
        "{op: test, path: /spec/maps/0, value: {name: x, v: 1}}",
        "{op: add, path: /spec/nothing}",
        "{op: copy, from: /spec/missing, path: /spec/none}",
        "{op: replace, path: spec/text, value: without a slash}",
    ),
    "operations need a map of annotations": thing(
        """patches:
- target: {name: b}
  patch: "- {op: add, path: /metadata/annotations/x, value: y}"
patchesJson6902:
- target: {version: v1, group: x.io, kind: Thing, name: a}
  path: p.json
- target: {kind: ConfigMap, version: v1, name: c}
  patch: |-
    - {op: add, path: /data/n, value: m}
== top/p.json
[{"op": "remove", "path": "/spec/maps"}]
"""
    ),
    **{f"a selector {selector}": _selected(selector) for selector in _SELECTORS},
    "a selector of annotations": thing(
        "patches:\n- target: {annotationSelector: note=here}\n  patch: '- {op: add, path: /hit, value: 1}'\n"
    ),
    "targets by pattern": thing(
        """namePrefix: p-
patches:
- target: {group: 'x.*', version: v1|v2, name: a|c}
  patch: "- {op: add, path: /one, value: 1}"
- target: {kind: Thing, namespace: default}
  patch: "- {op: add, path: /two, value: 2}"
- target: {name: '.*'}
  patch: "- {op: add, path: /three, value: 3}"
- target: {name: x}
  patch: "- {op: add, path: /four, value: 4}"
- target: {namespace: other}
  patch: "- {op: add, path: /five, value: 5}"
"""
    ),
    "merging without a schema": thing(
        """patches:
- patch: |-
    apiVersion: x.io/v1
    kind: Thing
    metadata: {name: a, labels: null, annotations: {note: null, more: x}}
    spec:
      items: []
      text: null
      none: {now: here}
      a/b: {$patch: delete}
      empty: {$patch: replace, a: 1}
      maps: null
      fresh: {$patch: delete}
      other: {x: null, y: {z: null}}
- patch: |-
    apiVersion: x.io/v1
    kind: Thing
    metadata: {name: b}
    spec: {$patch: replace, only: this}
"""
    ),
    "a patch that deletes": thing(
        "patches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, $patch: delete}'\n"
        "- target: {name: b}\n  patch: '{apiVersion: x.io/v1, kind: Thing, metadata: {name: z}, $patch: delete}'\n"
    ),
    "a patch that renames and recasts": thing(
        """patches:
- target: {kind: Thing, name: a}
  options: {allowNameChange: true, allowKindChange: true}
  patch: '{apiVersion: x.io/v1, kind: Item, metadata: {name: z}, spec: {x: 1}}'
- target: {kind: Thing, name: b}
  patch: '{apiVersion: x.io/v1, kind: Item, metadata: {name: z, namespace: y}, spec: {x: 1}}'
"""
    ),
    "lists merged by several keys": web(
        """patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
          - name: web
            ports:
            - {containerPort: 80, name: plain}
            - {containerPort: 81, protocol: UDP, $patch: delete}
            - {containerPort: 82}
            env: [{name: SIZE, $patch: delete}]
          - {name: new, image: i}
          initContainers: [{name: init, image: i}]
          imagePullSecrets: [{name: s}]
          tolerations: [{key: a}]
          hostAliases: [{ip: 1.1.1.1, hostnames: [a]}]
          topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 1}]
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          topologySpreadConstraints:
          - {topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 2}
          - {topologyKey: z, whenUnsatisfiable: ScheduleAnyway, maxSkew: 3}
          tolerations: [{key: b}]
          hostAliases: [{ip: 1.1.1.1, hostnames: [b]}, {ip: 2.2.2.2}]
          volumes: [{name: keys, secret: null, emptyDir: {}}]
          containers: [{name: sidecar, ports: [{containerPort: 1}]}, {name: web, env: null}]
"""
    ),
    "lists of texts merged": thing(
        """patches:
- patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, finalizers: [b, a]}}"
- patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, finalizers: [c, b]}}"
"""
    ),
    "directives of lists": web(
        """patches:
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
          - {name: web, env: [{$patch: merge}, {name: X, value: y}], ports: [{$patch: delete}], envFrom: [{$patch: replace}]}
          - {name: sidecar, $patch: replace, image: fresh}
          volumes: [{$patch: delete}]
"""
    ),
    "generators of bytes, lines and files": """
== top/kustomization.yaml
generatorOptions: {immutable: true, disableNameSuffixHash: true}
configMapGenerator:
- {name: bytes, files: [raw.bin, long=raw-long.bin]}
- {name: one, env: one.env, envs: [two.env], literals: ["q='x'", "half='x", "eq=a=b", 'd="y"', "s='"]}
- {name: short, namespace: ns, behavior: unknown, literals: [a=]}
- {name: noted, options: {annotations: {b: c}, labels: {d: e}}, literals: [x=1]}
secretGenerator:
- {name: kept, type: kubernetes.io/tls, files: [one.env], literals: [long=01234567890123456789012345678901234567890123456789012, short=0123456789012345678901234567890123456789012345678901]}
== top/raw.bin
\udcff\udcfe
== top/raw-long.bin
\udcff0123456789012345678901234567890123456789012345678901234567890123456789
== top/one.env
\ufeffA=1\r
  # no
B="2"
== top/two.env
C=\ufeff3
""",
    "hashes of all contents": """
== top/kustomization.yaml
resources: [pod.yaml]
configMapGenerator:
- {name: empty}
- {name: bytes, files: [raw.bin]}
- {name: signs, literals: ["a=<&>é\u2028\u2029\U0001f600\\\\\\""]}
secretGenerator: [{name: empty}, {name: typed, type: a/b, literals: [a=b]}]
generators:
- |-
  apiVersion: builtin
  kind: SecretGenerator
  metadata: {name: made, namespace: there}
  literals: [a=b]
  type: c/d
== top/raw.bin
\udcff
== top/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: c, envFrom: [{configMapRef: {name: bytes}}, {secretRef: {name: typed}}, {secretRef: {name: made}}]}]}
""",
    "generated objects merged": """
== base/kustomization.yaml
configMapGenerator:
- {name: m, literals: [a=1, b=2], options: {labels: {x: base, z: base}, annotations: {x: base}}}
- {name: raw, files: [raw.bin], namespace: there}
- {name: s, literals: [a=1], options: {disableNameSuffixHash: true}}
namePrefix: x-
nameSuffix: -y
== base/raw.bin
\udcff
== top/kustomization.yaml
resources: [../base, pod.yaml]
namePrefix: z-
configMapGenerator:
- {name: m, behavior: merge, literals: [b=3], options: {labels: {v: top, z: top}}}
- {name: raw, behavior: merge, literals: [c=3], namespace: there}
- {name: s, behavior: merge, literals: [b=2]}
== top/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {volumes: [{name: a, configMap: {name: m}}, {name: b, configMap: {name: x-m-y}}, {name: c, configMap: {name: s}}]}
""",
    "images of all forms": """
== top/kustomization.yaml
resources: [pod.yaml]
images:
- {name: a, newTag: "1"}
- {name: 'reg:5000/b', newName: c, digest: sha256:1}
- {name: d, tagSuffix: -x}
- {name: e, newName: f}
- {name: g}
- {name: 'h.*', newTag: "2"}
- {name: tagged, newTag: "3", digest: sha256:3}
== top/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: a, image: a}
  - {name: b, image: "reg:5000/b:1@sha256:0"}
  - {name: c, image: "reg:5000/b"}
  - {name: d, image: "d:1@sha256:0"}
  - {name: e, image: "e@sha256:0"}
  - {name: f, image: "e:1"}
  - {name: g, image: "g:1"}
  - {name: h, image: hi/there:3}
  - {name: i, image: "tagged:1"}
  - {name: j, image: a/b}
  - {name: k, image: ab}
  - {name: l, image: null}
  - {name: m}
  initContainers: [{name: n, image: "a:{{ .Tag }}"}]
  ephemeralContainers: [{name: o, image: a}]
  nested: {containers: [{image: a}], other: [{containers: [{image: "a:4"}, null]}]}
""",
    "replacements of all forms": thing(
        """replacements:
- source: {kind: Thing, name: a, fieldPath: 'spec.items.1'}
  targets:
  - {select: {kind: ConfigMap}, fieldPaths: [data.k]}
  - {select: {kind: Thing, name: b}, fieldPaths: [spec.list.0], options: {create: true}}
- source: {kind: Thing, name: a, fieldPath: 'spec.items.[=two]'}
  targets: [{select: {kind: Thing, name: b}, fieldPaths: ['spec.made.[name=x].v'], options: {create: true}}]
- source: {kind: Thing, name: a, fieldPath: 'spec.items.-'}
  targets: [{select: {kind: Thing, name: b}, fieldPaths: ['spec.last'], options: {create: true}}]
- source: {kind: Thing, name: a, fieldPath: 'spec.a/b'}
  targets: [{select: {kind: Thing, name: b}, fieldPaths: [spec.whole], options: {create: true}}]
- source: {kind: Thing, name: a, fieldPath: spec.text, options: {delimiter: '-', index: 0}}
  targets:
  - {select: {kind: Thing, name: a}, fieldPaths: [spec.text], options: {delimiter: '-', index: 1}}
- source: {kind: Thing, name: b, fieldPath: spec.text}
  targets:
  - {select: {kind: Thing, name: a}, fieldPaths: [spec.text], options: {delimiter: '-', index: -1}}
  - {select: {kind: Thing, name: a}, fieldPaths: ['spec.items.*', 'spec.maps.[name=x].name']}
  - {select: {kind: Thing, name: a}, fieldPaths: [spec.a/b]}
- source: {kind: Thing, name: a, fieldPath: spec.number}
  targets:
  - {select: {kind: ConfigMap}, fieldPaths: [data.n, spec.n], options: {create: true}}
  - {select: {kind: Thing, name: a}, fieldPaths: [spec.number]}
- source: {kind: Thing, name: a, fieldPath: spec.maps}
  targets: [{select: {kind: Thing, name: b}, fieldPaths: [spec.maps], options: {create: true}}]
- source: {kind: Thing, name: b}
  targets: [{select: {kind: ConfigMap}}]
"""
    ),
    "what a replacement may stand in for": thing(
        """replacements:
- {sourceValue: "7", targets: [{select: {name: a}, fieldPaths: [spec.number, spec.text]}]}
- {sourceValue: "false", targets: [{select: {name: a}, fieldPaths: [spec.truth, spec.items.0]}]}
- {sourceValue: "1_0", targets: [{select: {name: b}, fieldPaths: [spec.fresh], options: {create: true}}]}
- {sourceValue: "yes", targets: [{select: {name: b}, fieldPaths: [spec.word], options: {create: true}}]}
- {sourceValue: "", targets: [{select: {name: a}, fieldPaths: [spec.none]}]}
- {sourceValue: "8", targets: [{select: {name: b}, fieldPaths: [spec.eight], options: {create: true}}]}
- {source: {kind: Thing, name: a, fieldPath: spec.maps}, targets: [{select: {name: c}, fieldPaths: [data.k]}]}
"""
    ),
    "a field below a text that is made": thing(
        "replacements:\n- sourceValue: x\n  targets:\n  - select: {name: a}\n"
        "    fieldPaths: ['spec.items.[=nine].deep']\n    options: {create: true}\n"
    ),
    "a list without a name": """
== top/a.yaml
apiVersion: x.io/v1
kind: ThingList
metadata: {labels: {a: b}}
x: 1
== top/kustomization.yaml
resources: [a.yaml]
patches:
- target: {kind: ThingList}
  patch: '{apiVersion: v1, kind: X, metadata: {name: z}, y: 2}'
""",
    "words of old YAML": """
== top/kustomization.yaml
resources: [a.yaml]
namePrefix: p-
patches:
- patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: off, z: true}}"
- target: {name: a}
  patch: "- {op: add, path: /data/w, value: yes}"
== top/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {a: y, b: Y, c: yes, d: Yes, e: on, f: On, g: ON}}
data: {h: n, i: N, j: no, k: No, l: off, m: Off, o: [OFF, {p: YES}], q: true, r: True, s: FALSE, t: "yes"}
""",
    "replacements of chosen objects": thing(
        """replacements:
- sourceValue: hit
  targets:
  - select: {group: x.io, version: v1, kind: Thing}
    reject: [{labelSelector: only}]
    fieldPaths: [spec.one]
    options: {create: true}
  - select: {labelSelector: "app in (one,two)"}
    reject: [{name: a}]
    fieldPaths: [spec.two]
    options: {create: true}
  - select: {annotationSelector: note}
    fieldPaths: [spec.three]
    options: {create: true}
  - select: {namespace: default, name: c}
    fieldPaths: [spec.four]
    options: {create: true}
  - select: {kind: Thing}
    reject: [{name: a, namespace: other}, {annotationSelector: note}]
    fieldPaths: [spec.five]
    options: {create: true}
- path: many.yaml
- sourceValue: "7"
  targets: [{select: {kind: Thing, name: a}, fieldPaths: [spec.text, spec.number]}]
== top/many.yaml
- sourceValue: x
  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.k]}]
- sourceValue: z
  targets: [{select: {kind: ConfigMap}, fieldPaths: ['metadata.labels.[app.io/x]'], options: {create: true}}]
"""
    ),
    "vars of all forms": thing(
        """vars:
- {name: NUM, objref: {apiVersion: x.io/v1, kind: Thing, name: a}, fieldref: {fieldPath: spec.number}}
- {name: TRUE_, objref: {group: x.io, version: v1, kind: Thing, name: a}, fieldref: {fieldpath: spec.truth}}
- {name: L, objref: {apiVersion: x.io/v1, kind: Thing, name: a}, fieldref: {fieldpath: "spec.maps[0].name"}}
- {name: M, objref: {apiVersion: x.io/v1, kind: Thing, name: a}, fieldref: {fieldpath: spec.empty}}
- {name: C, objref: {apiVersion: v1, kind: ConfigMap, name: c}}
configurations: [more.yaml]
patches:
- target: {kind: ConfigMap}
  patch: |-
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: c}
    data:
      whole: $(NUM)
      text: n-$(NUM)-$(TRUE_)-$(L)
      truth: $(TRUE_)
      unknown: $(Z) a $(Z)
      escaped: $$(NUM) $$$(L) $x $
      open: "$(N $(L) $(N"
      end: a$
      map: $(M)
    list: [$(L), plain, "$(C)"]
== top/more.yaml
varReference: [{path: data, kind: ConfigMap}, {path: list, kind: ConfigMap}]
"""
    ),
    "labels with fields and selectors": web(
        """labels:
- {pairs: {a: one}, includeSelectors: true, fields: [{path: spec/x/y, create: true, version: v1, kind: Service}]}
- {pairs: {b: two}, includeSelectors: false, includeTemplates: false, fields: [{path: metadata/deep/labels, group: apps, create: true}, {path: spec/none, kind: Service}]}
commonAnnotations: {a: b, c: null}
"""
    ),
    "configurations": thing(
        """namePrefix: p-
nameSuffix: -s
namespace: shop
commonLabels: {l: m}
commonAnnotations: {note: o}
images: [{name: i, newTag: '2'}]
replicas: [{name: a, count: 3}]
configurations: [one.yaml, two.yaml]
patches:
- target: {kind: Thing, name: a}
  patch: "- {op: add, path: /ref, value: {list: [a, b, {name: c}], map: {name: b, namespace: default}, text: c, image: 'i:1', ns: x, own: {}, nil: null, 'x/y': c}}"
== top/one.yaml
namePrefix: [{path: ref/image, kind: Thing}]
nameSuffix: [{path: metadata/annotations/note, kind: Thing}]
namespace: [{path: ref/ns, kind: Thing, create: true}]
commonLabels: [{path: ref/own, kind: Thing}]
labels: [{path: ref/labels, kind: Thing, create: true}]
templateLabels: null
commonAnnotations: [{path: ref/notes/deep, kind: Thing, create: true}]
images: [{path: ref/image, kind: Thing}]
replicas: [{path: ref/count, kind: Thing, create: true}]
== top/two.yaml
nameReference:
- {kind: Thing, group: x.io, fieldSpecs: [{path: ref/list, kind: Thing}, {path: ref/map, kind: Thing}, {path: ref/nil, kind: Thing}]}
- {kind: ConfigMap, version: v1, fieldSpecs: [{path: ref/text, kind: Thing}, {path: ref/list, kind: Thing}, {path: 'ref/x\\/y', kind: Thing}, {path: ref/none/deep, kind: Thing}]}
varReference: null
"""
    ),
    "configurations of a base hold above it": """
== base/kustomization.yaml
resources: [thing.yaml]
configurations: [one.yaml]
== base/one.yaml
nameReference: [{kind: ConfigMap, fieldSpecs: [{path: spec/text, kind: Thing}]}]
commonLabels: [{path: spec/labels, create: true, kind: Thing}]
== top/kustomization.yaml
namePrefix: p-
commonLabels: {a: b}
resources: [../base]
patches: [{target: {name: a}, patch: '- {op: replace, path: /spec/text, value: c}'}]
"""
    + _THING.replace("top/thing", "base/thing"),
    "definitions of types": """
== top/kustomization.yaml
resources: [all.yaml]
namePrefix: p-
commonLabels: {a: b}
commonAnnotations: {c: d}
crds: [types.json]
== top/all.yaml
apiVersion: x.io/v1
kind: Thing
metadata: {name: t}
spec: {marked: {}, chosen: {}, named: me, ref: {name: s}, other: {key: s}, deep: {more: {name: s}}}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
== top/types.json
{"x/v1.Thing": {"schema": {"properties": {"apiVersion": {}, "kind": {}, "metadata": {}, "spec": {"$ref": "x/v1.Spec"}}}},
 "x/v1.Spec": {"Schema": {"properties": {
   "marked": {"x-kubernetes-annotation": ""}, "chosen": {"x-kubernetes-label-selector": ""},
   "named": {"x-kubernetes-identity": ""},
   "ref": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret"},
   "other": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret", "x-kubernetes-object-ref-name-key": "key"},
   "deep": {"$ref": "x/v1.Deep"}}}},
 "x/v1.Deep": {"Schema": {"properties": {"more": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret"}}}}}
""",
    "names that several objects have": """
== one/kustomization.yaml
resources: [../all]
namePrefix: one-
== two/kustomization.yaml
resources: [../all]
nameSuffix: -two
== all/kustomization.yaml
resources: [all.yaml]
== all/all.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sa}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {serviceAccountName: sa, volumes: [{name: v, configMap: {name: c}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
subjects: [{kind: ServiceAccount, name: sa, namespace: x}, {kind: ServiceAccount, name: sa}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: none}
== top/kustomization.yaml
resources: [../one, ../two]
namePrefix: top-
""",
    "references across namespaces": """
== top/kustomization.yaml
resources: [all.yaml]
namePrefix: p-
== top/all.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: one}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: two}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: two}
spec: {volumes: [{name: v, configMap: {name: c}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: q}
spec: {volumes: [{name: v, configMap: {name: c}}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sa, namespace: one}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sa, namespace: two}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: two}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: sa, namespace: one}, {kind: ServiceAccount, name: sa, namespace: two}, {kind: User, name: none}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: two}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks: [{name: a, clientConfig: {service: {name: s, namespace: one}}}, {name: b, clientConfig: {service: {name: s, namespace: two}}}]
---
apiVersion: v1
kind: Service
metadata: {name: s, namespace: one}
""",
    "namespaces of subjects": """
== top/kustomization.yaml
resources: [all.yaml]
transformers:
- |-
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata: {name: n, namespace: there}
  setRoleBindingSubjects: allServiceAccounts
- |-
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata: {name: n, namespace: late}
  unsetOnly: true
  fieldSpecs: [{path: spec/ns, create: true, kind: Thing}, {path: spec/old, create: true, kind: Thing}]
== top/all.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b}
subjects: [{kind: ServiceAccount, name: sa}, {kind: User, name: default}, {kind: ServiceAccount, name: x, namespace: y}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
subjects: null
---
apiVersion: x.io/v1
kind: Thing
metadata: {name: t}
spec: {old: kept}
""",
    "all transformers": thing(
        """transformers:
- |-
  apiVersion: builtin
  kind: SuffixTransformer
  metadata: {name: s}
  suffix: -x
  fieldSpecs: [{path: metadata/name}]
- |-
  apiVersion: builtin
  kind: PrefixTransformer
  metadata: {name: s}
  fieldSpecs: [{path: metadata/name}]
- |-
  apiVersion: builtin
  kind: PatchStrategicMergeTransformer
  metadata: {name: p}
  paths: [p.yaml]
  patches: |-
    apiVersion: x.io/v1
    kind: Thing
    metadata: {name: a}
    spec: {merged: 2}
- |-
  apiVersion: builtin
  kind: PatchJson6902Transformer
  metadata: {name: p}
  target: {group: x.io, version: v1, kind: Thing, name: b}
  jsonOp: '[{"op": "add", "path": "/spec/added", "value": 1}]'
- |-
  apiVersion: builtin
  kind: PatchJson6902Transformer
  metadata: {name: q}
  target: {group: x.io, version: v1, kind: Thing, name: a}
  path: p.json
- |-
  apiVersion: builtin
  kind: ReplacementTransformer
  metadata: {name: r}
  replacements: [{sourceValue: x, targets: [{select: {kind: Thing}, fieldPaths: [spec.text]}]}]
- |-
  apiVersion: builtin
  kind: LabelTransformer
  metadata: {name: none}
  fieldSpecs: [{path: metadata/labels, create: true}]
- |-
  apiVersion: builtin
  kind: HashTransformer
  metadata: {name: h}
validators:
- |-
  apiVersion: builtin
  kind: AnnotationsTransformer
  metadata: {name: h}
configMapGenerator: [{name: g, literals: [a=b]}]
== top/p.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {merged: "1"}
== top/p.json
[{"op": "add", "path": "/spec/patched", "value": 1}]
"""
    ),
    "lists of objects": """
== top/kustomization.yaml
resources: [one.yaml, two.yaml, empty.yaml, notes.yaml]
namePrefix: p-
== top/one.yaml
apiVersion: v1
kind: ConfigMapList
items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}, {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: p}
== top/two.yaml
apiVersion: v1
kind: List
items: []
== top/empty.yaml
# nothing
== top/notes.yaml
---
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, annotations: {truth: true, number: 1.50, none: null, text: x}}
""",
    "spellings of fields": thing(
        "NamePrefix: p-\nCOMMONLABELS: {a: b}\nsortoptions: {order: legacy, legacySortOptions: {orderFirst: [Thing], orderLast: []}}\n"
        "metadata: {name: any, labels: {a: b}}\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        "helmGlobals: {chartHome: x}\nreplicas: []\nnameSuffix: null\n"
    ),
    "empty entries of plugins": thing('transformers: [null, ""]\ngenerators: [null]\nvalidators: [""]\n'),
    "a component of components": """
== one/kustomization.yaml
kind: Component
components: [../two]
resources: [../base]
namePrefix: one-
== two/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
nameSuffix: -two
configMapGenerator: [{name: made, literals: [a=b]}]
== base/kustomization.yaml
configMapGenerator: [{name: base, literals: [a=b]}]
== top/kustomization.yaml
components: [../one]
vars: [{name: X, objref: {apiVersion: v1, kind: ConfigMap, name: base}}]
""",
}
"""The kustomization in ``top`` is built."""
