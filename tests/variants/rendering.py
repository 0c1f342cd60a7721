"""Renders a service through cookiecutter's own Python API, as quietly as a test needs it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[2]
SOURCE = TEMPLATE / "{{cookiecutter.project_slug}}"
Answers = Mapping[str, str | bool]


def render(answers: Answers, into: Path, template: Path = TEMPLATE) -> Path:
    """The folder of the new service; questions without an answer keep their default.

    Reads no settings of the user's, so that every machine renders the same.
    """
    # Imported late: the noxfile imports this package where cookiecutter is not installed.
    from cookiecutter.main import cookiecutter  # noqa: PLC0415

    into.mkdir(parents=True, exist_ok=True)
    folder = cookiecutter(
        str(template),
        no_input=True,
        extra_context=dict(answers),
        output_dir=str(into),
        default_config=True,
    )
    return Path(folder)


if __name__ == "__main__":
    into, answers = sys.argv[1:]
    print(render(json.loads(answers), Path(into)))
