"""What `add-resource` writes, tried in a service that is installed."""
