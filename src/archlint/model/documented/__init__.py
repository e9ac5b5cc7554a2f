"""What is written for people about each service."""
