"""Small kustomizations, one for each thing that kustomize does: built here, and by the program itself."""

# ruff: noqa: E501 (files as they are written)

from __future__ import annotations

WEB = """
== base/kustomization.yaml
resources: [web.yaml, service.yaml]
== base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: runner
      containers:
      - name: web
        image: shop/web:1.4
        args: ["--host", "$(HOST)"]
        env: [{name: COLOR, value: red}, {name: SIZE, value: "3"}]
        ports: [{containerPort: 80}, {containerPort: 81, protocol: UDP}]
        envFrom: [{configMapRef: {name: settings}}]
      - name: sidecar
        image: shop/side@sha256:0123456789012345678901234567890123456789012345678901234567890123
      volumes:
      - name: keys
        secret: {secretName: keys}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
== base/service.yaml
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {selector: {app: web}, ports: [{port: 80, targetPort: 80}]}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: plain, annotations: {}}
  data: {a: b}
"""


def web(overlay: str) -> str:
    """The base with an overlay in ``top``."""
    return f"{WEB}== top/kustomization.yaml\nresources: [../base]\n{overlay}"


CASES = {
    "nothing but resources": web(""),
    "older spellings": WEB
    + "== top/kustomization.yaml\nbases: [../base]\nimageTags: [{name: shop/web, newTag: '2'}]\n",
    "names and references": web(
        "namePrefix: p-\nnameSuffix: -s\nnamespace: shop\nconfigMapGenerator: [{name: settings, literals: [a=1]}]\n"
        "secretGenerator: [{name: keys, type: x/y, literals: ['k=\"v\"']}]\n"
    ),
    "labels": web(
        "labels:\n- pairs: {tier: front}\n  includeSelectors: true\n- pairs: {team: red}\n  includeTemplates: true\n"
        "- pairs: {only: here}\n  fields: [{path: spec/extra, create: true, kind: Service}]\n"
        "commonAnnotations: {note: 'yes'}\n"
    ),
    "common labels": web("commonLabels: {tier: front, app: other}\n"),
    "images": web(
        "images:\n- {name: shop/web, newName: mirror/web, newTag: v2}\n"
        "- {name: 'shop/.*', digest: 'sha256:abc'}\n- {name: mirror/web, tagSuffix: -x}\n"
    ),
    "replicas": web("replicas: [{name: web, count: 5}]\nnamePrefix: p-\n"),
    "a strategic merge patch": web(
        """patches:
- path: patch.yaml
== top/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: null
  template:
    spec:
      serviceAccountName: other
      containers:
      - name: web
        env: [{name: NEW, value: x}, {name: SIZE, value: null}, {name: COLOR, $patch: delete}]
        ports: [{containerPort: 81, protocol: UDP, name: dns}, {containerPort: 90}]
        resources: {limits: {memory: 1Gi}, requests: null}
        args: [one]
      - name: sidecar
        $patch: delete
      volumes:
      - $patch: replace
      - name: tmp
        emptyDir: {}
"""
    ),
    "patches with targets": web(
        """patches:
- target: {kind: Deploy.*, name: web}
  patch: |-
    - {op: replace, path: /spec/replicas, value: 3}
    - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: LAST, value: z}}
    - {op: remove, path: /spec/template/spec/volumes}
    - {op: test, path: /metadata/name, value: web}
    - {op: copy, from: /metadata/labels/app, path: /metadata/labels/copy}
    - {op: move, from: /spec/template/spec/containers/1/image, path: /spec/template/spec/containers/1/imagePullPolicy}
- target: {labelSelector: "app in (web,x), !missing"}
  patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: ignored}
    spec: {paused: true}
- target: {kind: ServiceAccount}
  options: {allowNameChange: true}
  patch: "{apiVersion: v1, kind: ServiceAccount, metadata: {name: renamed}}"
patchesJson6902:
- target: {version: v1, kind: Service, name: web}
  patch: '[{"op": "add", "path": "/spec/type", "value": "NodePort"}]'
"""
    ),
    "several patches in one file": web(
        """patchesStrategicMerge:
- two.yaml
- |-
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: plain}
  data: {c: d}
== top/two.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80, name: http}, {port: 90}]}
---
$patch: delete
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
"""
    ),
    "lists of custom resources": """
== top/kustomization.yaml
resources: [custom.yaml]
patches: [{path: patch.yaml}]
== top/custom.yaml
apiVersion: x.io/v1
kind: Thing
metadata: {name: a}
spec: {items: [{name: a}, {name: b}], keep: 1}
== top/patch.yaml
apiVersion: x.io/v1
kind: Thing
metadata: {name: a}
spec: {items: [{name: c}], more: {x: null, y: 2}}
""",
    "directives of the API server": web(
        """patches: [{path: patch.yaml}]
== top/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  $deleteFromPrimitiveList/finalizers: [a]
spec:
  strategy: {$retainKeys: [type], type: Recreate}
"""
    ),
    "generators": """
== top/kustomization.yaml
resources: [pod.yaml]
generatorOptions: {labels: {made: here}, annotations: {by: us}}
configMapGenerator:
- name: all
  files: [conf.ini, other=sub/data.bin]
  envs: [vars.env]
  literals: [quoted='a b', empty=, "odd=<&>"]
- name: kept
  namespace: shop
  options: {disableNameSuffixHash: true, immutable: true, labels: {made: there}}
  literals: [a=1]
secretGenerator:
- name: long
  files: [conf.ini, long.txt]
- {name: none}
== top/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: c, image: i, env: [{name: A, valueFrom: {configMapKeyRef: {name: all, key: a}}}]}]
  volumes: [{name: v, projected: {sources: [{secret: {name: long}}, {configMap: {name: none}}]}}]
== top/conf.ini
[a]
b = ä
== top/long.txt
0123456789012345678901234567890123456789012345678901234567890123456789
== top/sub/data.bin
plain after all
== top/vars.env
# a comment
ONE=1
  TWO=two=three
THREE
""",
    "generators that merge": """
== base/kustomization.yaml
configMapGenerator: [{name: m, literals: [a=1, b=2]}, {name: r, literals: [a=1]}]
namePrefix: x-
== top/kustomization.yaml
resources: [../base]
configMapGenerator:
- {name: m, behavior: merge, literals: [b=3, c=4]}
- {name: r, behavior: replace, literals: [z=9], options: {labels: {l: v}}}
""",
    "components": WEB
    + """
== part/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [extra.yaml]
patches: [{target: {kind: Deployment}, patch: '[{"op": "replace", "path": "/spec/replicas", "value": 7}]'}]
nameSuffix: -c
== part/extra.yaml
apiVersion: v1
kind: Secret
metadata: {name: keys}
== top/kustomization.yaml
resources: [../base]
components: [../part]
namespace: late
""",
    "vars": web(
        """vars:
- name: HOST
  objref: {kind: Service, name: web, apiVersion: v1}
- name: PORT
  objref: {kind: Service, name: web, apiVersion: v1}
  fieldref: {fieldpath: 'spec.ports[0].port'}
namePrefix: p-
configurations: [more.yaml]
patches: [{target: {kind: ConfigMap}, patch: '- {op: add, path: /data/x, value: "$(HOST):$(PORT) $$(HOST) $(NONE"}'}]
== top/more.yaml
varReference: [{path: data, kind: ConfigMap}]
nameReference: [{kind: Service, version: v1, fieldSpecs: [{path: data/a, kind: ConfigMap}]}]
commonLabels: [{path: spec/more, create: true, kind: Service}]
"""
    ),
    "replacements": web(
        """namePrefix: p-
replacements:
- path: one.yaml
- source: {kind: Deployment, name: web, fieldPath: 'spec.template.spec.containers.[name=web].image',
           options: {delimiter: ':', index: 1}}
  targets:
  - select: {kind: Service}
    fieldPaths: ['metadata.annotations.version', 'metadata.labels.[app.io/v]']
    options: {create: true}
  - select: {kind: ConfigMap}
    fieldPaths: [data.a]
    options: {delimiter: '-', index: 5}
- sourceValue: "12"
  targets:
  - {select: {kind: Deployment}, fieldPaths: [spec.replicas, 'spec.template.spec.containers.*.image']}
== top/one.yaml
source: {kind: Service, name: web, fieldPath: metadata.name}
targets:
- select: {kind: Deployment}
  reject: [{name: other}]
  fieldPaths: ['spec.template.spec.containers.[name=web].env.[name=COLOR].value']
"""
    ),
    "roles and subjects": """
== top/kustomization.yaml
resources: [all.yaml]
namespace: shop
nameSuffix: -one
== top/all.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [configmaps], resourceNames: [c, other], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: sa}, {kind: ServiceAccount, name: default}, {kind: User, name: u}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: sa}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
---
apiVersion: v1
kind: Namespace
metadata: {name: old}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.x.io}
---
apiVersion: x.io/v1
kind: Thing
metadata: {name: t, annotations: {number: 1, truth: true}}
""",
    "transformers as files": web(
        """transformers:
- t.yaml
- |-
  apiVersion: builtin
  kind: LabelTransformer
  metadata: {name: l}
  labels: {from: text}
  fieldSpecs: [{path: metadata/labels, create: true}]
generators: [g.yaml]
== top/g.yaml
apiVersion: builtin
kind: ConfigMapGenerator
metadata: {name: made}
literals: [a=b]
== top/t.yaml
apiVersion: builtin
kind: NamespaceTransformer
metadata: {name: n, namespace: there}
setRoleBindingSubjects: none
unsetOnly: true
fieldSpecs: [{path: metadata/namespace, create: true}]
---
apiVersion: builtin
kind: PrefixTransformer
metadata: {name: p}
prefix: x-
fieldSpecs: [{path: metadata/name}]
---
apiVersion: builtin
kind: PatchTransformer
metadata: {name: q}
target: {kind: Service}
patch: '- {op: add, path: /spec/clusterIP, value: None}'
---
apiVersion: builtin
kind: ImageTagTransformer
metadata: {name: i}
imageTag: {name: shop/web, newTag: "9"}
---
apiVersion: builtin
kind: ReplicaCountTransformer
metadata: {name: r}
replica: {name: web, count: 9}
fieldSpecs: [{path: spec/replicas, kind: Deployment, create: true}]
---
apiVersion: builtin
kind: AnnotationsTransformer
metadata: {name: a}
annotations: {k: v}
fieldSpecs: [{path: metadata/annotations, create: true}]
"""
    ),
    "keys of openapi": """
== top/kustomization.yaml
resources: [custom.yaml]
openapi: {path: schema.json}
patches: [{path: patch.yaml}]
crds: [types.json]
configMapGenerator: [{name: named, literals: [a=b]}]
== top/custom.yaml
apiVersion: x.io/v1
kind: Thing
metadata: {name: a}
spec: {items: [{name: a, x: 1}, {name: b}], ref: {name: named}}
== top/patch.yaml
apiVersion: x.io/v1
kind: Thing
metadata: {name: a}
spec: {items: [{name: a, y: 2}]}
== top/schema.json
{"definitions": {"io.x.v1.Thing": {"type": "object",
  "properties": {"spec": {"type": "object", "properties": {"items": {"type": "array",
    "items": {"$ref": "#/definitions/io.x.v1.Item"},
    "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge"}}}},
  "x-kubernetes-group-version-kind": [{"group": "x.io", "version": "v1", "kind": "Thing"}]},
  "io.x.v1.Item": {"type": "object", "properties": {"name": {"type": "string"}}}}}
== top/types.json
{"x/v1.Thing": {"Schema": {"properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"},
   "metadata": {"type": "object"}, "spec": {"$ref": "x/v1.Spec"}}}},
 "x/v1.Spec": {"Schema": {"properties": {"ref": {"type": "object", "x-kubernetes-object-ref-api-version": "v1",
   "x-kubernetes-object-ref-kind": "ConfigMap"}}}}}
""",
    "what is only for tools": web(
        "buildMetadata: [managedByLabel]\nsortOptions: {order: fifo}\n"
        "configMapGenerator:\n- name: local\n  options: {annotations: {config.kubernetes.io/local-config: 'true'}}\n"
    ),
}
"""The kustomization in ``top`` is built."""


def files_of(text: str) -> dict[str, str]:
    """The files of a case: each begins with a line ``== path``."""
    found: dict[str, str] = {}
    for part in text.split("== ")[1:]:
        path, _, content = part.partition("\n")
        found[path.strip()] = content
    return found
