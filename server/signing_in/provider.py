"""The city's identity provider over HTTP, by Authlib: OpenID Connect Core 1.0, authorization code flow with PKCE.

Discovery (OIDC Discovery 1.0), PKCE S256 (RFC 7636), ID tokens with issuer, audience, nonce and clock skew, keys that
change, user info, RP-initiated logout and the tokens of back-channel logout.
"""

from __future__ import annotations

import math
import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.base_client.async_app import AsyncOAuth2Mixin
from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin
from authlib.integrations.base_client.sync_app import BaseApp
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError

from core.config import OidcConfig
from core.errors import EnvironmentFault, Refused
from core.log import get_logger
from server.signing_in.claims import lacking

log = get_logger("server.oidc")

SAFE_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the provider has: neither 'none' nor one by our shared secret."""
METADATA_S: Final = 3600.0
"""What discovery said is believed for so long."""
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUTS_SEEN: Final = 10_000
REFRESH_APART_S: Final = 10.0
"""Anybody may send a logout token; one signed by an unknown key fetches keys no more often."""


class ProviderDown(EnvironmentFault):
    """The identity provider does not answer, or not as one."""

    code = "provider_down"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Where the browser goes, and what must come back with it."""

    url: str
    state: str
    nonce: str
    verifier: str
    """PKCE's secret, which never leaves us before the code is exchanged."""


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider says of somebody."""

    claims: Mapping[str, Any]
    """Of ID token and user info."""
    id_token: str
    """As it came, for the sign-out."""


class LoggedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the provider has signed out."""

    subject: str
    """'' = whoever has that session."""
    session: str
    """'' = all sessions of that subject."""


class _Client(AsyncOAuth2Mixin, AsyncOpenIDMixin, BaseApp):  # type: ignore[misc]
    """Authlib's client, a little stricter than it comes."""

    client_cls = AsyncOAuth2Client
    issuer = ""
    refreshed = -math.inf

    async def load_server_metadata(self) -> dict[str, Any]:
        """Only of the configured issuer (OIDC Discovery 1.0 section 4.3), only signatures that prove something."""
        metadata: dict[str, Any] = await super().load_server_metadata()
        if metadata.get("issuer") != self.issuer:
            metadata.pop("_loaded_at", None)
            raise ProviderDown("what answers at oidc.issuer calls itself another issuer: write it as the provider does")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in SAFE_ALGORITHMS]
        return metadata

    async def fetch_jwk_set(self, force: bool = False) -> Any:
        """Keys again when a token names one that is not known: not more often than the provider likes."""
        now = time.monotonic()
        if force and now - self.refreshed < REFRESH_APART_S:
            force = False
        elif force:
            self.refreshed = now
        return await super().fetch_jwk_set(force)


