"""What the inbox needs to show the pages of a PDF: a thread, and PDF.js as it was published.

A thread that is loaded from an address has the policy of that address. This one may load the
modules named here and nothing else: no connection, no picture, no font, no code made from text.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from service.assets import Asset
from service.headers import CSP

#: The inbox's own page: as every page, and it may make the one thread.
PAGE_CSP = CSP.replace("trusted-types 'none'", "trusted-types speaksafe-pdf; worker-src 'self'")

THREAD_CSP = (
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)

#: Name in the address, and where the file lies below ``web``.
FILES = {
    "worker.js": "inbox/pdf_worker.js",
    **{
        Path(file).name: f"vendor/node_modules/pdfjs-dist/{file}"
        for file in (
            "legacy/build/pdf.min.mjs",
            "legacy/build/pdf.worker.min.mjs",
            "wasm/jbig2_nowasm_fallback.js",
            "wasm/openjpeg_nowasm_fallback.js",
        )
    },
}


def routes(web: Path) -> APIRouter:
    """The thread and its modules.

    Args:
        web: the folder with ``inbox`` and ``vendor``.
    """
    router = APIRouter(include_in_schema=False)
    headers = {"Content-Security-Policy": THREAD_CSP}
    found = {
        name: Asset((web / file).read_text(encoding="utf-8"), "text/javascript", headers)
        for name, file in FILES.items()
    }

    @router.get("/inbox/pdf/{name}")
    async def file(request: Request, name: str) -> Response:
        if name not in found:
            raise HTTPException(404)
        return found[name].answer(request)

    return router
