"""Modules called like the files that they write, and what several of them share."""
