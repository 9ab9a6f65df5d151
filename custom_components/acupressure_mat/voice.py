"""Voice: what people say to Home Assistant about their mats, and what it answers."""

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple  # noqa: TID251  # conversation may not be there

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_when_setup

from .commands import Said, async_obey
from .const import DOMAIN, SUBENTRY_ROUTINE
from .coordinator import SessionCoordinator
from .language import Language, Meaning, base, languages, plain
from .meant import Meant, area_of_speaker, choices, mats

if TYPE_CHECKING:
    from hassil.recognize import RecognizeResult
    from homeassistant.components.conversation import ConversationInput


class Called(NamedTuple):
    """What routines and mats are called, each with the id of what that is."""

    routines: list[tuple[str, str]]
    mats: list[tuple[str, str]]

    def names(self, language: Language) -> dict[str, str]:
        """Return the plain names, in a language, and what each stands for."""
        names = {plain(title): its_id for title, its_id in self.routines}
        for title, its_id in self.mats:
            names.setdefault(plain(title), its_id)
            names.setdefault(plain(language.short(title)), its_id)
        names.pop("", None)
        return names


@callback
def async_setup_voice(hass: HomeAssistant) -> None:
    """Listen to people as soon as there is a conversation, if there ever is one."""
    voice = Voice(hass)
    async_when_setup(hass, "conversation", voice.async_start)


class Voice:
    """The sentences that Home Assistant knows of us, kept up with mats and routines."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Say nothing yet."""
        self.hass = hass
        self._languages: dict[str, Language] = {}
        self._known: frozenset[str] = frozenset()
        self._unregister: CALLBACK_TYPE | None = None
        # Whether "it hurts" is understood, and the names in each language.
        self._registered: tuple[bool, dict[str, frozenset[str]]] | None = None
        self._followed: list[SessionCoordinator] = []
        self._is_stale = False
        self._keeping_up: asyncio.Task[None] | None = None

    async def async_start(self, hass: HomeAssistant, _component: str) -> None:
        """Register the sentences, and again whenever something they name changes."""
        self._known = await hass.async_add_executor_job(languages)
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._on_entry)
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._on_configured)
        async_when_setup(hass, "assist_pipeline", self._async_follow_pipelines)
        self._async_refresh()

    async def _async_follow_pipelines(
        self, hass: HomeAssistant, component: str
    ) -> None:
        self._async_refresh()
        store = hass.data[component].pipeline_store
        store.async_add_change_set_listener(self._on_pipelines)

    async def _on_pipelines(self, _changes: object) -> None:
        self._async_refresh()

    @callback
    def _on_configured(self, _event: Event) -> None:
        self._async_refresh()

    @callback
    def _on_entry(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN:
            self._async_refresh()

    @callback
    def _on_session(self) -> None:
        """Follow a mat: of what it tells, only whether a session runs matters here.

        Names come with entries; to look at all of them at each tap would take longer
        than the tap itself in a home of many mats.
        """
        if self._registered is None or self._registered[0] != self._is_hurting():
            self._async_refresh()

    def _is_hurting(self) -> bool:
        return any(entry.runtime_data.session for entry in mats(self.hass))

    def _wanted(self) -> list[str]:
        """Return the languages that are spoken here, Home Assistant's own first."""
        spoken = [self.hass.config.language]
        if "assist_pipeline" in self.hass.config.components:
            # Not imported: named in the manifest, it would be installed for everybody.
            pipelines = self.hass.data["assist_pipeline"].pipeline_store.data
            spoken += [p.conversation_language for p in pipelines.values()]
        bases = dict.fromkeys(map(base, spoken))
        return [language for language in bases if language in self._known]

    @callback
    def _async_refresh(self) -> None:
        """Register soon what may be said now; of many changes at once, the last."""
        self._is_stale = True
        if self._keeping_up is None or self._keeping_up.done():
            self._keeping_up = self.hass.async_create_task(
                self._async_keep_up(), f"{DOMAIN} voice", eager_start=False
            )

    async def _async_keep_up(self) -> None:
        job = self.hass.async_add_executor_job
        while self._is_stale:
            self._is_stale = False
            wanted = self._wanted()
            for code in wanted:
                if code not in self._languages:
                    self._languages[code] = await job(Language.load, code)
            self._follow()
            languages = [self._languages[code] for code in wanted]
            # A home of many mats has hundreds of names: milliseconds for each language.
            names = await job(_names_in, languages, self._called())
            known = {each.code: frozenset(its) for each, its in names.items()}
            if (state := (self._is_hurting(), known)) != self._registered:
                self._registered = state
                self._async_register(await job(_meanings, names, state[0]))

    def _follow(self) -> None:
        """Hear when a session begins or ends on any of the mats."""
        coordinators = [entry.runtime_data for entry in mats(self.hass)]
        for coordinator in coordinators:
            if coordinator not in self._followed:
                coordinator.async_add_listener(self._on_session)
        self._followed = coordinators

    def _called(self) -> Called:
        """Return what routines and mats are called now."""
        entries = mats(self.hass)
        return Called(
            routines=[
                (subentry.title, subentry.subentry_id)
                for entry in entries
                for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE)
            ],
            mats=[(entry.title, entry.entry_id) for entry in entries],
        )

    @callback
    def _async_register(self, meanings: Mapping[str, Meaning]) -> None:
        from homeassistant.components.conversation.agent_manager import (  # noqa: PLC0415  # may not be there
            get_agent_manager,
        )

        if self._unregister is not None:
            self._unregister()
            self._unregister = None
        if meanings:
            # One registration for all: what is said alike in two languages is done
            # once.
            self._unregister = get_agent_manager(self.hass).register_trigger(
                list(meanings), partial(self._async_answer, meanings)
            )

    async def _async_answer(
        self,
        meanings: Mapping[str, Meaning],
        heard: ConversationInput,
        result: RecognizeResult,
    ) -> str:
        """Do what somebody said, and return what they hear."""
        assert result.intent_sentence is not None
        meaning = meanings[result.intent_sentence.text or ""]
        names = self._called().names(meaning.language)
        text = plain(heard.text)
        name = meaning.language.name_in(text, names)
        routines = tuple(choices(self.hass))
        named = names.get(name or "")
        is_routine = any(choice.id == named for choice in routines)
        said = Said(
            command=meaning.command,
            reason=meaning.reason,
            # A name may have numbers of its own.
            text=text.replace(name, " ", 1) if name else text,
            heard_in=meaning.language,
            answered_in=self._languages.get(base(heard.language), meaning.language),
            context=heard.context,
            meant=Meant(
                hass=self.hass,
                routines=routines,
                routine_id=named if is_routine else None,
                mat_id=None if is_routine else named,
                user_id=heard.context.user_id,
                area_id=area_of_speaker(self.hass, heard.device_id, heard.satellite_id),
            ),
        )
        return await async_obey(self.hass, said)


def _names_in(
    languages: Iterable[Language], called: Called
) -> dict[Language, dict[str, str]]:
    return {language: called.names(language) for language in languages}


def _meanings(
    names: Mapping[Language, Mapping[str, str]],
    hurting: bool,
) -> dict[str, Meaning]:
    """Return what may be said to these names, and in pain, in each language."""
    meanings: dict[str, Meaning] = {}
    for language, known in names.items():
        if known:
            said = language.templates(known)
            if hurting:
                said |= language.complaints()
            meanings = said | meanings
    return meanings
