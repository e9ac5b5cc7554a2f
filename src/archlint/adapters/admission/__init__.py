"""The organisation's own policies in CEL: admission policies of Kubernetes and Kyverno, judged offline.

``judge`` asks a child process (``worker``), which alone imports what the other modules here need:
``syntax`` reads expressions, ``translation`` writes them so that Google's CEL understands what Kubernetes
adds to the language, ``library`` has the functions of Kubernetes, ``explanation`` finds what an expression
that is false stumbled over.
"""
