"""Notifications of a mat: to the target its person chose, and what is pressed there.

The target is a notify action (`notify.mobile_app_annas_phone`) or a notify entity.
Only an action takes what makes a notification useful here: buttons, a tag by which
it is updated in place and cleared, and a clock that counts down. The notify entity
that the app of a phone also has takes a title and a message, no more (2026.11).

An iPhone makes a Live Activity of what asks for a live update, and a Live Activity
has no buttons: there it stays a notification, whose text says until when.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util, slugify
from homeassistant.util.hass_dict import HassKey

from . import subentries
from .const import DOMAIN, LOGGER
from .coordinator import MatConfigEntry
from .session.session import SessionError

NOTIFY = "notify"
PRESSED = "mobile_app_notification_action"
CLEAR = "clear_notification"
APP = "mobile_app"
# Actions that are no target: they want one, or stay within Home Assistant.
NO_TARGETS = {"notify", "send_message", "persistent_notification"}
# What is answered in words, typed or spoken.
TYPED = {"rate", "sleep"}
# A target that takes longer for a message holds up the next no more.
SEND_LIMIT = timedelta(seconds=30)
# When nobody wants to hear a phone.
NIGHT = time(22), time(7)

# Mats that notify somewhere else since they were loaded last.
_MOVED: HassKey[set[str]] = HassKey(f"{DOMAIN}_moved")

# Called with what the buttons carry and the event of the press.
type Pressed = Callable[[str, Event], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notification: one more with the same tag takes its place."""

    tag: str
    title: str
    # Keys of `config_panel.notification` in the translations.
    text: str
    # In the place of `text` where buttons cannot be shown; None shows nothing there.
    plain: str | None = None
    # What to do, each with its text under the same key; they carry `id`.
    buttons: tuple[str, ...] = ()
    id: str = ""
    quiet: bool = False
    # When an Android phone takes it away itself; nobody else may be there to.
    timeout: timedelta
    # A refusal to say first.
    error: SessionError | None = None
    # For the app, as its documentation names it.
    data: Mapping[str, Any] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    # In Home Assistant itself where nothing else is reached.
    persistent: bool = False


class Phone:
    """Where a mat's notifications go. What cannot be sent hurts nothing else."""

    def __init__(self, hass: HomeAssistant, entry: MatConfigEntry) -> None:
        """Listen to buttons until the mat is unloaded."""
        self.hass = hass
        self.entry = entry
        self._pressed: dict[str, Pressed] = {}
        # Notifications arrive in the order in which they were sent.
        self._sending = asyncio.Lock()
        self._target = subentries.notify(entry)
        moved = hass.data.setdefault(_MOVED, set())
        # Whether what is still open was taken away elsewhere, and has to be shown here.
        self.is_another = entry.entry_id in moved
        moved.discard(entry.entry_id)
        entry.async_on_unload(self._leave)
        entry.async_on_unload(hass.bus.async_listen(PRESSED, self._on_event))

    @property
    def _action(self) -> str | None:
        """The notify action to call, if it exists now."""
        return _action_of(self.hass, subentries.notify(self.entry))

    @property
    def _entity(self) -> str | None:
        """The notify entity to send to, if it can be reached now."""
        target = subentries.notify(self.entry)
        state = self.hass.states.get(target) if target else None
        # Home Assistant passes over one that is unavailable, and says nothing.
        is_there = state is not None and state.state != STATE_UNAVAILABLE
        return target if is_there else None

    @callback
    def _leave(self) -> None:
        """Take away what is shown where nobody would do so later."""
        if subentries.notify(self.entry) != self._target:
            _take_away(self.hass, self.entry, self._target)
            self.hass.data[_MOVED].add(self.entry.entry_id)

    # -- buttons ---------------------------------------------------------------

    @callback
    def on_press(self, button: str, pressed: Pressed) -> None:
        """Call somebody when a button is pressed."""
        self._pressed[button] = pressed

    @callback
    def _on_event(self, event: Event) -> None:
        parts = str(event.data.get("action")).split(":")
        match parts:
            case [domain, button, mat, id] if (
                domain == DOMAIN
                and mat == self.entry.entry_id
                and button in self._pressed
            ):
                try:
                    self._pressed[button](id, event)
                except SessionError as err:
                    # It is being loaded anew, and shows after that what goes on.
                    LOGGER.info(
                        "%s could not %s: %s", self.entry.title, button, err.key
                    )

    # -- sending ---------------------------------------------------------------

    @callback
    def send(self, notice: Notice) -> None:
        """Show a notification."""
        self._soon(self._async_send(notice))

    @callback
    def clear(self, tag: str) -> None:
        """Take a notification away, wherever it was shown."""
        persistent_notification.async_dismiss(self.hass, tag)
        if self._action is not None:
            self._soon(self._async_call(self._action, CLEAR, {"data": {"tag": tag}}))

    def _soon(self, what: Any) -> None:
        self.entry.async_create_background_task(self.hass, what, f"{DOMAIN} notify")

    async def _async_send(self, notice: Notice) -> None:
        words: dict[str, str] = {}
        for category in ("config_panel", "exceptions"):
            words |= await async_get_translations(
                self.hass, self.hass.config.language, category, {DOMAIN}
            )

        def word(key: str) -> str:
            return words.get(f"component.{DOMAIN}.config_panel.notification.{key}", key)

        def say(key: str) -> str:
            text = word(key).format(**notice.placeholders)
            if (error := notice.error) is None:
                return text
            refusal = words.get(
                f"component.{DOMAIN}.exceptions.{error.key}.message", ""
            )
            return f"{refusal.format(**error.placeholders)} {text}"

        if (action := self._action) is not None:
            data = {"title": notice.title, "data": self._data(notice, word)}
            if await self._async_call(action, say(notice.text), data):
                return
        elif (entity := self._entity) is not None and notice.plain is not None:
            data = {"title": notice.title, "entity_id": entity}
            if await self._async_call("send_message", say(notice.plain), data):
                return
        if notice.persistent and notice.plain is not None:
            persistent_notification.async_create(
                self.hass, say(notice.plain), notice.title, notice.tag
            )

    async def _async_call(
        self, action: str, message: str, data: dict[str, Any]
    ) -> bool:
        """Return whether the target took a message."""
        async with self._sending:
            try:
                async with asyncio.timeout(SEND_LIMIT.total_seconds()):
                    await self.hass.services.async_call(
                        NOTIFY, action, {"message": message, **data}, blocking=True
                    )
            except Exception as err:  # noqa: BLE001 - whatever a target raises, another is tried
                LOGGER.info("%s was not notified: %r", self.entry.title, err)
                return False
        return True

    def _data(self, notice: Notice, word: Callable[[str], str]) -> dict[str, Any]:
        """Return what the app is told besides the text."""
        quiet = notice.quiet or is_night()
        data: dict[str, Any] = {
            "tag": notice.tag,
            # An Android phone keeps for ever how loud a channel first was.
            "channel": word("channel_quiet" if quiet else "channel"),
            "importance": "low" if quiet else "default",
            # Now, not when the phone wakes up next.
            "priority": "high",
            "ttl": 0,
            "timeout": round(notice.timeout.total_seconds()),
            "notification_icon": "mdi:spa",
            "actions": [
                {
                    "action": f"{DOMAIN}:{button}:{self.entry.entry_id}:{notice.id}",
                    "title": word(button),
                    **({"behavior": "textInput"} if button in TYPED else {}),
                }
                for button in notice.buttons
            ],
            **notice.data,
        }
        if self._action is not None and _is_apple(self.hass, self._action):
            data.pop("live_update", None)
        if quiet:
            data["push"] = {"sound": "none", "interruption-level": "passive"}
        return data


