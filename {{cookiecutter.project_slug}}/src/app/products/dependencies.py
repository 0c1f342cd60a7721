"""How a request gets its service: outside any transaction to read, in a unit of work to change."""

from typing import Annotated

from fastapi import Depends

from app.core.database import Reading, Work
from app.products.repository import ProductRepository
from app.products.service import ProductService


async def _reading(session: Reading) -> ProductService:
    return ProductService(ProductRepository(session))


async def _changing(work: Work) -> ProductService:
    return ProductService(ProductRepository(work.session))


ReadsProducts = Annotated[ProductService, Depends(_reading)]
ChangesProducts = Annotated[ProductService, Depends(_changing)]
