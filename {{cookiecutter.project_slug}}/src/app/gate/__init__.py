"""What every request under /api/v1 passes before its own code runs."""
