"""A change happens as a whole or not at all, and can be seen before."""

from pathlib import Path, PurePosixPath

import pytest
from rich.console import Console

from scaffold.change import Change

OLD, NEW, GONE = (PurePosixPath(name) for name in ("old.py", "src/new/new.py", "src/gone/gone.py"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "service"
    (root / "src" / "gone" / "__pycache__").mkdir(parents=True)
    (root / "src" / "gone" / "__pycache__" / "gone.pyc").write_bytes(b"\0")
    (root / OLD).write_text("a = 1\nb = 2\n", "utf-8")
    (root / GONE).write_text("c = 3\n", "utf-8")
    return root


@pytest.fixture
def change(project: Path) -> Change:
    change = Change(project)
    change.write(OLD, "a = 1\nb = 3\n")
    change.write(NEW, "d = 4\n")
    change.delete(GONE.parent)
    return change


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_what_is_noted_changes_nothing_before_it_is_applied(project: Path, change: Change) -> None:
    before = files(project)

    assert change.text(OLD) == "a = 1\nb = 3\n"
    assert change.text(GONE) == ""
    assert list(change.difference())
    assert files(project) == before


def test_a_change_writes_changes_and_deletes(project: Path, change: Change) -> None:
    change.apply()

    assert files(project) == {"old.py": b"a = 1\nb = 3\n", "src/new/new.py": b"d = 4\n"}
    assert not (project / "src" / "gone").exists()


def test_the_same_text_is_no_change(project: Path) -> None:
    change = Change(project)
    change.write(OLD, "a = 1\nb = 2\n")

    assert change.files == {}


@pytest.mark.parametrize("fault", [OSError, KeyboardInterrupt])
def test_a_failure_half_way_leaves_everything_as_it_was(
    project: Path, change: Change, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    before, write = files(project), Path.write_bytes

    def write_until_full(path: Path, content: bytes) -> int:
        if path.name == "last.py":
            raise fault
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_until_full)
    change.write(PurePosixPath("src/new/last.py"), "")

    with pytest.raises(fault):
        change.apply()

    assert files(project) == before
    assert not (project / "src" / "new").exists()


def test_the_difference_is_one_that_git_applies(change: Change) -> None:
    assert list(change.difference()) == [
        "--- a/old.py",
        "+++ b/old.py",
        "@@ -1,2 +1,2 @@",
        " a = 1",
        "-b = 2",
        "+b = 3",
        "--- a/src/gone/gone.py",
        "+++ /dev/null",
        "@@ -1 +0,0 @@",
        "-c = 3",
        "--- /dev/null",
        "+++ b/src/new/new.py",
        "@@ -0,0 +1 @@",
        "+d = 4",
    ]


def test_the_tree_says_what_happens_to_each_file(change: Change) -> None:
    console = Console(width=80)
    with console.capture() as said:
        console.print(change.tree())

    assert [line.strip(" \u2502\u251c\u2514\u2500") for line in said.get().splitlines()] == [
        "service",
        "old.py  changed",
        "src/",
        "gone/",
        "gone.py  deleted",
        "new/",
        "new.py  written",
    ]
