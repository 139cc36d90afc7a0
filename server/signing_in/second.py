"""The second factor of an account: set up, asked for, used once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from core.audit import Audit, Note
from core.errors import BadInput, KeyFault
from core.events import now
from core.keyring import Keyring
from core.log import get_logger
from core.store.accounts import NO_STEP
from server.signing_in import codes
from server.signing_in.directory import Directory

log = get_logger("server.auth")


class Second:
    """One per node."""

    def __init__(
        self, directory: Directory, keyring: Keyring, audit: Audit, *, clock: Callable[[], datetime] = now
    ) -> None:
        self._directory = directory
        self._keyring = keyring
        self._audit = audit
        self._clock = clock

    async def fault_of(self, account_id: str, typed: str) -> str:
        """What is wrong with a code of hers: 'code_wrong', 'code_used'; '' = it was right, and is used up by this.

        ``KeyFault`` when the key under which her secret lies is not here.
        """
        if recovery := codes.recovery_hash(typed):
            return "" if await self._directory.use_recovery(account_id, recovery) else "code_wrong"
        sealed = self._directory.credentials(account_id).totp_sealed
        secret = self._keyring.open(sealed, _purpose(account_id)).decode()
        step = codes.step_of(secret, typed, self._clock().timestamp())
        if step is None:
            return "code_wrong"
        return "" if await self._directory.use_step(account_id, step) else "code_used"

    async def set_up(self, account_id: str, secret: str, typed: str, by: str, address: str) -> list[str]:
        """She shows that her app has the secret; it counts from now on. Her recovery codes, shown this once.

        ``BadInput`` ('code_wrong') for a wrong code.
        """
        step = codes.step_of(secret, typed, self._clock().timestamp()) if secret else None
        if step is None:
            raise BadInput("번호가 맞지 않습니다. / The code is not right.", code="code_wrong")
        recovery = codes.recovery_codes()
        sealed = self._keyring.seal(secret.encode(), _purpose(account_id))
        await self._note(account_id, by, address, "second factor set up")
        await self._directory.put_credentials(
            replace(
                self._directory.credentials(account_id),
                totp_sealed=sealed,
                totp_step=step,
                recovery=tuple(codes.recovery_hash(code) for code in recovery),
            )
        )
        return recovery

    async def rewrap(self) -> None:
        """Secrets under an older master key move to the newest, so that the old one can go. Those whose key is not here
        stay as they are."""
        for account in self._directory.accounts():
            hers = self._directory.credentials(account.id)
            if not hers.totp_sealed:
                continue
            try:
                sealed = self._keyring.rewrap(hers.totp_sealed, _purpose(account.id))
            except (KeyFault, BadInput) as fault:
                log.error("second_factor.no_key", agent=account.id, reason=str(fault))
                continue
            if sealed is not hers.totp_sealed:
                await self._directory.put_credentials(replace(hers, totp_sealed=sealed))

    async def renew_recovery(self, account_id: str, by: str, address: str) -> list[str]:
        """New recovery codes; the old ones are of no use from now on."""
        recovery = codes.recovery_codes()
        await self._note(account_id, by, address, "new recovery codes")
        hashes = tuple(codes.recovery_hash(code) for code in recovery)
        await self._directory.put_credentials(replace(self._directory.credentials(account_id), recovery=hashes))
        return recovery

    async def take_down(self, account_id: str, by: str, address: str) -> None:
        """She has none any more."""
        await self._note(account_id, by, address, "second factor taken down")
        hers = replace(self._directory.credentials(account_id), totp_sealed=b"", totp_step=NO_STEP, recovery=())
        await self._directory.put_credentials(hers)

    async def _note(self, account_id: str, by: str, address: str, detail: str) -> None:
        note = Note(who=by, deed="granted", thing="account", subject=account_id, detail=detail, address=address)
        await self._audit.note(note)


def _purpose(account_id: str) -> str:
    return f"totp:{account_id}"
