"""Workflows of GitHub Actions: what builds and deploys the services of a repository."""
