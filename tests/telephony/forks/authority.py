"""A certificate authority of a test, by the openssl program."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Authority:
    """Makes certificates in a folder."""

    def __init__(self, folder: Path, name: str = "city") -> None:
        self.folder = folder
        self.name = name
        self.file = folder / f"{name}-ca.pem"
        self._key = folder / f"{name}-ca-key.pem"
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                 "-subj", f"/CN={name}", "-keyout", self._key, "-out", self.file)  # fmt: skip

    def issue(self, name: str) -> tuple[Path, Path]:
        """Certificate and key of 'localhost' and 127.0.0.1, in files of that name."""
        certificate, key, request = (self.folder / f"{name}{end}" for end in (".pem", "-key.pem", ".csr"))
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                 "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", request)  # fmt: skip
        _openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-days", "2",
                 "-copy_extensions", "copy", "-out", certificate)  # fmt: skip
        return certificate, key


def _openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
