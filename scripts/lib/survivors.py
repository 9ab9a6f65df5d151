"""What no test noticed, and what docs/mutants.md says of it."""

from collections.abc import Mapping
import re

from .recorded import REPO

# What is known to survive, with the reason.
PAGE = REPO / "docs/mutants.md"
KNOWN = re.compile(r"^- `(?P<mutant>.+?)`: (?P<why>.+)$")
HEADING = re.compile(r"^### (?P<module>\S+)$")
NOTICED, CIRCLES = "noticed", "goes in circles"
# What may become of a mutant that no test noticed: so far, of some of them.
SURVIVED, SO_FAR, UNSEEN = "survived", "survived some", "no test runs it"
LIVING = frozenset({SURVIVED, SO_FAR, UNSEEN})


def explained() -> dict[str, str]:
    """Return the mutants that are known to survive, `module: mutant`, with the reason."""
    found: dict[str, str] = {}
    module = ""
    for line in PAGE.read_text().splitlines() if PAGE.exists() else ():
        if heading := HEADING.match(line):
            module = heading["module"]
        elif known := KNOWN.match(line):
            found[f"{module}: {known['mutant']}"] = known["why"]
    return found


def report(found: Mapping[str, str | None]) -> int:
    """Print what is left of mutants; return 1 if something is that nobody explained.

    `found` has by name what became of each; None of one that was not tried.
    """
    known = explained()
    living = [name for name, status in found.items() if status in LIVING]
    unexplained = [name for name in living if name not in known]
    if untried := sum(status is None for status in found.values()):
        print(f"{untried} were not tried")
        return 1
    print(f"{len(found)} mutants, {len(living)} live, {len(unexplained)} unexplained")
    if so_far := sum(status == SO_FAR for status in found.values()):
        print(f"{so_far} of these were not tried with all tests")
    for name in unexplained:
        print(f"  {name}")
    # A reason that is no longer needed must go: it would hide the next slip. Whatever
    # took too long here may still survive on a quicker machine.
    dead = [name for name in known if found.get(name) == NOTICED]
    for name in dead:
        print(f"  noticed, so take it out of {PAGE.name}: {name}")
    return int(bool(unexplained or dead))
