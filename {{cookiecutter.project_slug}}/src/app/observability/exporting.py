"""Where spans go: to a collector, from a thread that drops what it cannot send."""

from functools import cache
from os import environ

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased, Sampler

from app.observability.resource import resource


class _NoQueries(SpanProcessor):
    """Query strings name people, and a trace is read by more eyes than the table of users."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """FastAPI has set the attributes by now."""
        del parent_context
        if span.attributes and "url.query" in span.attributes:
            span.set_attribute("url.query", "REDACTED")


@cache
def provider() -> TracerProvider:
    """The process's, made when it is first asked for."""
    made = TracerProvider(_sampler(), resource(), shutdown_on_exit=False)
    made.add_span_processor(_NoQueries())
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(made)
    return made


def _sampler() -> Sampler | None:
    """None leaves it to OTEL_TRACES_SAMPLER; else whoever gets here without a trace was chosen."""
    return None if environ.get("OTEL_TRACES_SAMPLER") else ParentBased(ALWAYS_ON)
