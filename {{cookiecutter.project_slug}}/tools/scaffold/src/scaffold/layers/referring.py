"""The part of repository.py that looks for what a row refers to."""

from scaffold.filling import filled
from scaffold.layers.errors import unknown
from scaffold.resource import Field, Resource

SEARCH = '''\

    async def _look_for_$subject(self, ${subject}_id: UUID | None) -> None:
        """Raises $Unknown: a foreign key would also do with $excuse."""
        there = select($Target.id).where($Target.id == ${subject}_id$seen)
        if ${subject}_id and not await self._session.scalar(there):
            raise $Unknown
'''


def guarded(resource: Resource) -> list[Field]:
    """The references where a foreign key alone would let in what the caller does not see."""
    targets = ((field, field.target) for field in resource.references)
    return [field for field, target in targets if target and (target.owned or target.soft_delete)]


def imports(resource: Resource) -> str:
    """Of the models that are looked at."""
    targets = (field.target for field in guarded(resource))
    lines = {f"from {each.module} import {each.model}" for each in targets if each}
    return "\n".join(sorted(lines))


def looks(resource: Resource) -> str:
    """The statements that look, before `values` are written."""
    return "\n".join(
        f'        await self._look_for_{field.subject}(values.get("{field.name}"))'
        for field in guarded(resource)
    )


def searches(resource: Resource) -> str:
    """The methods that look."""
    return "\n".join(map(_search, guarded(resource))).rstrip("\n")


def _search(field: Field) -> str:
    target = field.target
    if target is None:
        return ""
    own = f", {target.model}.user_id == self._owner" if target.owned else ""
    alive = f", {target.model}.deleted_at.is_(None)" if target.soft_delete else ""
    names = {
        "subject": field.subject,
        "Unknown": unknown(field),
        "Target": target.model,
        "excuse": "somebody else's" if target.owned else "a deleted one",
        "seen": own + alive,
    }
    return filled(SEARCH, (), names)
