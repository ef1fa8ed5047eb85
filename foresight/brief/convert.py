"""The two programs behind PDF, web page and Word document: pandoc and typst."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from foresight.brief.fonts import font_folder
from foresight.errors import RenderError

TIMEOUT = 120  # seconds for one call of pandoc, which takes a tenth of one


@cache
def pandoc_path() -> str:
    """Path of the pandoc that an installed package carries.

    Raises
    ------
    RenderError
        If there is none.
    """
    import pypandoc

    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        msg = (
            "pandoc was not found; it comes with the package pypandoc-binary. "
            "Install what requirements.lock lists."
        )
        raise RenderError(msg) from error


def run_pandoc(arguments: list[str], source: bytes, *, what: str) -> bytes:
    """Run pandoc in its sandbox: it reads `source` and the files named, and nothing else."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, no shell, arguments are ours
            [pandoc_path(), "--sandbox", "--fail-if-warnings", *arguments],
            input=source,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        msg = f"pandoc could not be run for the {what}: {error}. Check with `foresight doctor`."
        raise RenderError(msg) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        msg = (
            f"pandoc stopped with status {done.returncode} on the {what}: {said[:500]}. "
            "Look for the text named there in the .md file of the brief."
        )
        raise RenderError(msg)
    return done.stdout


@cache
def _typst_fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])


def compile_typst(files: Mapping[str, bytes], *, inputs: dict[str, str], day: str) -> bytes:
    """Compile a typst project to PDF; the same input gives the same bytes.

    Parameters
    ----------
    files : mapping of relative path to content, among them `main.typ`
        Typst can read these and no other file.
    inputs : dict
        Texts that the project reads from `sys.inputs`.
    day : str
        ISO date that the PDF carries as its own.

    Raises
    ------
    RenderError
        If typst refuses it, with typst's words.
    """
    import typst

    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        try:
            done = typst.compile(
                Path(folder) / "main.typ",
                root=folder,
                font_paths=_typst_fonts(),
                ignore_system_fonts=True,
                format="pdf",
                sys_inputs=inputs,
                timestamp=datetime.fromisoformat(day).replace(tzinfo=UTC),
            )
        except typst.TypstError as error:
            msg = (
                f"typst could not set the PDF: {error.message}. {error.diagnostic[:500]} "
                "Look for the text named there in the .md file of the brief."
            )
            raise RenderError(msg) from error
    return bytes(done)
