"""«I added two routines, and one of them had no button»."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat.const import DOMAIN

from .home import routine, subentry


async def test_a_routine_added_while_its_mat_is_set_up_has_a_switch(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each routine reloads its mat; the second may come in the middle of that."""
    entry = MockConfigEntry(domain=DOMAIN, title="Anna's mat", data={})
    entry.add_to_hass(hass)
    forward = hass.config_entries.async_forward_entry_setups

    async def forwarded(*args: object) -> None:
        await forward(*args)  # type: ignore[arg-type]
        if not entry.subentries:
            added = subentry(routine()["data"])
            hass.config_entries.async_add_subentry(entry, added)

    monkeypatch.setattr(hass.config_entries, "async_forward_entry_setups", forwarded)
    # It is reloaded at once; what this returns says nothing.
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get("switch.bedtime_session") is not None
