"""Structured logs on standard output; what libraries log through `logging` takes the same form."""

import logging
import sys
from collections.abc import MutableMapping

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor

from app.core.settings import Environment
from app.observability.redaction import redact, redact_texts
from app.observability.settings import LogFormat, LogSettings


def _add_span(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Where a request is traced, its lines are found from the trace, and the other way round."""
    span = trace.get_current_span().get_span_context()
    if span.trace_flags.sampled:
        line["trace_id"] = trace.format_trace_id(span.trace_id)
        line["span_id"] = trace.format_span_id(span.span_id)
    return line


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    redact,
    _add_span,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(settings: LogSettings, environment: Environment) -> None:
    """Sets up the whole process; a second call replaces the first."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    development = environment is Environment.DEVELOPMENT
    chosen = settings.log_format or (LogFormat.CONSOLE if development else LogFormat.JSON)
    for_people = chosen is LogFormat.CONSOLE
    structlog.configure(
        processors=[*_SHARED, *_renderers(for_people=for_people)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Bytes spare JSON lines an encoding; people's lines are text.
        logger_factory=structlog.PrintLoggerFactory()
        if for_people
        else structlog.BytesLoggerFactory(sys.stdout.buffer),
    )
    _adopt_standard_logging(level, _renderers(for_people=for_people))


def _renderers(*, for_people: bool) -> list[Processor]:
    if for_people:
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stdout.isatty(),
                # The usual one shows the values of variables, secrets among them.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    return [
        structlog.processors.format_exc_info,
        redact_texts,
        structlog.processors.JSONRenderer(serializer=orjson.dumps),
    ]


def _adopt_standard_logging(level: int, renderers: list[Processor]) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, redact_texts],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *renderers,
                _as_text,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # It tells of every part of itself that it loads.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    # Our own line for each request says more, and uvicorn's costs a fifth of the throughput.
    logging.getLogger("uvicorn.access").disabled = True


def _as_text(
    _logger: object, _method: str, line: MutableMapping[str, object] | str | bytes
) -> MutableMapping[str, object] | str | bytes:
    return line.decode() if isinstance(line, bytes) else line
