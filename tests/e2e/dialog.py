"""The dialogs in which people set things up, by what is written on them."""

from playwright.async_api import Locator, Page, expect


class Dialog:
    """The dialog that a page shows."""

    def __init__(self, page: Page) -> None:
        """Speak of the dialog of a page."""
        self._page = page
        # What has the role of a dialog there is a frame that holds nothing of it.
        self.part: Locator = page.locator("dialog-data-entry-flow")

    async def shows(self, title: str) -> None:
        """Return when the dialog has come to a step."""
        await expect(self.part.get_by_text(title, exact=True).first).to_be_visible()

    async def write(self, label: str, text: str) -> None:
        """Write into a field."""
        await self.part.get_by_role("textbox", name=label).fill(text)

    async def pick(self, choice: str) -> None:
        """Pick one of a few."""
        await self.part.get_by_role("radio", name=choice, exact=True).click()

    async def choose(self, label: str, choice: str) -> None:
        """Choose from a list that opens."""
        await self.part.get_by_role("button", name=label).click()
        await self._page.get_by_role("option", name=choice).click()
        # The form learns of it a moment later; a step that went on before lost it.
        await expect(self.part.get_by_text(choice, exact=True).first).to_be_visible()

    async def press(self, name: str) -> None:
        """Press a button of the dialog."""
        await self.part.get_by_role("button", name=name, exact=True).click()

    async def choose_from_menu(self, choice: str) -> None:
        """Choose where to go on."""
        await (
            self.part.get_by_role("menuitem", name=choice, exact=True)
            .or_(self.part.get_by_text(choice, exact=True))
            .first.click()
        )

    async def finish(self) -> None:
        """Close the dialog at its end, and let the page arrive where that leads."""
        await self.press("Finish")
        await expect(self.part.get_by_role("button", name="Finish")).to_have_count(0)
        await self._page.wait_for_load_state("networkidle")

    async def close(self) -> None:
        """Close the dialog that has told how it went."""
        # The first one is the cross at the top.
        buttons = self.part.get_by_role("button", name="Close")
        await buttons.last.click()
        await expect(buttons).to_have_count(0)

    async def leave(self) -> None:
        """Close the dialog by the cross at its top, without an answer."""
        buttons = self.part.get_by_role("button", name="Close")
        await buttons.first.click()
        await expect(buttons).to_have_count(0)
