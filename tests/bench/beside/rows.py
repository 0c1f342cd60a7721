"""Fills tables: as many products and, for the person named, as many orders as are asked for.

Prints the ids of some products, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

import asyncpg

PRODUCTS = """
INSERT INTO products (id, sku, name, price, stock, created_at)
SELECT gen_random_uuid(), 'SKU-' || n, 'Product ' || n, 1 + n % 100, 1000000,
       now() - (n || ' seconds')::interval
FROM generate_series((SELECT count(*) FROM products) + 1, $1::bigint) AS n
"""
ORDERS = """
WITH person AS (SELECT id FROM users WHERE email = $2),
product AS (SELECT id, sku, price FROM products LIMIT 1),
placed AS (
    INSERT INTO orders (id, user_id, total, created_at)
    SELECT gen_random_uuid(), person.id, product.price, now() - (n || ' seconds')::interval
    FROM generate_series((SELECT count(*) FROM orders) + 1, $1::bigint) AS n, person, product
    RETURNING id, user_id
)
INSERT INTO order_lines (order_id, product_id, user_id, position, sku, quantity, unit_price)
SELECT placed.id, product.id, placed.user_id, 0, product.sku, 1, product.price
FROM placed, product
"""
SOME = "SELECT id::text FROM products ORDER BY random() LIMIT 500"


async def fill(count: int, person: str | None) -> list[str]:
    """Adds what is missing."""
    connection = await asyncpg.connect(os.environ["DATABASE_URL"].replace("+asyncpg", ""))
    try:
        await connection.execute(PRODUCTS, count, timeout=300)
        if person:
            await connection.execute(ORDERS, count, person, timeout=300)
        await connection.execute("VACUUM ANALYZE", timeout=300)
        return [row["id"] for row in await connection.fetch(SOME)]
    finally:
        await connection.close()


print(json.dumps(asyncio.run(fill(int(sys.argv[1]), *sys.argv[2:] or [None]))))
