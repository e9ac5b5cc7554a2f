"""What has to be there before something starts, or counts as ready."""
