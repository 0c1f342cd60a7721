"""The rules of sessions, without a database."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.audit.events import Event
from app.core.pagination import PageQuery
from app.sessions.errors import InvalidRefreshToken, RefreshTokenReused, SessionNotFound
from app.sessions.service import SessionService
from app.sessions.settings import SessionSettings
from tests.sessions.fakes import AuditInMemory, SessionsInMemory

USER = uuid4()


@pytest.fixture
def sessions() -> SessionsInMemory:
    return SessionsInMemory()


@pytest.fixture
def audit() -> AuditInMemory:
    return AuditInMemory()


def built(sessions: SessionsInMemory, audit: AuditInMemory, leeway: float = 0) -> SessionService:
    return SessionService(
        sessions, audit, SessionSettings(refresh_reuse_leeway_seconds=leeway, _env_file=None)
    )


@pytest.fixture
def service(sessions: SessionsInMemory, audit: AuditInMemory) -> SessionService:
    return built(sessions, audit)


@pytest.fixture
def lenient(sessions: SessionsInMemory, audit: AuditInMemory) -> SessionService:
    return built(sessions, audit, leeway=2)


async def lives(service: SessionService, session_id: UUID) -> bool:
    return await service.standing(session_id) is not None


async def test_a_refresh_gives_another_token_of_the_same_session(service: SessionService) -> None:
    begun = await service.start(USER)

    done = await service.refresh(begun.refresh_token)

    assert (done.user_id, done.session_id) == (USER, begun.session_id)
    assert done.refresh_token != begun.refresh_token
    assert (await service.refresh(done.refresh_token)).session_id == begun.session_id


async def test_of_a_token_only_a_hash_is_kept(
    service: SessionService, sessions: SessionsInMemory
) -> None:
    begun = await service.start(USER)
    await service.refresh(begun.refresh_token)

    assert len(sessions.tokens) == 2
    assert {len(kept) for kept in sessions.tokens} == {32}
    assert begun.refresh_token.encode() not in sessions.tokens


async def test_tokens_of_one_instant_differ_and_are_long(service: SessionService) -> None:
    tokens = {(await service.start(USER)).refresh_token for _ in range(50)}

    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 43  # 256 bits in base64


async def test_a_second_use_ends_the_family_and_says_so_to_the_log(
    service: SessionService, audit: AuditInMemory
) -> None:
    begun = await service.start(USER)
    done = await service.refresh(begun.refresh_token)

    with pytest.raises(RefreshTokenReused) as refused:
        await service.refresh(begun.refresh_token)

    assert refused.value.keeps_writes
    assert not await lives(service, begun.session_id)
    with pytest.raises(InvalidRefreshToken):
        await service.refresh(done.refresh_token)
    assert audit.events == [
        (Event.SESSION_REFRESHED, USER),
        (Event.SESSION_REUSE_DETECTED, USER),
    ]


async def test_reuse_ends_no_other_session(service: SessionService) -> None:
    begun, other = await service.start(USER), await service.start(USER)
    await service.refresh(begun.refresh_token)

    with pytest.raises(RefreshTokenReused):
        await service.refresh(begun.refresh_token)

    assert await lives(service, other.session_id)


async def test_a_token_nobody_gave_ends_nothing(
    service: SessionService, audit: AuditInMemory
) -> None:
    begun = await service.start(USER)

    for nonsense in ("", "x" * 500, "ä\U0001f600", begun.refresh_token[:-1]):
        with pytest.raises(InvalidRefreshToken) as refused:
            await service.refresh(nonsense)
        assert not refused.value.keeps_writes

    assert await lives(service, begun.session_id)
    assert audit.events == []


async def test_within_the_leeway_a_second_use_is_refused_and_nothing_more(
    lenient: SessionService, sessions: SessionsInMemory, audit: AuditInMemory
) -> None:
    begun = await lenient.start(USER)
    done = await lenient.refresh(begun.refresh_token)
    sessions.now += timedelta(seconds=1.9)

    with pytest.raises(InvalidRefreshToken) as refused:
        await lenient.refresh(begun.refresh_token)

    assert not refused.value.keeps_writes
    assert await lives(lenient, begun.session_id)
    assert Event.SESSION_REUSE_DETECTED not in dict(audit.events)
    await lenient.refresh(done.refresh_token)


async def test_after_the_leeway_a_second_use_ends_the_family(
    lenient: SessionService, sessions: SessionsInMemory
) -> None:
    begun = await lenient.start(USER)
    await lenient.refresh(begun.refresh_token)
    sessions.now += timedelta(seconds=2.1)

    with pytest.raises(RefreshTokenReused):
        await lenient.refresh(begun.refresh_token)

    assert not await lives(lenient, begun.session_id)


async def test_the_leeway_excuses_only_the_immediate_predecessor(
    lenient: SessionService, sessions: SessionsInMemory
) -> None:
    begun = await lenient.start(USER)
    second = await lenient.refresh(begun.refresh_token)
    sessions.now += timedelta(seconds=0.1)
    await lenient.refresh(second.refresh_token)

    with pytest.raises(RefreshTokenReused):
        await lenient.refresh(begun.refresh_token)

    assert not await lives(lenient, begun.session_id)


async def test_an_ended_session_is_over_for_good(
    service: SessionService, audit: AuditInMemory
) -> None:
    begun = await service.start(USER)

    await service.end(begun.session_id, USER)

    assert not await lives(service, begun.session_id)
    with pytest.raises(InvalidRefreshToken):
        await service.refresh(begun.refresh_token)
    with pytest.raises(SessionNotFound):
        await service.end(begun.session_id, USER)
    assert audit.events == [(Event.SESSION_ENDED, USER)]


async def test_somebody_elses_session_is_not_found(service: SessionService) -> None:
    begun = await service.start(USER)

    with pytest.raises(SessionNotFound):
        await service.end(begun.session_id, uuid4())

    assert await lives(service, begun.session_id)


async def test_a_rotated_token_still_signs_its_session_out(
    service: SessionService, audit: AuditInMemory
) -> None:
    begun = await service.start(USER)
    await service.refresh(begun.refresh_token)

    await service.end_by_token(begun.refresh_token)

    assert not await lives(service, begun.session_id)
    assert audit.events[-1] == (Event.SESSION_ENDED, USER)


async def test_signing_out_with_nonsense_is_no_event(
    service: SessionService, audit: AuditInMemory
) -> None:
    await service.end_by_token("nonsense")

    assert audit.events == []


async def test_all_sessions_of_a_user_end_but_the_spared_one(
    service: SessionService, audit: AuditInMemory
) -> None:
    kept, other, foreign = (
        await service.start(USER),
        await service.start(USER),
        await service.start(uuid4()),
    )

    await service.end_all(USER, but=kept.session_id)

    assert await lives(service, kept.session_id)
    assert not await lives(service, other.session_id)
    assert await lives(service, foreign.session_id)
    await service.end_all(USER)
    assert not await lives(service, kept.session_id)
    assert {event for event, _ in audit.events} == {Event.SESSION_ALL_ENDED}


async def test_a_user_sees_their_live_sessions_and_which_one_asks(service: SessionService) -> None:
    mine, over = await service.start(USER), await service.start(USER)
    await service.start(uuid4())
    await service.end(over.session_id, USER)

    page = await service.page(USER, mine.session_id, PageQuery())

    assert [(shown.id, shown.current) for shown in page.data] == [(mine.session_id, True)]
    assert page.meta.total == 1
