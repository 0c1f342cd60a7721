"""Builds services from answer sheets and tries them as their owners would."""
