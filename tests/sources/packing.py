"""Archives for the tests, made in memory."""

from __future__ import annotations

import io
import tarfile
import zipfile

WHEN = 1_600_000_000  # 13 September 2020
LINK = b"\0link"


def tar(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    """A tar of files, or of links where the content is `LINK`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.mtime = WHEN
            if content == LINK:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files, or of links where the content is `LINK`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2020, 9, 13, 12, 26, 40))
            info.external_attr = (0o120777 if content == LINK else 0o100644) << 16
            info.compress_type = method
            archive.writestr(info, b"/etc/passwd" if content == LINK else content)
    return packed.getvalue()
