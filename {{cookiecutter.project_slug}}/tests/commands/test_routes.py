"""Behind each route stand its layers, found by what they ask for."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

from app.commands.routes import layers
from tests.commands.conftest import Run


class ThingRepository:
    __module__ = "app.things.repository"


class ThingService:
    __module__ = "app.things.service"

    def __init__(self, things: ThingRepository, limit: int) -> None:
        pass


async def things(credentials: Annotated[object, Depends(HTTPBearer())]) -> ThingService:
    return ThingService(ThingRepository(), 1)


async def counted(things: Annotated[ThingService, Depends(things)]) -> int:
    return 1


router = APIRouter(prefix="/things")


@router.get("")
async def list_things(things: Annotated[ThingService, Depends(things)]) -> None: ...


@router.get("/count")
async def count_things(count: Annotated[int, Depends(counted)]) -> None: ...


@router.get("/time")
async def tell_the_time() -> None: ...


def test_the_chain_leads_from_the_route_to_its_repository_however_deep_it_is_wired() -> None:
    assert list(layers(router.routes)) == [
        ("GET", "/things", "list_things -> ThingService -> ThingRepository"),
        ("GET", "/things/count", "count_things -> ThingService -> ThingRepository"),
        ("GET", "/things/time", "tell_the_time"),
    ]


def test_every_route_of_the_service_is_in_the_table(run: Run) -> None:
    result = run("routes", COLUMNS="200")

    assert result.exit_code == 0
    assert ["GET", "/health/ready", "ready"] in [
        line.split() for line in result.output.splitlines()
    ]
