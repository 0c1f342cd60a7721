"""The tests of the generator: what the questions, the hooks and the manifest promise."""
