"""Measures what a request costs the default service, beside the least that it could cost."""
