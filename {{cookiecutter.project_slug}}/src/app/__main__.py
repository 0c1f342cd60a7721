"""Lets `python -m app` do what `app` does."""

from app.cli import main

main()