@callback
def async_take_away(hass: HomeAssistant, entry: MatConfigEntry) -> None:
    """Take away what a mat shows that is disabled or removed: nobody hears its buttons."""
    _take_away(hass, entry, subentries.notify(entry))


def _take_away(hass: HomeAssistant, entry: MatConfigEntry, target: str | None) -> None:
    """Take away whatever a target, or Home Assistant itself, shows of a mat."""
    action = _action_of(hass, target)
    for its_id in (entry.entry_id, *entry.subentries):
        tag = tag_of(its_id)
        persistent_notification.async_dismiss(hass, tag)
        if action is not None:
            data = {"message": CLEAR, "data": {"tag": tag}}
            hass.async_create_task(
                hass.services.async_call(NOTIFY, action, data), f"{DOMAIN} notify"
            )


def tag_of(its_id: str) -> str:
    """Return the tag of what is shown of a mat, or of a routine."""
    return f"{DOMAIN}_{its_id}"


def _action_of(hass: HomeAssistant, target: str | None) -> str | None:
    domain, _, action = (target or "").partition(".")
    is_there = domain == NOTIFY and hass.services.has_service(NOTIFY, action)
    return action if is_there else None


def is_night() -> bool:
    """Return whether phones should be silent."""
    begin, end = NIGHT
    now = dt_util.now().time()
    return now >= begin or now < end


def targets(hass: HomeAssistant) -> dict[str, str]:
    """Return what can be notified now, each with what people call it."""
    found = {}
    for action in hass.services.async_services_for_domain(NOTIFY):
        if action not in NO_TARGETS:
            app = _app(hass, action)
            found[f"{NOTIFY}.{action}"] = action if app is None else app.title
    registry = er.async_get(hass)
    for state in hass.states.async_all(NOTIFY):
        entity = registry.async_get(state.entity_id)
        if entity is None or entity.platform != APP:
            found[state.entity_id] = state.name
    return found


def _app(hass: HomeAssistant, action: str) -> ConfigEntry[Any] | None:
    """Return the app that a notify action belongs to: it bears the phone's name."""
    return next(
        (
            entry
            for entry in hass.config_entries.async_entries(APP)
            if f"{APP}_{slugify(entry.data.get('device_name', ''))}" == action
        ),
        None,
    )


def _is_apple(hass: HomeAssistant, action: str) -> bool:
    app = _app(hass, action)
    return app is not None and app.data.get("manufacturer") == "Apple"
