"""Subtracts what the answers declined: paths, overlays and tagged lines of the manifest."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

TAG = re.compile(r"[ \t]*(?:#|<!--) feature: (?P<key>[\w-]+(?:=[\w.,-]+)?)(?: -->)?[ \t]*(?=\n|$)")


def accepted(key: str, answers: dict[str, object]) -> bool:
    """Whether `option` was answered with yes, `option=value,another` with one of the values."""
    option, _, values = key.partition("=")
    return answers[option] in (values.split(",") if values else [True])


def subtract(root: Path, features: dict[str, list[str]], chosen: set[str]) -> None:
    """Deletes each path that no chosen key lists."""
    kept = {path for key in features.keys() & chosen for path in features[key]}
    for path in {path for paths in features.values() for path in paths} - kept:
        delete(root / path)


def lay_over(root: Path, overlays: dict[str, dict[str, str]], chosen: set[str]) -> None:
    """Moves the overlays of chosen keys over the files that they replace; deletes the others."""
    for key, files in overlays.items():
        for overlay, replaced in files.items():
            if key in chosen and (root / overlay).exists():
                (root / overlay).replace(root / replaced)
            delete(root / overlay)


def delete(path: Path) -> None:
    """Deletes a file or a folder, if it is still there, and the folders that this leaves empty."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder.exists() and any(folder.iterdir()):
            return
        if folder.exists():
            folder.rmdir()


def untagged(text: str, chosen: set[str], declined: set[str]) -> Iterator[str]:
    """The lines of `text` that stay, without their tags; a tag of no known key is plain text."""
    for line in text.splitlines(keepends=True):
        key = tag["key"] if (tag := TAG.search(line)) else ""
        if key not in declined:
            yield TAG.sub("", line) if key in chosen else line


def main() -> None:
    """Works in the folder that cookiecutter has just rendered."""
    answers = json.loads(r"""{{ cookiecutter | tojson }}""")
    features, overlays = answers["_features"], answers["_overlays"]
    chosen = {key for key in [*features, *overlays] if accepted(key, answers)}
    subtract(Path(), features, chosen)
    lay_over(Path(), overlays, chosen)
    for path in [path for path in Path().rglob("*") if path.is_file()]:
        content = path.read_bytes()
        if b" feature: " in content and b"\0" not in content:
            declined = (features.keys() | overlays.keys()) - chosen
            lines = untagged(content.decode("utf-8"), chosen, declined)
            path.write_bytes("".join(lines).encode("utf-8"))


if __name__ == "__main__":
    main()
