"""Adds resources to the service, as they would be written by hand, and takes them out again."""
