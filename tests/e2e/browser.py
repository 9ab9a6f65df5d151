"""A real Chromium that is signed in to a Home Assistant."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
import json
from pathlib import Path
import shutil
from typing import Any, Final, Literal

from playwright.async_api import (
    Browser,
    BrowserContext,
    Error as PlaywrightError,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from .home_assistant import DOMAIN, REPOSITORY, HomeAssistant
from .process import ProcessError

FRONTEND: Final = REPOSITORY / "frontend"
PATIENCE: Final = 30_000
"""Milliseconds that anything on a page may take to appear."""
expect.set_options(timeout=PATIENCE)

DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}

type Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the machine's own Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise ProcessError("there is no Chromium; scripts/setup browser installs it")
    async with async_playwright() as playwright:
        # Without a sandbox it also starts as root, as on a build machine.
        browser = await playwright.chromium.launch(
            executable_path=program, chromium_sandbox=False
        )
        try:
            yield browser
        finally:
            await browser.close()


class Visit:
    """A page of Home Assistant, and what went wrong on it."""

    def __init__(self, page: Page, url: str) -> None:
        """Listen to a page."""
        self.page = page
        self.url = url
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._on_console)

    def _on_console(self, message: Any) -> None:
        url = message.location.get("url", "")
        # Icons of other integrations and the pictures with which Home Assistant shows
        # its own cards are elsewhere, and here is no network.
        is_foreign = ("/api/brands/" in url and DOMAIN not in url) or url.startswith(
            "https://demo.home-assistant.io/"
        )
        if message.type == "error" and not is_foreign:
            self.problems.append(f"{message.text} ({url})")

    async def go(self, path: str) -> None:
        """Open a path of Home Assistant."""
        await self.page.goto(f"{self.url}{path}")

    async def go_on(self, path: str) -> None:
        """Go on to a path without a new page, as by a link."""
        await self.page.evaluate(
            """(path) => {
                history.pushState(null, "", path);
                dispatchEvent(new CustomEvent("location-changed"));
            }""",
            path,
        )

    async def open_dialog(self, name: str) -> None:
        """Press the button that opens one of the dialogs in which we are on offer.

        They list what there is when they are opened. On a page that was never loaded
        before, a test is faster there than the module that Home Assistant loads for us.
        """
        await self.page.wait_for_function(
            "window.customStrategies?.some(({ type }) => type === 'acupressure-mat')"
        )
        await self.page.get_by_role("button", name=name).first.click()

    async def violations(self, selector: str) -> list[str]:
        """Return what axe-core finds wrong with a part of the page."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(await axe())
        found = await self.page.evaluate(
            """async (selector) => {
                const find = (root) => [...root.querySelectorAll("*")].flatMap((e) => [
                    ...(e.matches(selector) ? [e] : []),
                    ...(e.shadowRoot ? find(e.shadowRoot) : []),
                ]);
                const { violations } = await axe.run(find(document)[0]);
                return violations.flatMap(({ id, nodes }) =>
                    nodes.map((n) => `${id}: ${n.html}: ${n.failureSummary}`));
            }""",
            selector,
        )
        return list(found)

    async def violations_in(
        self, schemes: Sequence[Scheme], selector: str, what: str
    ) -> dict[str, list[str]]:
        """Return what axe-core finds in each scheme, once its colours have arrived."""
        found: dict[str, list[str]] = {}
        for scheme in schemes:
            await self.page.emulate_media(color_scheme=scheme)
            # Colours in the middle of a transition are nobody's.
            await self.page.evaluate(COLOURS_ARRIVED)
            found[f"{what}, {scheme}"] = await self.violations(selector)
        return found


COLOURS_ARRIVED: Final = """async () => {
    const roots = (root) => [root, ...[...root.querySelectorAll("*")]
        .flatMap((e) => e.shadowRoot ? roots(e.shadowRoot) : [])];
    for (let frame = 0; frame < 3; frame += 1) {
        await new Promise(requestAnimationFrame);
    }
    await Promise.allSettled(roots(document)
        .flatMap((root) => root.getAnimations())
        .filter((each) => /color|opacity/.test(each.transitionProperty ?? ""))
        .map((each) => each.finished));
}"""
"""Returns when no transition of a colour is under way."""


async def axe() -> str:
    """Return the source of axe-core, which the lock file of the frontend names."""
    script = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = await asyncio.create_subprocess_exec(
            REPOSITORY / ".venv" / "bin" / "npm", "ci", "--silent", cwd=FRONTEND
        )
        assert await npm.wait() == 0
    return script.read_text(encoding="utf-8")


@asynccontextmanager
async def visit(
    browser: Browser, home: HomeAssistant, **options: Any
) -> AsyncIterator[Visit]:
    """Open an empty page, signed in, in a profile of its own.

    Fails at the end if an error was written to the page's console.
    """
    context = await browser.new_context(**{"viewport": DESKTOP, **options})
    try:
        await _sign_in(context, home)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        visited = Visit(page, home.url)
        try:
            yield visited
        except Exception as error:
            error.add_note(await _look(page, visited, home.folder))
            raise
        assert not visited.problems, visited.problems
    finally:
        await context.close()


async def _look(page: Page, visited: Visit, folder: Path) -> str:
    """Return what a failed test had before it; a picture is kept in the folder."""
    with suppress(PlaywrightError):
        await page.screenshot(path=folder / "page.png")
        seen = await page.locator("body").aria_snapshot()
        return f"{page.url} shows\n{seen}\nproblems: {visited.problems}"
    return f"nothing is known of {page.url}; problems: {visited.problems}"


async def _sign_in(context: BrowserContext, home: HomeAssistant) -> None:
    tokens = {
        "access_token": home.client.token,
        "token_type": "Bearer",
        "expires_in": 10**9,
        "expires": 10**13,
        "refresh_token": "",
        "hassUrl": home.url,
        "clientId": f"{home.url}/",
    }
    await context.add_init_script(
        f"localStorage.hassTokens = {json.dumps(json.dumps(tokens))};"
        """localStorage.dockedSidebar = '"always_hidden"';"""
    )
