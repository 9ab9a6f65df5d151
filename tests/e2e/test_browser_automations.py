"""Our triggers and conditions in the editor of automations, edited by clicks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from playwright.async_api import Browser, Page, expect
import pytest
import pytest_asyncio

from .browser import visit
from .client import Json
from .conftest import Boot
from .home_assistant import DOMAIN, HomeAssistant
from .mat import Mat, Routine

pytestmark = pytest.mark.browser

TEA: Final = "/api/config/automation/config/tea"


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot) -> AsyncIterator[HomeAssistant]:
    """Return a home with the frontend."""
    async with boot({"frontend": {}}) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def bedtime(home: HomeAssistant) -> Routine:
    """Return the only routine of a mat."""
    mat = await Mat.add(home.client, "Anna")
    return await mat.add_routine("Bedtime", "bedtime", {})


async def open_row(page: Page, name: str) -> None:
    """Press a trigger or a condition beside what it names, which would open that."""
    row = page.get_by_role("button", name=name)
    box = await row.bounding_box()
    assert box
    await row.click(position={"x": box["width"] - 120, "y": box["height"] / 2})


async def test_a_trigger_and_a_condition_are_edited_without_yaml(
    home: HomeAssistant, browser: Browser, bedtime: Routine
) -> None:
    """What the editor does not know it shows as YAML, and most people stop there."""
    trigger: Json = {
        "trigger": f"{DOMAIN}.session_stopped",
        "target": {"entity_id": await bedtime.entity("event.session")},
        "options": {"reason": ["pain"]},
    }
    condition: Json = {
        "condition": f"{DOMAIN}.is_idle",
        "target": {"entity_id": await bedtime.entity("switch.session")},
    }
    await home.client.request(
        "POST",
        TEA,
        {
            "alias": "Tea",
            "mode": "single",
            "triggers": [trigger],
            "conditions": [condition],
            "actions": [],
        },
    )
    await home.client.wait_for_state("automation.tea", "on")
    async with visit(browser, home) as visited:
        page = visited.page
        await visited.go("/config/automation/edit/tea")
        await open_row(page, "Mat is idle")
        await expect(page.get_by_role("button", name="Session Bedtime")).to_be_visible()
        await open_row(page, "Session stopped")
        await expect(
            page.get_by_text("Triggers when one or more sessions end before their end.")
        ).to_be_visible()
        await page.get_by_role("button", name="Add", exact=True).click()
        await page.get_by_role("option", name="Dizzy").click()
        await expect(page.get_by_role("button", name="Remove Dizzy")).to_be_visible()
        await page.get_by_role("button", name="Remove It hurts").click()
        await page.get_by_role("button", name="Save").click()
        wanted = [{**trigger, "options": {"reason": ["dizziness"]}}]
        async with asyncio.timeout(10):
            while (saved := await home.client.request("GET", TEA))[
                "triggers"
            ] != wanted:
                await asyncio.sleep(0.1)
    # Opened once, its options stand there as the form shows them.
    (kept,) = saved["conditions"]
    assert kept == {**condition, "options": {"behavior": "any", "for": "00:00:00"}}
