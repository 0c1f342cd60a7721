"""Reads what Prometheus would."""

from httpx2 import AsyncClient
from prometheus_client.parser import text_string_to_metric_families

type Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Series:
    """The value of each series, by its name and its labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def scrape(client: AsyncClient) -> Series:
    """What the service shows at /metrics."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    return parsed(answer.text)


def value(series: Series, name: str, **labels: str) -> float:
    """0 for what never happened."""
    return series.get((name, frozenset(labels.items())), 0)
