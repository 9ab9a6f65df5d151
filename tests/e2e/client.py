"""What a person's browser and phone do: REST and WebSocket, nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
import itertools
from typing import Any, Self

import aiohttp

type Json = dict[str, Any]

CALL_LIMIT = 15.0
"""Seconds that Home Assistant may take to answer, unless told otherwise."""


class CallError(Exception):
    """Home Assistant refused what was asked."""

    def __init__(self, what: str, error: Json) -> None:
        """Keep what a person and what a programmer would see of the refusal."""
        self.code: str = error.get("code", "unknown")
        self.message: str = error.get("message", "")
        self.translation_domain: str | None = error.get("translation_domain")
        self.translation_key: str | None = error.get("translation_key")
        self.placeholders: Json = error.get("translation_placeholders") or {}
        super().__init__(f"{what}: {self.code}: {self.message}")


class Disconnected(Exception):
    """The connection ended before the answer came."""


class WaitedInVain(AssertionError):
    """What a test waited for did not come true in time."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of an entity as Home Assistant tells it to the outside."""

    entity_id: str
    state: str
    attributes: Json
    last_changed: datetime
    last_updated: datetime
    context: Json

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """Read what the WebSocket sends."""
        return cls(
            entity_id=data["entity_id"],
            state=data["state"],
            attributes=data["attributes"],
            last_changed=datetime.fromisoformat(data["last_changed"]),
            last_updated=datetime.fromisoformat(data["last_updated"]),
            context=data["context"],
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One state_changed event: an entity before (None: new) and after (None: gone)."""

    at: datetime
    entity_id: str
    old: State | None
    new: State | None


type States = Mapping[str, State]


class Events:
    """The events of one subscription, in the order in which they came."""

    def __init__(self) -> None:
        """Start with none."""
        self.received: list[Json] = []
        self._arrived = asyncio.Event()

    def add(self, event: Json) -> None:
        """Take in one event."""
        self.received.append(event)
        self._arrived.set()

    async def wait_for(
        self,
        predicate: Callable[[Json], bool] = lambda _: True,
        *,
        time_limit: float = 10,
    ) -> Json:
        """Return the first event that satisfies the predicate, past ones included."""
        position = 0
        try:
            async with asyncio.timeout(time_limit):
                while True:
                    self._arrived.clear()
                    for event in self.received[position:]:
                        position += 1
                        if predicate(event):
                            return event
                    await self._arrived.wait()
        except TimeoutError:
            raise WaitedInVain(
                f"none of {len(self.received)} events in {time_limit:g} s was the"
                f" expected one: {self.received}"
            ) from None


class Client:
    """A signed-in person's connection; states are kept up to date by push.

    It can be connected again after Home Assistant was restarted: the history of
    changes goes on, subscriptions have to be made anew.
    """

    def __init__(self, url: str) -> None:
        """Prepare a client for a Home Assistant at a URL without trailing slash."""
        self.url = url
        self.token: str | None = None
        self.changes: list[Change] = []
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._handlers: dict[int, Callable[[Any], object]] = {}
        self._states: dict[str, State] = {}
        self._changed = asyncio.Event()

    # Connection

    async def connect(self) -> None:
        """Open the WebSocket with the token and load all states."""
        await self.disconnect()
        socket = await self._http.ws_connect(
            f"{self.url}/api/websocket", max_msg_size=0
        )
        async with asyncio.timeout(CALL_LIMIT):
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            answer = await socket.receive_json()
        if answer["type"] != "auth_ok":
            await socket.close()
            raise CallError("auth", {"code": answer["type"], **answer})
        self._socket = socket
        self._ids = itertools.count(1)
        self._reader = asyncio.create_task(self._read(socket))
        await self.subscribe(
            self._on_state_changed, "subscribe_events", event_type="state_changed"
        )
        loaded = map(State.from_json, await self.call("get_states"))
        self._states = {state.entity_id: state for state in loaded}
        self._changed.set()

    async def disconnect(self) -> None:
        """Close the WebSocket; calls that wait for an answer raise Disconnected."""
        if self._socket:
            await self._socket.close()
        if self._reader:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        self._socket = self._reader = None
        self._handlers.clear()
        self._states.clear()

    async def close(self) -> None:
        """Close everything."""
        await self.disconnect()
        if self._session:
            await self._session.close()
            self._session = None

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                data = message.json()
                for item in data if isinstance(data, list) else [data]:
                    self._on_message(item)
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(Disconnected("Home Assistant hung up"))

    def _on_message(self, message: Json) -> None:
        id_ = message["id"]
        if message["type"] == "event":
            if handler := self._handlers.get(id_):
                handler(message["event"])
        elif (answer := self._answers.get(id_)) and not answer.done():
            if message.get("success", True):
                answer.set_result(message.get("result"))
            else:
                answer.set_exception(CallError("refused", message["error"]))

    # WebSocket

    async def call(
        self, command: str, *, time_limit: float = CALL_LIMIT, **fields: object
    ) -> Any:
        """Send a WebSocket command and return its result.

        Raises CallError when Home Assistant refuses, Disconnected when it goes
        away meanwhile and TimeoutError when it does not answer.
        """
        return await self._send(next(self._ids), command, fields, time_limit)

    async def subscribe(
        self, handler: Callable[[Any], object], command: str, **fields: object
    ) -> Callable[[], object]:
        """Give each event of a subscribing command to a function.

        Returns a function that forgets it.
        """
        id_ = next(self._ids)
        # Before the command is sent: its first event may come with the answer.
        self._handlers[id_] = handler
        await self._send(id_, command, fields, CALL_LIMIT)
        return lambda: self._handlers.pop(id_, None)

    @asynccontextmanager
    async def events(
        self, command: str = "subscribe_events", **fields: object
    ) -> AsyncIterator[Events]:
        """Collect the events of a subscription while the block lasts."""
        events = Events()
        forget = await self.subscribe(events.add, command, **fields)
        try:
            yield events
        finally:
            forget()

    async def _send(
        self,
        id_: int,
        command: str,
        fields: Mapping[str, object],
        time_limit: float,
    ) -> Any:
        if self._socket is None or self._socket.closed:
            raise Disconnected("not connected")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[id_] = answer
        try:
            await self._socket.send_json({"id": id_, "type": command, **fields})
            async with asyncio.timeout(time_limit):
                return await answer
        except aiohttp.ClientConnectionResetError:
            raise Disconnected("Home Assistant hung up") from None
        finally:
            del self._answers[id_]

    # REST

    async def request(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        form: Mapping[str, str] | None = None,
        time_limit: float = CALL_LIMIT,
    ) -> Any:
        """Send a REST request and return the decoded answer.

        Raises CallError with the HTTP status as its code when it is refused.
        """
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with (
            asyncio.timeout(time_limit),
            self._http.request(
                method, f"{self.url}{path}", json=json, data=form, headers=headers
            ) as response,
        ):
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise CallError(
                    f"{method} {path}",
                    {"code": str(response.status), "message": await response.text()},
                )
            if response.content_type == "application/json":
                return await response.json()
            return await response.text()

    # Actions

    async def action(
        self,
        name: str,
        target: str | Sequence[str] | Mapping[str, object] | None = None,
        *,
        returns: bool = False,
        time_limit: float = CALL_LIMIT,
        **data: object,
    ) -> Any:
        """Perform an action such as light.turn_on and return its response, if any.

        The target is an entity id, several of them, or a whole target selector.
        """
        domain, _, service = name.partition(".")
        fields: Json = {"domain": domain, "service": service, "service_data": data}
        if isinstance(target, Mapping):
            fields["target"] = target
        elif target is not None:
            fields["target"] = {"entity_id": target}
        if returns:
            fields["return_response"] = True
        result = await self.call("call_service", time_limit=time_limit, **fields)
        return result.get("response")

    # States

    @property
    def states(self) -> States:
        """Return all states as of now."""
        return self._states

    def state(self, entity_id: str) -> State:
        """Return the state of an entity; it has to exist."""
        try:
            return self._states[entity_id]
        except KeyError:
            known = ", ".join(sorted(self._states))
            raise AssertionError(f"no entity {entity_id} among {known}") from None

    def _on_state_changed(self, event: Json) -> None:
        data = event["data"]
        change = Change(
            at=datetime.fromisoformat(event["time_fired"]),
            entity_id=data["entity_id"],
            old=State.from_json(data["old_state"]) if data["old_state"] else None,
            new=State.from_json(data["new_state"]) if data["new_state"] else None,
        )
        self.changes.append(change)
        if change.new:
            self._states[change.entity_id] = change.new
        else:
            self._states.pop(change.entity_id, None)
        self._changed.set()

    async def next_change(self) -> None:
        """Return when a state changes.

        Raises Disconnected when Home Assistant goes away instead.
        """
        self._changed.clear()
        if self._reader is None or self._reader.done():
            raise Disconnected("Home Assistant is gone")
        changed = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait(
                (changed, self._reader), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            changed.cancel()

    async def wait_for(
        self,
        what: str,
        predicate: Callable[[States], object],
        *,
        time_limit: float = 10,
    ) -> None:
        """Return as soon as a predicate over all states holds.

        Raises WaitedInVain with a description of what was waited for.
        """
        try:
            async with asyncio.timeout(time_limit):
                while not predicate(self._states):
                    await self.next_change()
        except TimeoutError:
            raise WaitedInVain(f"not within {time_limit:g} s: {what}") from None

    async def wait_for_state(
        self,
        entity_id: str,
        state: str | None = None,
        *,
        time_limit: float = 10,
        **attributes: object,
    ) -> State:
        """Return an entity's state as soon as it is as given.

        Without a state, any but unavailable and unknown will do.
        """

        def holds(states: States) -> bool:
            if (now := states.get(entity_id)) is None:
                return False
            if state is None:
                if now.state in ("unavailable", "unknown"):
                    return False
            elif now.state != state:
                return False
            return all(
                now.attributes.get(key) == value for key, value in attributes.items()
            )

        wanted = " ".join(
            [state or "available", *(f"{k}={v}" for k, v in attributes.items())]
        )
        try:
            await self.wait_for(f"{entity_id} {wanted}", holds, time_limit=time_limit)
        except WaitedInVain as error:
            raise WaitedInVain(
                f"{error}; it is {self._states.get(entity_id)}"
            ) from None
        return self._states[entity_id]
