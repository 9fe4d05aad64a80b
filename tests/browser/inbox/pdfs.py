"""PDFs written by hand, harmless and not."""

from __future__ import annotations

WORDS = b"BT /F1 24 Tf 72 700 Td (Hello page) Tj ET 1 0 0 rg 72 500 200 100 re f"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def written(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file of these objects, the first of them its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


def stream(content: bytes, more: bytes = b"") -> bytes:
    """An object with content."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def of_pages(
    count: int = 1,
    *,
    catalogue: bytes = b"",
    page: bytes = b"",
    content: bytes = WORDS,
    resources: bytes = b"",
    more: tuple[bytes, ...] = (),
    trailer: bytes = b"",
) -> bytes:
    """A file whose pages all look the same; ``more`` are objects from number 6 on."""
    kids = b"3 0 R " * min(count, 300)
    return written(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> %s >> %s >>" % (resources, page),
        stream(content),
        _FONT,
        *more,
        trailer=trailer,
    )


def calling(address: str) -> bytes:
    """Everything in a PDF that runs, starts a program or calls somewhere."""
    url = address.encode()
    script = (
        b"app.launchURL('%s/js'); this.submitForm('%s/form'); this.getURL('%s/get');"
        b" postMessage('ran'); globalThis.ran = 1; fetch('%s/fetch')" % (url, url, url, url)
    )
    return of_pages(
        catalogue=b"/OpenAction << /S /JavaScript /JS (%s) >> "
        b"/AA << /WC << /S /JavaScript /JS (%s) >> >> "
        b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (%s) >>] >> >> "
        b"/AcroForm << /Fields [7 0 R] /XFA 8 0 R /NeedAppearances true >>"
        % (script, script, script),
        page=b"/AA << /O << /S /Launch /F (calc.exe) /Win << /F (calc.exe) >> >> >> "
        b"/Annots [6 0 R 7 0 R 9 0 R]",
        resources=b"/XObject << /X 10 0 R >>",
        content=WORDS + b" /X Do",
        more=(
            b"<< /Type /Annot /Subtype /Link /Rect [0 0 612 792] /Border [0 0 5] "
            b"/A << /S /URI /URI (%s/link) >> >>" % url,
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (v) /Rect [72 400 272 430] "
            b"/A << /S /SubmitForm /F (%s/submit) >> "
            b"/AA << /F << /S /JavaScript /JS (%s) >> >> >>" % (url, script),
            stream(b"<xdp:xdp><script>%s</script></xdp:xdp>" % script),
            b"<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] "
            b"/FS << /Type /Filespec /FS /URL /F (%s/file) >> >>" % url,
            b"<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /ColorSpace /DeviceRGB "
            b"/BitsPerComponent 8 /Length 0 /F << /FS /URL /F (%s/picture) >> >>\n"
            b"stream\n\nendstream" % url,
        ),
    )


def endless() -> bytes:
    """A kilobyte whose drawing takes longer than anybody lives."""
    levels = 12
    forms = tuple(
        stream(
            b"/N Do " * 20,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
            b"/Resources << /XObject << /N %d 0 R >> >>" % min(7 + level, 5 + levels),
        )
        for level in range(levels - 1)
    )
    last = stream(b"0 0 1 1 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return of_pages(content=b"/N Do", resources=b"/XObject << /N 6 0 R >>", more=(*forms, last))


def locked() -> bytes:
    """A file that asks for a password."""
    return of_pages(
        more=(
            b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32),
        ),
        trailer=b"/Encrypt 6 0 R /ID [<00> <00>]",
    )
