"""What is built of the files of a repository, by kustomizations, charts, Flux, Argo CD and helmfiles."""
