"""How passwords are kept: argon2id, computed beside the event loop and never on it."""

import os
import sys
import unicodedata
from asyncio import get_running_loop
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import get_native_id

from passlib.context import CryptContext

# argon2id with 19 MiB and two passes (OWASP ASVS 5.0, 11.4.2); bcrypt only to let older hashes in.
CONTEXT = CryptContext(
    ["argon2", "bcrypt"],
    deprecated="auto",
    argon2__type="ID",
    argon2__memory_cost=19456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
# Code points before NFC, which takes seconds for a long run of combining marks.
LONGEST_SPELLING = 512
_LAST = 19  # the lowest priority that there is


def _step_back() -> None:
    """Lets requests that hash nothing go first; on Linux a thread has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _LAST)


# More threads than cores would only take memory from each other.
_CORES = ThreadPoolExecutor(os.cpu_count() or 1, "hashing", initializer=_step_back)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password fits; `rehashed` is what to keep instead of an outdated hash."""

    ok: bool
    rehashed: str | None = None


def spelled(password: str) -> str:
    """One sequence of code points for what looks the same (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFC", password)


async def hash_password(password: str) -> str:
    """Of a password that the policy let in; a fresh salt each time, about 15 ms of one core."""
    work = get_running_loop().run_in_executor(_CORES, CONTEXT.hash, spelled(password))
    return str(await work)


async def verify(password: str, hashed: str | None) -> Verdict:
    """Costs the same without a hash, so that time does not tell whether there is an account."""
    return await get_running_loop().run_in_executor(_CORES, _verify, password, hashed)


def _verify(password: str, hashed: str | None) -> Verdict:
    if hashed is not None and len(password) <= LONGEST_SPELLING:
        try:
            return Verdict(*CONTEXT.verify_and_update(spelled(password), hashed))
        except ValueError:  # no hash at all, or more than the 72 bytes that bcrypt can take
            pass
    CONTEXT.dummy_verify()
    return Verdict(ok=False)
