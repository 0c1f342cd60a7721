"""The audit log over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.audit.dependencies import ReadsAuditLog
from app.audit.schemas import EventQuery, EventRead
from app.auth.dependencies import requires
from app.core.feature import API
from app.core.pagination import CursorPage
from app.gate.route import GatedRoute

router = APIRouter(prefix=f"{API}/audit-events", tags=["audit"], route_class=GatedRoute)


@router.get("", dependencies=[requires("audit:read")])
async def list_audit_events(
    query: Annotated[EventQuery, Query()], log: ReadsAuditLog, response: Response
) -> CursorPage[EventRead]:
    """Security events, newest first."""
    response.headers["Cache-Control"] = "no-store"
    return await log.page(query)
