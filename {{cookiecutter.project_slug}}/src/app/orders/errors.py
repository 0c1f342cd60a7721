"""What can be wrong with an order."""

from app.core.errors import AppError, Conflict, NotFound


class OrderNotFound(NotFound):
    """Never existed, or is somebody else's: to a client that is the same."""

    detail = "There is no such order."


class NotCancellable(Conflict):
    """Stock goes back once."""

    code = "not_cancellable"
    detail = "The order has been cancelled already."


class InsufficientStock(Conflict):
    """`item` tells which line of the order asks for too much, counted from 0."""

    code = "insufficient_stock"
    detail = "There is not as much in stock as one of the lines asks for."

    def __init__(self, item: int) -> None:
        super().__init__()
        self.extensions = {"item": item}


class UnknownProduct(AppError):
    """A fault of the body that only a look at the catalogue can find."""

    status = 422
    code = "unknown_product"
    detail = "One of the lines names no product on sale."

    def __init__(self, item: int) -> None:
        super().__init__()
        loc = ["body", "items", item, "product_id"]
        fault = {"loc": loc, "code": self.code, "message": "is no product on sale"}
        self.extensions = {"errors": [fault]}
