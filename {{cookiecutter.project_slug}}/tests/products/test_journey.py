"""What a shop does with its catalogue in a day."""

from httpx2 import AsyncClient

PRODUCTS = "/api/v1/products"


async def test_a_product_is_put_on_sale_repriced_by_two_and_taken_off(admin: AsyncClient) -> None:
    made = await admin.post(PRODUCTS, json={"sku": "MUG", "name": "Mug", "price": "12.50"})
    path, seen = made.headers["Location"], made.headers["ETag"]

    ada = await admin.patch(path, json={"price": "11.00"}, headers={"If-Match": seen})
    bob = await admin.patch(path, json={"price": "13.00"}, headers={"If-Match": seen})
    assert (ada.status_code, bob.status_code) == (200, 412)

    again = await admin.get(path)
    bob = await admin.patch(
        path, json={"price": "13.00"}, headers={"If-Match": again.headers["ETag"]}
    )
    assert (bob.json()["price"], bob.json()["version"]) == ("13.00", 3)

    current = {"If-None-Match": bob.headers["ETag"]}
    assert (await admin.get(path, headers=current)).status_code == 304

    assert (await admin.delete(path, headers={"If-Match": seen})).status_code == 412
    assert (await admin.delete(path)).status_code == 204
    assert (await admin.get(path, headers=current)).status_code == 404
    assert (await admin.get(PRODUCTS)).json()["meta"]["total"] == 0
