"""Keeps what stands in rows out of error messages, and so out of logs."""

from typing import Any, cast

from sqlalchemy.engine.interfaces import ExceptionContext


def hide(context: ExceptionContext) -> None:
    """PostgreSQL's DETAIL quotes the row that it refused, with the hashes and addresses in it."""
    driver = cast(Any, context.original_exception.__cause__)  # asyncpg's error, untyped here
    detail = getattr(driver, "detail", None)
    if not detail:
        return
    driver.detail = None
    told = f"\nDETAIL:  {detail}"
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(str(part).replace(told, "") for part in error.args)
