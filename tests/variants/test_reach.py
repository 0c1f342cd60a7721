"""Tests which modules are found to be there for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.variants import reach

FILES = {
    "src/app/__init__.py": "",
    "src/app/__main__.py": "from app import cli\n",
    "src/app/cli.py": 'from app import main\nOWN = {"run": "app.core.named:run"}\n',
    "src/app/main.py": "from app.core import used\n",
    "src/app/core/__init__.py": "",
    "src/app/core/used.py": "",
    "src/app/core/named.py": "",
    "src/app/core/offered.py": "from app.core import behind\n",
    "src/app/core/behind.py": "",
    "src/app/core/left.py": "",
    "src/app/core/script.py": '\nif __name__ == "__main__":\n    print(1)\n',
    "src/app/shop/__init__.py": "",
    "src/app/shop/router.py": "",
    "tests/test_app.py": "from app.core.offered import x\nfrom app.shop import router\n",
}


def test_what_neither_a_way_in_nor_a_test_of_a_room_in_use_needs_is_named(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, reach.__file__],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == "nothing runs app.core.left, app.shop.router"
    assert done.returncode == 1
