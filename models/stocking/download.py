"""One archive over HTTP: resumed, repeated, redirected, through proxies, and never believed.

By the standard library's ``urllib``: it heeds ``HTTP(S)_PROXY`` and ``NO_PROXY``, follows redirects, checks
certificates (``SSL_CERT_FILE`` for a city's own authority). What it lacks is here: the rest of a broken-off try,
patience, and distrust of lengths and types.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Final

import msgspec

from core.errors import ModelFault
from core.version import VERSION
from models.stocking.answers import Done, Have, Start, Trouble, answer, asked
from models.stocking.formats import HEAD, packing_of, page_title
from models.stocking.part import Part
from models.stocking.telling import Notice, Progress, Tell

BLOCK: Final = 1 << 16
LARGEST: Final = 20 << 30
"""Bytes; whoever sends more sends no model."""
OFFLINE: Final = "no internet here? `minwon models import FILE` takes an archive that was brought by hand"


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how often."""

    stall_s: float = 30.0
    """No byte for so long is a cut."""
    tries: int = 6
    """One after the other without progress."""
    all_tries: int = 60
    """With progress: a line that is cut every few megabytes still brings it."""
    first_pause_s: float = 1.0
    """Doubled from try to try, up to half a minute."""
    pause: Callable[[float], None] = time.sleep


PATIENCE: Final = Patience()


class _SameOrSafer(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but not from https to http, nor to anything else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not newurl.startswith(("https:", req.full_url.partition("//")[0])):
            fp.close()
            raise ModelFault(f"{req.full_url} leads to {newurl}, which is not encrypted; nothing was fetched")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(url: str, part: Part, *, what: str, proven: bool, tell: Tell, patience: Patience = PATIENCE) -> None:
    """Bring the archive into ``part``, going on where an earlier try ended.

    ``what`` is what is told of it; ``proven``: a checksum is known, which will tell whether the pieces belong together.
    Raises ``ModelFault`` in one line; what has come until then stays, unless it is no archive. ``OSError`` of the disk.
    """
    in_vain = 0
    for _ in range(patience.all_tries):
        before = part.size
        try:
            trouble = _try(url, part, what, proven, tell, patience.stall_s)
        except http.client.HTTPException as fault:
            trouble = Trouble(says=f"it is cut off ({type(fault).__name__})", passing=True)
        except urllib.error.URLError as fault:
            trouble = _unreachable(fault.reason)
        except TimeoutError:
            trouble = Trouble(says=f"nothing has come for {patience.stall_s:g} s", passing=True)
        except (ConnectionError, ssl.SSLError) as fault:
            trouble = _unreachable(fault)
        if trouble is None:
            return
        if trouble.anew:
            part.forget()
        in_vain = 1 if part.size > before else in_vain + 1
        if not trouble.passing or in_vain >= patience.tries:
            raise ModelFault(_given_up(url, trouble, part.size))
        pause = max(trouble.after_s, min(30.0, patience.first_pause_s * 2 ** (in_vain - 1)))
        tell(Notice(says=f"{url}: {trouble.says}; trying again in {pause:g} s"))
        patience.pause(pause)
    raise ModelFault(f"{url} was cut off {patience.all_tries} times; what has come stays: run the same command again")


def _try(url: str, part: Part, what: str, proven: bool, tell: Tell, stall_s: float) -> Trouble | None:
    """One request. None = all of it is here."""
    have = Have(size=part.size, validator=part.validator(url), proven=proven)
    request = urllib.request.Request(url, headers={"User-Agent": f"minwon/{VERSION}", **asked(have)})
    try:
        response = urllib.request.build_opener(_SameOrSafer).open(request, timeout=stall_s)
    except urllib.error.HTTPError as refusal:
        response = refusal
    with response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        found = answer(response.status, headers, have)
        if isinstance(found, Done):
            return None
        if isinstance(found, Trouble):
            return found
        part.note(url, found.validator)
        part.begin(found.offset)
        return _take(response, part, found, Progress(what=what, total=found.total), tell)


def _take(body: http.client.HTTPResponse, part: Part, start: Start, progress: Progress, tell: Tell) -> Trouble | None:
    """The body into the part."""
    size = start.offset
    head = bytearray()
    while data := body.read1(BLOCK):  # what is there: a part of a block must not be lost with a stall
        if start.offset == 0 and len(head) < HEAD:
            head += data[: HEAD - len(head)]
            if len(head) == HEAD:
                _check_is_archive(bytes(head), part)
        part.add(data)
        size += len(data)
        if size > LARGEST:
            part.forget()
            return Trouble(says=f"it sends more than {LARGEST >> 30} GB: that is no model", passing=False)
        tell(msgspec.structs.replace(progress, done=size))
    if size < start.total:
        return Trouble(says=f"it is cut off at {size:,} of {start.total:,} bytes", passing=True)
    if start.offset == 0 and size < HEAD:
        _check_is_archive(bytes(head), part)
    return None


def _check_is_archive(head: bytes, part: Part) -> None:
    if packing_of(head) is not None:
        return
    part.forget()
    title = page_title(head)
    if title is None:
        raise ModelFault("what comes is no zip, tar.gz, tar.bz2 or tar.xz; nothing was kept")
    raise ModelFault(
        f"a web page comes instead of an archive{f' ({title})' if title else ''}; "
        f"a proxy or a sign-in page may answer in its place; {OFFLINE}"
    )


def _unreachable(reason: object) -> Trouble:
    if isinstance(reason, ssl.SSLCertVerificationError):
        says = f"its certificate is not trusted ({reason.verify_message}): SSL_CERT_FILE names a file of authorities"
        return Trouble(says=says, passing=False)
    if isinstance(reason, TimeoutError):
        return Trouble(says="it does not answer", passing=True)
    # A name that is unknown for good is what a building without internet says; a name server that is away says another.
    passing = not (isinstance(reason, socket.gaierror) and reason.errno == socket.EAI_NONAME)
    says = getattr(reason, "strerror", None) or str(reason)
    return Trouble(says=f"it can't be reached ({says})", passing=passing)


def _given_up(url: str, trouble: Trouble, size: int) -> str:
    stays = f"; {size / 1e6:.1f} MB have come and stay: run the same command again" if size else ""
    return f"{url} can't be fetched: {trouble.says}{stays}; {OFFLINE}"
