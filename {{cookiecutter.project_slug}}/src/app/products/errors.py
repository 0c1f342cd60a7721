"""What can be wrong with a product."""

from app.core.errors import Conflict, NotFound


class ProductNotFound(NotFound):
    """Never existed, or was deleted: to a client that is the same."""

    detail = "There is no such product."


class SkuTaken(Conflict):
    """Two products on sale cannot share a sku; a deleted one's is free again."""

    code = "sku_taken"
    detail = "Another product has this sku."
