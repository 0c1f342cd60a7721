"""Dashboards and alerts ask for nothing that the service does not publish."""

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.core import counts
from app.core.migrations import ROOT
from tests.observability.scrapes import scrape

FILES = ROOT / "monitoring"
DASHBOARDS = [json.loads(file.read_text("utf-8")) for file in sorted(FILES.glob("*.json"))]
ALERTS = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(FILES.glob("*alerts.yml"))]
PANELS = {
    f"{panel['title']}: {target['refId']}": target["expr"]
    for dashboard in DASHBOARDS
    for panel in dashboard["panels"]
    for target in panel["targets"]
}
RULES = {
    rule["alert"]: rule["expr"]
    for alerts in ALERTS
    for group in alerts["groups"]
    for rule in group["rules"]
}
# Of PromQL: a name, its matchers; names before a bracket are functions, lists follow `by`.
METRIC = re.compile(r"\b([a-z][a-z0-9_]*)\b(?:\{([^}]*)\})?(?!\s*\()(?=[\[)\s]|$)")
GROUPED = re.compile(r"\bby\s*\(([^)]*)\)")
PROMETHEUS_OWN = {"instance"}


def asked(query: str) -> Iterator[tuple[str, set[str]]]:
    """The metrics of a query, each with the labels that it must have."""
    grouped = {each.strip() for found in GROUPED.findall(query) for each in found.split(",")}
    for name, matchers in METRIC.findall(GROUPED.sub("", query)):
        yield name, grouped | set(re.findall(r"(\w+)\s*[=!]~?", matchers))


@pytest.fixture(scope="module")
async def published(application: FastAPI) -> dict[str, set[str]]:
    """The labels of each metric; of a count that is still zero, as it will be."""
    found = {each.name: set(each.labels) for each in counts.ALL}
    transport = ASGITransport(application)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        await client.get("/health/ready")
        for name, labels in await scrape(client):
            found.setdefault(name, set()).update(label for label, _ in labels)
    return found


@pytest.mark.parametrize("query", [*PANELS.values(), *RULES.values()], ids=[*PANELS, *RULES])
async def test_what_is_asked_for_is_published(published: dict[str, set[str]], query: str) -> None:
    metrics = list(asked(query))

    assert metrics
    for name, labels in metrics:
        assert name in published
        assert labels - PROMETHEUS_OWN <= published[name]


def test_every_count_has_a_place_on_a_dashboard() -> None:
    shown = {name for query in PANELS.values() for name, _ in asked(query)}

    assert {each.name for each in counts.ALL} <= shown


async def test_the_alerts_are_about_the_objectives(client: AsyncClient) -> None:
    edges = {
        dict(labels)["le"]
        for name, labels in await scrape(client)
        if name == "http_server_request_duration_seconds_bucket"
    }

    assert RULES["RequestsAreSlow"].endswith("> 0.2")
    assert "0.2" in edges, "between two edges a quantile is a guess"
    assert RULES["RequestsFail"].endswith("> 0.001")
    assert 'status="5xx"' in RULES["RequestsFail"]
