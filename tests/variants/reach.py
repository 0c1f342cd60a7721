"""Names the modules of the service in the current folder that nothing runs; `src` is on the path.

A way leads to each from a module that is a way in: an import, or a name such as
"app.commands.dev:dev". What a room in use offers to features to come may have tests alone.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import grimp

WAYS_IN = {"app.main", "app.cli", "app.__main__"}
STARTED = '\nif __name__ == "__main__":'
NAMED = re.compile(r'"(app(?:\.\w+)+):\w+"')


def path(module: str) -> Path:
    """The file of a module that is no package."""
    return Path("src", *module.split(".")).with_suffix(".py")


def room(module: str) -> str:
    """The folder below `app` that a module stands in."""
    return ".".join(module.split(".")[:2])


def unused() -> set[str]:
    """Modules without a way to them, from the ways in or from tests in a room that has one."""
    graph = grimp.build_graph("app", cache_dir=None)
    modules = {module for module in graph.modules if path(module).exists()}
    for module in modules:
        for named in modules.intersection(NAMED.findall(path(module).read_text("utf-8"))):
            graph.add_import(importer=module, imported=named)

    def reached(ways_in: set[str]) -> set[str]:
        return ways_in.union(*map(graph.find_upstream_modules, ways_in))

    started = {module for module in modules if STARTED in path(module).read_text("utf-8")}
    used = reached(WAYS_IN | started)
    rooms = set(map(room, used))
    offered = {each for each in modules - used if room(each) in rooms and tested(each)}
    return modules - used - reached(offered)


def tested(module: str) -> bool:
    """Whether some test imports the module."""
    package, _, name = module.rpartition(".")
    imported = re.compile(rf"^from ({module}|{package} import .*\b{name})\b", re.MULTILINE)
    return any(imported.search(file.read_text("utf-8")) for file in Path("tests").rglob("*.py"))


if __name__ == "__main__":
    found = ", ".join(sorted(unused()))
    sys.exit(f"nothing runs {found}" if found else 0)
