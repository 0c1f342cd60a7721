"""`.env.example` names every setting of the code, no other, and each as it would be read."""

import re
from pathlib import Path

import pytest

from app.core.settings import Settings
from app.main import SETTINGS

LINE = re.compile(r"# ([A-Z][A-Z0-9_]*)=(.*)")
TEXT = Path(__file__).parents[1].joinpath(".env.example").read_text("utf-8")
SHOWN = [match.groups() for match in map(LINE.fullmatch, TEXT.splitlines()) if match]
DEFAULTS = {
    name.upper(): field.get_default(call_default_factory=True, validated_data={})
    for kind in SETTINGS
    for name, field in kind.model_fields.items()
}


def test_it_names_exactly_the_settings_that_the_code_reads() -> None:
    assert sorted(name for name, _ in SHOWN) == sorted(DEFAULTS)


@pytest.mark.parametrize("kind", SETTINGS, ids=lambda kind: kind.__name__)
def test_uncommented_it_is_read_without_a_fault_and_keeps_every_default(
    kind: type[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in DEFAULTS:
        monkeypatch.delenv(name, raising=False)  # it would win over the file
    uncommented = tmp_path / ".env"
    uncommented.write_text("".join(f"{name}={value}\n" for name, value in SHOWN), "utf-8")
    for name, value in kind(_env_file=uncommented):
        assert DEFAULTS[name.upper()] in (None, value)


def test_copied_as_it_stands_it_changes_nothing() -> None:
    assert all(line.startswith("#") for line in TEXT.splitlines() if line)