class Provider:
    """One per node."""

    def __init__(self, config: OidcConfig, *, clock: Callable[[], float] = time.time) -> None:
        """``EnvironmentFault`` when ``oidc.ca_file`` cannot be read."""
        self._config = config
        self._clock = clock
        self._client = self._new_client()
        self._loaded = 0.0
        self._logouts: OrderedDict[str, None] = OrderedDict()

    async def ask(self, redirect_uri: str) -> Asked:
        """A new authorization request. ``ProviderDown``."""
        async with self._answering() as client:
            made = await client.create_authorization_url(redirect_uri, scope=" ".join(self._config.scopes))
            return Asked(url=made["url"], state=made["state"], nonce=made["nonce"], verifier=made["code_verifier"])

    async def prove(self, code: str, issuer: str, asked: Asked, redirect_uri: str) -> Proven:
        """Exchange the code that came back. ``issuer``: what came with it (RFC 9207), '' = nothing.

        ``Refused`` ('provider_refused') for a code or token that is not good, ``ProviderDown``.
        """
        async with self._answering() as client:
            if issuer and issuer != self._config.issuer:
                raise _refused("the answer is another provider's")
            token = await client.fetch_access_token(
                redirect_uri, code=code, code_verifier=asked.verifier, grant_type="authorization_code"
            )
            if "id_token" not in token:
                raise _refused("there is no ID token in its answer")
            claims = await client.parse_id_token(
                token, asked.nonce, claims_options=self._options(), claims_cls=CodeIDToken, leeway=self._config.skew_s
            )
            told = dict(claims)
            if lacking(told, self._config) and client.server_metadata.get("userinfo_endpoint"):
                info = await client.userinfo(token=token)
                if info.get("sub") != told["sub"]:
                    raise _refused("user info is somebody else's")
                told = {**info, **told}
            return Proven(claims=told, id_token=token["id_token"])

    async def look(self) -> None:
        """``ProviderDown`` when it does not answer, or not as the provider that is configured."""
        async with self._answering() as client:
            await client.fetch_jwk_set()

    async def sign_out_url(self, id_token: str, back: str) -> str:
        """Where the browser signs out there too (RP-Initiated Logout 1.0); '' when the provider has no such place."""
        async with self._answering() as client:
            if "end_session_endpoint" not in client.server_metadata:
                return ""
            made = await client.create_logout_url(
                post_logout_redirect_uri=back, id_token_hint=id_token or None, client_id=self._config.client_id
            )
            return str(made["url"])

    async def logged_out(self, logout_token: str) -> LoggedOut:
        """Whom a back-channel logout is about (Back-Channel Logout 1.0 section 2.6). ``Refused``, ``ProviderDown``."""
        async with self._answering() as client:
            claims = await client.parse_id_token(
                {"id_token": logout_token},
                None,
                claims_options=self._options(),
                claims_cls=JWTClaims,
                leeway=self._config.skew_s,
            )
            self._is_logout(claims)
            return LoggedOut(subject=str(claims.get("sub", "")), session=str(claims.get("sid", "")))

    def _is_logout(self, claims: Mapping[str, Any]) -> None:
        events, jti = claims.get("events"), str(claims.get("jti", ""))
        if not isinstance(events, Mapping) or LOGOUT_EVENT not in events or "nonce" in claims:
            raise _refused("this is no logout token")
        if not (claims.get("sub") or claims.get("sid")) or not jti or "iat" not in claims:
            raise _refused("the logout token lacks what it must have")
        if jti in self._logouts:
            raise _refused("this logout token was used before")
        self._logouts[jti] = None
        while len(self._logouts) > _LOGOUTS_SEEN:
            self._logouts.popitem(last=False)

    def _options(self) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "values": [self._config.issuer]},
            "aud": {"essential": True, "values": [self._config.client_id]},
        }

    def forget(self) -> None:
        """What discovery and keys said is asked anew next time."""
        self._loaded = 0.0

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[_Client]:
        """The client with what discovery said; its faults as ours."""
        if self._clock() - self._loaded > METADATA_S:
            self._client, self._loaded = self._new_client(), self._clock()
        try:
            await self._client.load_server_metadata()
            yield self._client
        except OAuthError as no:
            raise _refused(f"the provider refuses: {no.error}") from no
        except JoseError as no:
            raise _refused(f"its token is not good: {no}") from no
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, RuntimeError) as fault:
            self.forget()
            log.warning("oidc.down", reason=f"{type(fault).__name__}: {fault}")
            raise ProviderDown("the identity provider does not answer: see the log and oidc.issuer") from fault

    def _new_client(self) -> _Client:
        config = self._config
        client = _Client(
            None,
            client_id=config.client_id,
            client_secret=config.client_secret or None,
            server_metadata_url=get_well_known_url(config.issuer, external=True),
            client_kwargs={
                "scope": " ".join(config.scopes),
                "code_challenge_method": "S256",
                "timeout": config.timeout_s,
                "verify": _trust(config.ca_file),
                # The provider is inside: what the environment says of proxies is not for it.
                "trust_env": False,
                **({} if config.client_secret else {"token_endpoint_auth_method": "none"}),
            },
        )
        client.issuer = config.issuer
        return client


def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as fault:  # ssl.SSLError too
        raise EnvironmentFault(
            f"oidc.ca_file: cannot read {ca_file} ({fault.strerror or fault}) as certificates"
        ) from fault


def _refused(why: str) -> Refused:
    log.warning("oidc.refused", reason=why)
    return Refused(why, code="provider_refused")
