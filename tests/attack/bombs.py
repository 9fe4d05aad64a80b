"""Small files that become huge ones when they are opened."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from openpyxl import Workbook

from tests.attack.size import sized

MIB = 1024 * 1024

#: Bytes that one huge part unpacks to, how many of them; and the letters of a word that has no end.
HUGE, MANY, WORDS = 30 * 1000 * 1000, sized(20, 60), sized(40, 400) * MIB


def zipped(parts: dict[str, bytes], times: int = 1, huge: bytes = b"") -> bytes:
    """A zip file with some parts, and huge ones as often as wanted."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        for number in range(times if huge else 0):
            archive.writestr(f"word/theme/theme{number}.xml", huge)
    return room.getvalue()


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

#: What the program that cleans documents wants to find, or it gives up before it unpacks the rest.
OFFICE = {
    "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_TYPES}"/>'.encode(),
    "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"/>'.encode(),
}


def parts() -> list[str]:
    """The names of very many parts."""
    return [f"word/{number}.xml" for number in range(sized(4_000, 20_000))]


def nested() -> bytes:
    """Zip files in zip files, eight times eight and so on."""
    inner = b"0" * HUGE
    for _ in range(6):
        inner = zipped({f"{number}.zip": inner for number in range(8)})
    return zipped({**OFFICE, "word/embeddings/inner.zip": inner})


def png(width: int, height: int) -> bytes:
    """A picture of one colour, whole and right."""
    lines = (b"\0" + bytes(-(-width // 8))) * 500
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(lines) for _ in range(height // 500)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    made = b"\x89PNG\r\n\x1a\n"
    for name, content in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")):
        check = zlib.crc32(name + content)
        made += struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
    return made


def jpeg() -> bytes:
    """A picture that says of itself that it is as large as can be said."""
    from PIL import Image

    room = io.BytesIO()
    Image.new("L", (64, 64)).save(room, "JPEG")
    content = bytearray(room.getvalue())
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", 65_500, 65_500)
    return bytes(content)


def pdf(pages: int, side: int) -> bytes:
    """Pages of an enormous size."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    objects.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>" % (side, side)
    objects += [page] * pages
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, at = len(objects) + 1, len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, at)


def laughs() -> bytes:
    """XML whose entities name each other ten times over."""
    lines = ['<!DOCTYPE a [<!ENTITY l0 "ha">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)]
    return "".join([*lines, "]><a>&l11;</a>"]).encode()


def book(*sheets: str) -> bytes:
    """A whole workbook with the sheets of a form."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name in ("survey", "choices", *sheets):
        made.create_sheet(name).append(["type", "name", "label"])
    room = io.BytesIO()
    made.save(room)
    return room.getvalue()


def swapped(part: str, content: bytes, *, times: int = 1) -> bytes:
    """A workbook in which one part is another one."""
    room = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book())) as before,
        zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as after,
    ):
        for name in before.namelist():
            after.writestr(name, content if name == part else before.read(name))
        for number in range(times - 1):
            after.writestr(f"xl/media/{number}", content)
    return room.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def cells(*refs: str) -> bytes:
    """A sheet with these cells alone."""
    made = "".join(
        f'<row r="{"".join(filter(str.isdigit, ref))}">'
        f'<c r="{ref}" t="inlineStr"><is><t>x</t></is></c></row>'
        for ref in refs
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{made}</sheetData></worksheet>'.encode()
