"""How long PostgreSQL takes to answer, and the spans of its answers."""

from time import perf_counter
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from sqlalchemy import event
from sqlalchemy.engine.interfaces import ExceptionContext

from app.core.database import Database
from app.core.timings import Timings

QUERIES = Timings("db_query_seconds", "Queries that PostgreSQL answered.")
_tracer = trace.get_tracer("app")


def watch(database: Database) -> None:
    """Has SQLAlchemy tell of every query from now on.

    The usual instrumentation would write down BEGIN, and with it who is asking.
    """
    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", _asked)
    event.listen(engine, "after_cursor_execute", _answered)
    event.listen(engine, "handle_error", _failed)


def _asked(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's hook
    _, _, statement, _, context, _ = given
    context.asked = perf_counter()
    if trace.get_current_span().is_recording():
        attributes = {"db.system.name": "postgresql", "db.query.text": statement}
        name = statement.split(maxsplit=1)[0]
        context.span = _tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes)


def _answered(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's hook
    _, _, _, _, context, _ = given
    QUERIES.add(perf_counter() - context.asked)
    if span := getattr(context, "span", None):
        span.end()


def _failed(error: ExceptionContext) -> None:
    if span := getattr(error.execution_context, "span", None):
        span.set_status(StatusCode.ERROR, type(error.original_exception).__name__)
        span.end()
