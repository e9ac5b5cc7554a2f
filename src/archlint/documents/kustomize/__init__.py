"""Kustomizations built in the process and offline, each key and value with the place that set it.

    kustomization -> Settings -> gather (resources, bases, components, generators) -> transform -> references

``Builder(Sources(tree)).build(folder)`` gives the objects, or raises ``Refusal`` with the place that stands
in the way. Its modules are imported where they are needed: most runs build nothing.
The program ``kustomize`` cannot be used: it fetches what it is told to and can run plugins.
"""
