"""Tests renders of the real template: quick, repeatable, complete, and without a trace of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from cookiecutter.exceptions import OutputDirExistsException

from tests.conftest import tree
from tests.variants import probes, residue
from tests.variants.rendering import TEMPLATE, render
from tests.variants.sheets import Sheet

UNUSUAL = {
    "project_name": "L\u2019Atelier d'\u00c9t\u00e9 \U0001f680 #1: 100 % {new}",
    "project_slug": "a-2nd-shop",
    "description": "\u5356 things & <stuff>: *all* of it, #1 in $, l'\u00e9t\u00e9",
    "author_name": "Zo\u00eb O'Brien \U0001f469\u200d\U0001f4bb",
    "author_email": "zoe+shop@sub.example.co.uk",
}
OFFLINE = """
import socket
class Refused(socket.socket):
    def __init__(self, *args, **kwargs):
        raise OSError("this test has no network")
socket.socket = Refused
"""


def test_a_render_takes_less_than_a_second_of_work(tmp_path: Path) -> None:
    def seconds(name: str) -> float:
        before = os.times()
        render({}, tmp_path / name)
        spent = zip(os.times()[:4], before[:4], strict=True)  # the hooks' processes among it
        return sum(after - earlier for after, earlier in spent)

    assert min(map(seconds, "abc")) < 1


def test_the_same_answers_give_the_same_bytes(sheet: Sheet, rendered: Path, tmp_path: Path) -> None:
    assert tree(render(sheet, tmp_path)) == tree(rendered)


def test_a_render_carries_no_trace_of_the_template(rendered: Path) -> None:
    assert residue.of_template(rendered) == []


def test_a_declined_option_leaves_nothing_that_speaks_of_it(sheet: Sheet, rendered: Path) -> None:
    assert probes.left_over(rendered, sheet) == []


def test_a_chosen_option_brings_what_it_needs(sheet: Sheet, rendered: Path) -> None:
    assert probes.missing(rendered, sheet) == []


def test_every_structured_file_can_be_read(rendered: Path) -> None:
    readers: dict[str, Callable[[str], object]] = {
        ".toml": tomllib.loads,
        ".json": json.loads,
        ".yml": yaml.safe_load,
        ".yaml": yaml.safe_load,
    }
    read = [
        readers[path.suffix](path.read_text("utf-8"))
        for path in rendered.rglob("*")
        if path.suffix in readers
    ]
    assert read


def test_unusual_answers_arrive_unchanged_and_break_no_file(tmp_path: Path) -> None:
    folder = render(UNUSUAL, tmp_path)
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert folder.name == project["name"] == UNUSUAL["project_slug"]
    assert project["description"] == UNUSUAL["description"]
    assert project["authors"] == [
        {"name": UNUSUAL["author_name"], "email": UNUSUAL["author_email"]}
    ]
    test_every_structured_file_can_be_read(folder)
    assert residue.of_template(folder) == []


@pytest.mark.parametrize("version", ["3.12", "3.13", "3.14"])
def test_the_chosen_python_is_the_one_that_tools_find(version: str, tmp_path: Path) -> None:
    folder = render({"python_version": version}, tmp_path)
    assert (folder / ".python-version").read_text("utf-8").strip() == version


def test_a_project_that_is_there_already_keeps_every_byte(tmp_path: Path) -> None:
    folder = render({}, tmp_path)
    (folder / "src" / "app" / "main.py").write_text("mine = True\n", "utf-8")
    before = tree(folder)
    with pytest.raises(OutputDirExistsException):
        render({"example": False}, tmp_path)
    assert tree(folder) == before


def test_rendering_needs_neither_network_nor_terminal(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(OFFLINE, "utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    out = tmp_path / "out"

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            start_new_session=True,
            check=False,
        )

    assert run("-c", "import socket; socket.socket()").returncode != 0
    options = ["--no-input", "--default-config", "--output-dir", str(out)]
    rendering = run("-m", "cookiecutter", *options, str(TEMPLATE))
    assert rendering.returncode == 0, rendering.stderr.decode()
    assert [path.name for path in out.iterdir()] == ["my-service"]
