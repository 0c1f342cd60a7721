"""Names the modules of the service in the current folder that nothing runs; `src` is on the path.

A way leads to each from a module that is a way in. What `core` holds for features to come may have
tests alone.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import grimp

WAYS_IN = {"app.main", "app.cli", "app.__main__"}
STARTED = '\nif __name__ == "__main__":'


def path(module: str) -> Path:
    """The file of a module that is no package."""
    return Path("src", *module.split(".")).with_suffix(".py")


def unreached() -> set[str]:
    """Modules without a way to them. A package lives by what it holds."""
    graph = grimp.build_graph("app", cache_dir=None)
    modules = {module for module in graph.modules if path(module).exists()}
    started = {module for module in modules if STARTED in path(module).read_text("utf-8")}
    run = WAYS_IN | started
    return modules - run.union(*map(graph.find_upstream_modules, run))


def tested(module: str) -> bool:
    """Whether some test imports the module."""
    room, _, name = module.rpartition(".")
    imported = re.compile(rf"^from ({module}|{room} import .*\b{name})\b", re.MULTILINE)
    return any(imported.search(file.read_text("utf-8")) for file in Path("tests").rglob("*.py"))


if __name__ == "__main__":
    unused = {each for each in unreached() if not (each.startswith("app.core.") and tested(each))}
    sys.exit(f"nothing runs {', '.join(sorted(unused))}" if unused else 0)
