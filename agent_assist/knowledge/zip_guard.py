"""Whether a workbook may be unpacked: looked at before any parser of XML sees it.

A workbook is a ZIP of XML. A small one can unpack to terabytes (a zip bomb), and a few lines of XML can name entities
that grow to gigabytes (billion laughs). Excel writes neither: what looks like it is refused.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Final

from core.errors import BadInput

_MEMBERS_LIMIT: Final = 4096
_SIZE_LIMIT: Final = 512 * 1024 * 1024
"""Bytes of all members together, unpacked."""
_RATIO_LIMIT: Final = 150
"""Unpacked to packed, of all together, where it is more than ``_HARMLESS``. Real tables stay below 40."""
_HARMLESS: Final = 16 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_OVERLAP: Final = 64
_DECLARATION: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\x00!\x00[DE]\x00|\x00<\x00!\x00[DE]", re.IGNORECASE)
"""In UTF-8, and in UTF-16 either way round."""
_FORMULA: Final = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")


def looked_through(data: bytes) -> bool:
    """Raise ``BadInput`` unless it is a workbook that may be unpacked; whether any of its sheets holds formulas."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _weigh(members, len(data))
            if not any(member.filename.lower() == "xl/workbook.xml" for member in members):
                raise BadInput(
                    "엑셀 파일(.xlsx)이 아닌 압축 파일입니다. 표 하나를 CSV나 XLSX로 올려 주세요. "
                    "/ A ZIP that is no workbook: upload one table as CSV or XLSX."
                )
            xml = [member for member in members if member.filename.lower().endswith((".xml", ".rels", ".vml"))]
            return sum(_has_formulas(archive, member) for member in xml) > 0  # all of them are looked through
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as fault:
        raise BadInput(
            "엑셀 파일이 깨졌거나 암호가 걸려 있습니다. 엑셀에서 열어 암호 없이 '.xlsx'로 다시 저장해 주세요. "
            "/ The workbook is damaged or has a password: save it anew as .xlsx without one."
        ) from fault


def _weigh(members: list[zipfile.ZipInfo], packed: int) -> None:
    size = sum(member.file_size for member in members)
    bomb = size > _HARMLESS and size > _RATIO_LIMIT * packed
    if len(members) > _MEMBERS_LIMIT or size > _SIZE_LIMIT or bomb:
        raise BadInput(
            f"풀면 너무 커지는 엑셀 파일이라 열지 않았습니다({size >> 20:,} MB, 조각 {len(members):,}개). "
            "필요한 시트만 새 파일로 저장하거나 CSV로 올려 주세요. "
            "/ The workbook would unpack to too much: save only the sheet that is needed, or a CSV."
        )


def _has_formulas(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Reads the member to its end: no more comes out than its entry promises, and its checksum is checked."""
    formulas = False
    is_sheet = member.filename.lower().startswith("xl/worksheets/")
    with archive.open(member) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            piece = tail + chunk
            if _DECLARATION.search(piece):
                raise BadInput(
                    "엑셀이 쓰지 않는 위험한 선언(DOCTYPE)이 있어 열지 않았습니다. 엑셀에서 열어 다시 저장해 주세요. "
                    "/ The workbook declares XML entities, which Excel never does: open it in Excel and save it anew."
                )
            formulas = formulas or (is_sheet and _FORMULA.search(piece) is not None)
            tail = piece[-_OVERLAP:]
    return formulas
