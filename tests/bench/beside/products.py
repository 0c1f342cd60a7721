"""Fills the catalogue with as many products as its argument says."""

from __future__ import annotations

import asyncio
import os
import sys

import asyncpg

FILL = """
INSERT INTO products (id, sku, name, price, stock, created_at)
SELECT gen_random_uuid(), 'SKU-' || n, 'Product ' || n, 1 + n % 100, 1000000,
       now() - (n || ' seconds')::interval
FROM generate_series((SELECT count(*) FROM products) + 1, $1::bigint) AS n
"""


async def fill(count: int) -> None:
    """Adds what is missing."""
    connection = await asyncpg.connect(os.environ["DATABASE_URL"].replace("+asyncpg", ""))
    try:
        await connection.execute(FILL, count, timeout=600)
        await connection.execute("VACUUM ANALYZE", timeout=600)
    finally:
        await connection.close()


asyncio.run(fill(int(sys.argv[1])))
