"""The pipeline: what the commands run, put together from the stages."""
