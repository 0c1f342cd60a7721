"""Writes the revision that makes the table."""

from collections.abc import Iterator

from scaffold.filling import filled
from scaffold.layers.tables import checks, indexes
from scaffold.resource import Resource
from scaffold.surroundings import Surroundings

TEXT = '''\
"""$Many_words, each for its owner alone."""  #? owned
"""$Many_words."""  #? !owned

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.roles import protect

revision: str = "$revision"
down_revision: str | Sequence[str] | None = "$head"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ALIVE = sa.text("deleted_at IS NULL")  #? soft


def upgrade() -> None:
    op.create_table(
        "$many",
$members
    )
$indexes
    for statement in protect("$many"):  #? owned
        op.execute(statement)  #? owned


def downgrade() -> None:
    op.drop_table("$many")
'''


def revision(resource: Resource, surroundings: Surroundings) -> str:
    """Its name, `0011_invoices`."""
    return f"{surroundings.next_number}_{resource.many}"


def text(resource: Resource, surroundings: Surroundings) -> str:
    """The module."""
    alive = ", postgresql_where=ALIVE" if resource.soft_delete else ""
    made = (
        f'op.create_index("{index.name}", "{resource.many}", [{index.members}]{index.unique}{alive})'
        for index in indexes(resource)
    )
    names = {
        "revision": revision(resource, surroundings),
        "head": surroundings.head,
        "members": "\n".join(f"        {each}," for each in _members(resource)),
        "indexes": "\n".join(f"    {each}" for each in made),
    }
    return filled(TEXT, resource.traits, resource.names | names)


def _members(resource: Resource) -> Iterator[str]:
    yield _column("id", "sa.Uuid()")
    if resource.owned:
        yield _column("user_id", "sa.Uuid()")
    for field in resource.fields:
        yield _column(field.name, field.kind.revision, nullable=field.optional)
    moment = "sa.DateTime(timezone=True)"
    yield _column("version", "sa.Integer()", 'server_default="1", ')
    if resource.soft_delete:
        yield _column("deleted_at", moment, nullable=True)
    yield _column("created_at", moment, "server_default=sa.func.now(), ")
    yield _column("updated_at", moment, "server_default=sa.func.now(), ")
    for check in checks(resource):
        yield f'sa.CheckConstraint("{check.rule}", name="{check.name}")'
    referring = {field.name: field.target.table for field in resource.fields if field.target}
    owner = {"user_id": "users"} if resource.owned else {}
    for name, table in (owner | referring).items():
        fk = f"fk_{resource.many}_{name}_{table}"
        yield f'sa.ForeignKeyConstraint(["{name}"], ["{table}.id"], name="{fk}")'
    yield f'sa.PrimaryKeyConstraint("id", name="pk_{resource.many}")'


def _column(name: str, kind: str, default: str = "", *, nullable: bool = False) -> str:
    return f'sa.Column("{name}", {kind}, {default}nullable={nullable})'
