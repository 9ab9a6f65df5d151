"""What a person does by clicks alone: from *Add integration* to a dashboard."""

from typing import Final

from playwright.async_api import expect

from .browser import Visit
from .dialog import Dialog
from .home_assistant import DOMAIN

INTEGRATION: Final = f"/config/integrations/integration/{DOMAIN}"


async def add_mat(visited: Visit, name: str) -> Dialog:
    """Find the integration, name a mat and read what to mind."""
    page = visited.page
    await visited.go("/config/integrations/dashboard")
    await page.get_by_role("button", name="Add integration").click()
    search = page.locator("dialog-add-integration")
    await search.get_by_role("textbox").fill("Acupressure")
    await search.get_by_text("Acupressure Mat", exact=True).click()
    dialog = Dialog(page)
    await dialog.shows("Your mat")
    await dialog.write("Name", name)
    await dialog.pick("Some experience")
    await dialog.press("Next")
    await dialog.shows("Before you lie down")
    await dialog.press("I have read this")
    return dialog


async def describe_routine(dialog: Dialog, kind: str, name: str) -> None:
    """Say what a routine is for, in the bedroom, and take what is proposed."""
    await dialog.shows("What is this routine for?")
    await dialog.pick(kind)
    await dialog.write("Name", name)
    await dialog.choose("Area", "Bedroom")
    await dialog.press("Next")
    await dialog.shows("The room")
    # What is in the room and sounds like what the form looks for.
    for device in ("Bedside lamp", "Ceiling light", "Diffuser", "Speaker"):
        await expect(
            dialog.part.get_by_role("button", name=f"{device} Bedroom").first
        ).to_be_visible()
    await dialog.press("Next")
    await dialog.shows("Ready")


async def make_dashboard(visited: Visit) -> None:
    """Make the mat's dashboard through the dialog and open it."""
    page = visited.page
    await visited.go("/config/lovelace/dashboards")
    await visited.open_dialog("Add dashboard")
    await page.get_by_role("button", name="Acupressure mat").click()
    await page.get_by_role("button", name="Create").click()
    await expect(page.get_by_role("row", name="Acupressure mat")).to_be_visible()
    # A dialog that closes goes back in the history, which would call off the way on.
    await page.wait_for_function("!history.state?.dialog")
    await visited.go("/acupressure-mat")
