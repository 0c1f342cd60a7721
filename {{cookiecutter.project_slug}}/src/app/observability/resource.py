"""Who is telling: what every measurement and span carries."""

from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource


def resource() -> Resource:
    """This service, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES say otherwise."""
    ours = Resource.create({SERVICE_NAME: "{{ cookiecutter.project_slug }}"})
    return ours.merge(OTELResourceDetector().detect())
