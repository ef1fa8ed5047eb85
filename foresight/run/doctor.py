"""Check the machine: environment, fonts, data, keys; say what to do."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from foresight.errors import ForesightError
from foresight.settings import corpora_dir, outputs_dir, project_root

NEEDED_GIB = 2.0
INSTALL = "Run `make env` in the clone (or pip install -r requirements.lock, then -e .)."


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, whether it is in order, what was found, what to do.

    What is `optional` may be absent.
    """

    what: str
    ok: bool
    found: str
    advice: str = ""
    optional: bool = False


def examine() -> list[Finding]:
    """Run every check. None of them raises; each says what is missing and how to get it."""
    checks = (_python, _packages, _fonts, _converters, _kernel, _registry, _sample, _corpora, _disk)
    return [*(check() for check in checks), *_keys(), _contact()]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "Python", sys.version_info >= (3, 11), version, "Foresight needs Python 3.11 or newer."
    )


def _packages() -> Finding:
    missing = []
    for requirement in importlib.metadata.requires("foresight") or []:
        if "extra ==" in requirement:
            continue
        name = requirement.split(";")[0].strip()
        for mark in "<>=!~[ ":
            name = name.split(mark)[0]
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    found = f"missing: {', '.join(missing)}" if missing else "all installed"
    return Finding("packages", not missing, found, INSTALL)


def _tried(what: str, look: Callable[[], str], advice: str) -> Finding:
    try:
        return Finding(what, True, look())
    except (ForesightError, OSError, ImportError, importlib.metadata.PackageNotFoundError) as error:
        return Finding(what, False, str(error), advice)


def _fonts() -> Finding:
    from foresight.brief.fonts import font_folder

    return _tried("Chinese fonts", lambda: str(font_folder()), INSTALL)


def _converters() -> Finding:
    def look() -> str:
        import pypandoc
        import typst

        compiler = importlib.metadata.version(typst.__name__)
        return f"pandoc {pypandoc.get_pandoc_version()}, typst {compiler}"

    return _tried("document converters", look, INSTALL)


def _kernel() -> Finding:
    from jupyter_client.kernelspec import KernelSpecManager

    def look() -> str:
        return str(KernelSpecManager().get_kernel_spec("python3").display_name)

    return _tried("notebook kernel", look, INSTALL)


def _registry() -> Finding:
    from foresight.tracks import load_registry

    def look() -> str:
        registry = load_registry()
        subs = sum(len(track.sub_directions) for track in registry.tracks)
        return f"{len(registry.tracks)} tracks, {subs} sub-directions"

    return _tried("policy registry", look, "Restore data/tracks from the repository.")


def _sample() -> Finding:
    from foresight.sources.sample import sample_file

    return _tried(
        "sample package", lambda: f"{sample_file().stat().st_size / 2**20:.0f} MiB", INSTALL
    )


def _corpora() -> Finding:
    from foresight.corpus.store import list_corpora

    names = list_corpora()
    advice = "Build the default corpus: foresight corpus build sample."
    return Finding("corpora", bool(names), ", ".join(names) or f"none in {corpora_dir()}", advice)


def _disk() -> Finding:
    place = outputs_dir() if outputs_dir().exists() else project_root()
    free = shutil.disk_usage(place).free / 2**30
    cores = os.cpu_count() or 1
    advice = f"About {NEEDED_GIB:.0f} GiB are needed for corpora, caches and outputs."
    return Finding("machine", free >= NEEDED_GIB, f"{free:.0f} GiB free, {cores} cores", advice)


def _keys() -> list[Finding]:
    """One finding per live service: whether it can be asked, and what its key opens."""
    from foresight.sources.live.registry import SOURCES

    findings = []
    for source in SOURCES.values():
        service = source.service
        needed = [*service.keys, *([] if service.base_url else [service.variable])]
        missing = [name for name in needed if not os.environ.get(name, "").strip()]
        what = f"source {service.name}"
        if not service.keys:
            findings.append(Finding(what, True, "needs no key"))
        elif not missing:
            found = f"{' and '.join(needed)} set: {service.opens}"
            findings.append(Finding(what, True, found))
        else:
            found = f"{' and '.join(missing)} not set; would open {service.opens}"
            advice = f"Get a key ({service.register}) and set it in the environment."
            findings.append(Finding(what, False, found, advice, optional=True))
    return findings


def _contact() -> Finding:
    from foresight.sources.http import CONTACT, user_agent

    advice = (
        f"Set {CONTACT} to a mail address: services then know whom to ask, and some are faster."
    )
    try:
        named = user_agent()
    except ForesightError as error:
        return Finding("contact for services", False, str(error), advice)
    found = bool(os.environ.get(CONTACT, "").strip())
    text = named if found else f"{CONTACT} not set; we are {named}"
    return Finding("contact for services", found, text, advice, optional=True)
