"""Pages of the portal in Chromium: opened from disk, watched for errors and requests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from portal_pages import AS_OF, write_results

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE = (1280, 900)
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results with all its pages."""
    folder = tmp_path_factory.mktemp("results") / AS_OF
    write_results(folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the machine; skips, saying so, where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=arguments)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, results: Path) -> Iterator[Visit]:
    """Open a page of the portal; afterwards nothing may have failed or been asked of a network."""
    faults: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_page(
        path: str = "index.html",
        *,
        lang: str = "zh",
        size: tuple[int, int] = WIDE,
        scripts: bool = True,
        fragment: str = "",
        folder: Path | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts
        )
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        address = ((folder or results) / path).as_uri()
        page.goto(f"{address}?lang={lang}{fragment}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert [url for url in asked if not url.startswith("file:///")] == []
    assert all(url.split("?")[0].endswith(".html") for url in asked)
