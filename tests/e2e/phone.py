"""A phone with Home Assistant's app: registered as the app does it, and pressed.

Its push address is a small server here, in the place of the one that passes
notifications on to Apple and Google.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from .client import Client, Json

PRESSED: Final = "mobile_app_notification_action"
TOKEN: Final = "only this phone"

# What that server answers, with how much the phone may still be sent today.
_TAKEN: Final = {
    "target": TOKEN,
    "rateLimits": {
        "successful": 1,
        "errors": 0,
        "maximum": 500,
        "resetsAt": "2099-01-01T00:00:00.000Z",
    },
}


class Phone:
    """A phone of a manufacturer; `async with` lets it be pushed to."""

    def __init__(self, name: str, manufacturer: str = "Google") -> None:
        """Choose what it says of itself."""
        self.name = name
        self.manufacturer = manufacturer
        self.pushed: list[Json] = []
        self.webhook_id = ""
        self._came = asyncio.Event()
        self._url = ""
        app = web.Application()
        app.router.add_post("/push", self._on_push)
        self._runner = web.AppRunner(app)

    async def __aenter__(self) -> Self:
        """Wait for what is pushed."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        _, port = self._runner.addresses[0][:2]
        self._url = f"http://127.0.0.1:{port}/push"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Be out of reach."""
        await self._runner.cleanup()

    async def _on_push(self, request: web.Request) -> web.Response:
        self.pushed.append(await request.json())
        self._came.set()
        return web.json_response(_TAKEN, status=201)

    async def register(self, client: Client) -> str:
        """Sign in to the app; return the action by which the phone is notified."""
        answer = await client.request(
            "POST",
            "/api/mobile_app/registrations",
            {
                "app_id": "io.homeassistant.companion",
                "app_name": "Home Assistant",
                "app_version": "2026.11.0",
                "device_id": self.name,
                "device_name": self.name,
                "manufacturer": self.manufacturer,
                "model": "Phone",
                "os_name": "iOS" if self.manufacturer == "Apple" else "Android",
                "os_version": "17",
                "supports_encryption": False,
                "app_data": {"push_token": TOKEN, "push_url": self._url},
            },
        )
        self.webhook_id = answer["webhook_id"]
        action = f"mobile_app_{self.name.lower().replace(' ', '_')}"
        async with asyncio.timeout(10):
            while action not in (await client.call("get_services"))["notify"]:
                await asyncio.sleep(0.1)
        return f"notify.{action}"

    async def shows(
        self, what: str, fits: Callable[[Json], object], *, time_limit: float = 10
    ) -> Json:
        """Return the latest notification as soon as it fits."""
        try:
            async with asyncio.timeout(time_limit):
                while not (self.pushed and fits(self.pushed[-1])):
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            told = [push["message"] for push in self.pushed]
            raise AssertionError(
                f"not within {time_limit:g} s: {what}; was sent {told}"
            ) from None
        return self.pushed[-1]

    async def says(self, message: str, *, time_limit: float = 10) -> Json:
        """Return the latest notification as soon as it begins with these words."""
        return await self.shows(
            message,
            lambda push: push["message"].startswith(message),
            time_limit=time_limit,
        )

    async def press(
        self, client: Client, push: Json, button: str, reply: str | None = None
    ) -> None:
        """Press a button of a notification, and answer in words where it asks for some."""
        action = next(
            action["action"]
            for action in push["data"]["actions"]
            if action["title"] == button
        )
        told: Json = {"action": action, "tag": push["data"]["tag"]}
        if self.manufacturer != "Apple":
            # Firebase knows texts only, and the app sends back all that it was sent.
            told = {**_flat(push["data"]), "message": push["message"], **told}
        if reply is not None:
            told["reply_text"] = reply
        await client.request(
            "POST",
            f"/api/webhook/{self.webhook_id}",
            {
                "type": "fire_event",
                "data": {"event_type": PRESSED, "event_data": told},
            },
        )


def _flat(data: Json) -> dict[str, Any]:
    """Return what an Android phone is sent: texts, the buttons by number."""
    flat = {k: str(v) for k, v in data.items() if k != "actions"}
    for number, action in enumerate(data["actions"], 1):
        flat |= {f"action_{number}_{key}": str(v) for key, v in action.items()}
    return flat
