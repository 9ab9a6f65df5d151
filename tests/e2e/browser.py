"""A real Chromium that is signed in to a Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import shutil
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from .client import Client
from .home_assistant import DOMAIN, REPOSITORY, HomeAssistant
from .process import ProcessError

FRONTEND: Final = REPOSITORY / "frontend"
PATIENCE: Final = 30_000
"""Milliseconds that anything on a page may take to appear."""
expect.set_options(timeout=PATIENCE)

DESKTOP: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 390, "height": 844}


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
        # Icons of other integrations are elsewhere, and here is no network.
        is_foreign = "/api/brands/" in url and DOMAIN not in url
        if message.type == "error" and not is_foreign:
            self.problems.append(f"{message.text} ({url})")

    async def go(self, path: str) -> None:
        """Open a path of Home Assistant."""
        await self.page.goto(f"{self.url}{path}")

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
        yield visited
        assert visited.problems == []
    finally:
        await context.close()


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


async def add_dashboard(client: Client, path: str, *cards: dict[str, object]) -> str:
    """Make a dashboard of these cards and return the path of its view."""
    await client.call("lovelace/dashboards/create", url_path=path, title="Test")
    await client.call(
        "lovelace/config/save",
        url_path=path,
        config={
            "views": [
                {
                    "title": "Test",
                    "type": "sections",
                    "sections": [{"type": "grid", "cards": list(cards)}],
                }
            ]
        },
    )
    return f"/{path}/0"
