"""Writes privacy.py: what people may demand of rows that are theirs."""

from scaffold.filling import filled
from scaffold.resource import Resource

TEXT = '''\
"""$Many_words are among what people are given, and go with the account."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.$many.repository import ${One}Repository
from app.$many.schemas import ${One}Read


async def export(session: AsyncSession, user_id: UUID) -> Sequence[${One}Read]:
    """Every $one_words of that person, newest first."""
    return await ${One}Repository(session, user_id).all()


async def erase(session: AsyncSession, user_id: UUID) -> None:
    """Every $one_words of that person."""
    await ${One}Repository(session, user_id).forget()
'''


def text(resource: Resource) -> str:
    """The module."""
    return filled(TEXT, resource.traits, resource.names)
