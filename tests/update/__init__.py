"""Takes services of the previous release, as teams have changed them, to today's template."""
