"""Settings whose values stand in files: one that `NAME_FILE` names, or one of a folder."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

DEFAULT_FOLDER = Path("/run/secrets")
"""Where containers find what they are entrusted with."""


@dataclass(frozen=True)
class Refused:
    """Stands in for a value that cannot be had, so that validation names it among all faults."""

    why: str


type Found = str | Refused | None
type Find = Callable[[str], Found]


class Files(PydanticBaseSettingsSource):
    """Asks `find` for the text of each setting, by its upper-case name; an empty one is not set."""

    def __init__(self, kind: type[BaseSettings], find: Find) -> None:
        super().__init__(kind)
        self._find = find

    def __call__(self) -> dict[str, Any]:  # Any: whatever JSON holds
        """What was found, by field."""
        found = {name: self._value(name) for name in self.settings_cls.model_fields}
        return {name: value for name, value in found.items() if value is not None}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Found, str, bool]:
        """The text, the name of the field, and whether the text is JSON."""
        return self._find(field_name.upper()) or None, field_name, self.field_is_complex(field)

    def _value(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        field = self.settings_cls.model_fields[name]
        text, _, is_json = self.get_field_value(field, name)
        if isinstance(text, Refused):
            return text
        try:
            return self.prepare_field_value(name, field, text, is_json)
        except ValueError:  # it holds the text
            return Refused("must be JSON")


class FileSettings(BaseSettings):
    """NAME is what the first of these says.

    The file that NAME_FILE names, the environment, `.env`, the file NAME or name in the folder
    SECRETS_DIR, the default. Where NAME_FILE is set, in the environment or in `.env`, NAME must be
    in neither.
    """

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - it shows what it reads
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where pydantic looks for values, in this order."""
        both = (env_settings, dotenv_settings)
        given = [dict(each.env_vars) for each in both if isinstance(each, EnvSettingsSource)]
        variables = ChainMap(*given)
        folder = Path(variables.get("secrets_dir") or DEFAULT_FOLDER)
        named, kept = Files(settings_cls, named_by(variables)), Files(settings_cls, within(folder))
        return init_settings, named, *both, kept

    @field_validator("*", mode="before")
    @classmethod
    def _had(cls, value: object) -> object:
        if isinstance(value, Refused):
            raise PydanticCustomError("file", "{why}", {"why": value.why})
        return value


def named_by(variables: Mapping[str, str | None]) -> Find:
    """NAME stands in the file of NAME_FILE; variables have lower-case names."""

    def find(name: str) -> Found:
        path = variables.get(f"{name}_FILE".lower())
        if not path:
            return None
        if variables.get(name.lower()):
            return Refused(f"is set, and so is {name}_FILE; keep one of them")
        found = _text(Path(path))
        return Refused(f"{path} of {name}_FILE does not exist") if found is None else found

    return find


def within(folder: Path) -> Find:
    """NAME stands in the file `NAME` or `name` of the folder, if that is there."""

    def find(name: str) -> Found:
        return _text(folder / name) or _text(folder / name.lower())

    return find


def _text(path: Path) -> Found:
    """Without its newline at the end; None when there is no such file."""
    try:
        return path.read_text("utf-8").rstrip("\r\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Refused(f"{path} cannot be read: {error.strerror}")
    except UnicodeDecodeError:  # it holds the bytes
        return Refused(f"{path} cannot be read: it is not UTF-8")
