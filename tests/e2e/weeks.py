"""A journal as it looks after a while."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from .home_assistant import DOMAIN
from .mat import Mat

HOME: Final = ZoneInfo("Europe/Vienna")
WEEKS: Final = 10


async def add_weeks(mat: Mat) -> None:
    """Fill the journal as somebody does who began ten weeks ago and got used to it."""
    now = datetime.now(HOME)
    for ago in range(7 * WEEKS, -1, -1):
        day = now.date() - timedelta(days=ago)
        share = 1 - ago / (7 * WEEKS)
        # Neither chance nor a pattern that is seen, and the same each time.
        chance = day.toordinal() * 31 % 13
        if day.weekday() == 5 or chance > 9 + 4 * share:
            continue
        start = datetime.combine(day, time(21, 10 + 3 * chance), tzinfo=HOME)
        if ago == 0:
            start = now - timedelta(hours=1.5)
        before = 7 - round(2.5 * share) - chance % 2
        await mat.client.action(
            f"{DOMAIN}.add_record",
            config_entry_id=mat.entry_id,
            start=start.isoformat(),
            duration={"minutes": 6 + round(18 * share) + chance},
            kind="bedtime" if ago else "morning",
            sleep=5 + round(2 * share) + chance % 3,
            pain_before=before,
            pain_after=max(before - 1 - chance % 3 - round(share), 0),
        )
