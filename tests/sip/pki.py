"""A city's certificate authority for tests, made with the openssl command as docs/security.md shows it."""

from __future__ import annotations

import subprocess
from pathlib import Path

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Authority:
    """Issues certificates for this machine's loopback address into its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self.file = folder / "ca.pem"
        _openssl(
            "req", "-x509", *_NEW_KEY, "-keyout", folder / "ca.key", "-out", self.file, "-days", 30,
            "-subj", "/CN=Hanbit City CA",
        )  # fmt: skip

    def issue(self, name: str, *, host: str = "IP:127.0.0.1", days: int = 20) -> tuple[Path, Path]:
        """Certificate and key, NAME.pem and NAME.key; those of that name before are replaced."""
        folder = self._folder
        certificate, key, request = folder / f"{name}.pem", folder / f"{name}.key", folder / f"{name}.csr"
        _openssl("req", *_NEW_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        extensions = folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={host}\nextendedKeyUsage=serverAuth,clientAuth\n", "utf-8")
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.file, "-CAkey", folder / "ca.key", "-CAcreateserial",
            "-days", days, "-extfile", extensions, "-out", certificate,
        )  # fmt: skip
        key.chmod(0o600)
        return certificate, key


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=30)
