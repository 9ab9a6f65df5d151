"""What is wrong is told under Repairs, and its dialog puts it right."""

from .client import Json
from .conftest import Boot
from .home_assistant import DOMAIN, HomeAssistant
from .mat import Mat
from .mosquitto import Broker
from .mqtt_room import MqttRoom

FIX = "/api/repairs/issues/fix"


async def issues(home: HomeAssistant) -> list[Json]:
    """Return what the page Repairs shows of mats."""
    answer = await home.client.call("repairs/list_issues")
    return [issue for issue in answer["issues"] if issue["domain"] == DOMAIN]


async def test_another_lamp_is_chosen_for_one_that_is_gone(
    boot: Boot, broker: Broker, room: MqttRoom
) -> None:
    """A lamp that was replaced has another name: told of in vain if nothing can be done.

    The dialog offers lamps only, says why one cannot be taken and stays open, and the
    next session uses the one that was chosen.
    """
    old, new = room.bulb("Old lamp"), room.bulb("New lamp")
    new.move(is_on=True, brightness=200, kelvin=4000)
    async with boot({"repairs": {}}) as home:
        await broker.add_to(home.client)
        await room.appear_in(home.client)
        mat = await Mat.add(home.client, "Anna")
        routine = await mat.add_routine(
            "Evening",
            "after_work",
            {"lights": [old.entity_id], "brightness": 12, "fade": {"seconds": 0}},
        )
        assert await issues(home) == []

        old.withdraw()
        await home.client.wait_for(
            "the old lamp is gone", lambda states: old.entity_id not in states
        )
        await home.client.request(
            "POST", f"/api/config/config_entries/entry/{mat.entry_id}/reload"
        )
        (issue,) = await issues(home)
        assert issue["translation_key"] == "device_missing"
        assert issue["translation_placeholders"] == {
            "entity": old.entity_id,
            "owner": "Evening",
        }
        assert issue["is_fixable"]

        form = await home.client.request(
            "POST", FIX, {"handler": DOMAIN, "issue_id": issue["issue_id"]}
        )
        assert form["step_id"] == "choose"
        (field,) = form["data_schema"]
        assert "light" in field["selector"]["entity"]["domain"]
        flow = f"{FIX}/{form['flow_id']}"
        form = await home.client.request("POST", flow, {"entity": old.entity_id})
        assert form["errors"] == {"entity": "entity_not_found"}
        switch, before = (
            await routine.entity("switch.session"),
            len(home.client.changes),
        )
        done = await home.client.request("POST", flow, {"entity": new.entity_id})
        assert done["type"] == "create_entry"
        await home.client.wait_for(
            "the mat is loaded anew with the other lamp",
            lambda _: any(
                change.entity_id == switch and change.new and change.new.state == "off"
                for change in home.client.changes[before:]
            ),
        )
        assert await issues(home) == []
        await routine.start(minutes=1)
        await home.client.wait_for(
            "the new lamp is dimmed",
            lambda states: states[new.entity_id].attributes.get("brightness") == 31,
        )
        assert home.errors_of_ours() == []
