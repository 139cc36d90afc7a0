"""Models of a few hundred bytes: everything that the shelf looks at, nothing that an engine could load."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

FST = (2125659606).to_bytes(4, "little") + b" const standard"
VOSK_FILES = {
    "am/final.mdl": b"\0B<TransitionModel> <Topology> </Topology> <Nnet3> ",
    "conf/mfcc.conf": b"--sample-frequency=16000\n",
    "conf/model.conf": b"--max-active=3000\n",
    "graph/HCLr.fst": FST,
    "graph/Gr.fst": FST,
    "graph/disambig_tid.int": b"200\n",
}


def write_model(folder: Path, files: dict[str, bytes] = VOSK_FILES) -> Path:
    """A model's folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def tar_of(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    """The files as a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zip_of(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def below(folder: str, files: dict[str, bytes] = VOSK_FILES) -> dict[str, bytes]:
    """The same files in a folder of that name, as archives have them."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder, for before = after."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}
