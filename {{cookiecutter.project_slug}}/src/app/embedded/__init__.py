"""Private servers for development and tests, from plain wheels, which end with their starter."""
