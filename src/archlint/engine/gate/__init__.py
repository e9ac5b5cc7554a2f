"""``archlint gate`` as a function: one verdict on a release, by a policy that the release cannot loosen."""
