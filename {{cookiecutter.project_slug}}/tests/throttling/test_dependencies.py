"""A route's mark."""

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient

from app.throttling.dependencies import Throttled, throttled
from app.throttling.policies import LOGIN


async def test_a_mark_can_be_read_from_the_route_and_does_nothing_to_a_request() -> None:
    router = APIRouter()

    @router.get("/", dependencies=[throttled(LOGIN)])
    async def answer() -> str:
        return "here"

    [route] = router.routes
    assert isinstance(route, APIRoute)
    [mark] = route.dependencies
    assert mark.dependency == Throttled(LOGIN)

    app = FastAPI()
    app.include_router(router)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/")).json() == "here"
