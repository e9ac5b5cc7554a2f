"""What kube-score remarks, at the place where it is mended."""
