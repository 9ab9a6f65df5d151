"""Refuse a file of the integration that the unit tests cover too little.

The domain and the flows of forms: all of it. Every other file: 95 %. Lines and
branches count.
"""

import json
from pathlib import Path
import sys

INTEGRATION = "custom_components/acupressure_mat/"
WHOLE = tuple(
    INTEGRATION + part for part in ("session/", "config_flow.py", "routine_flow.py")
)


def gate(path: str) -> float:
    """Return the percentage that a file has to reach."""
    return 100.0 if path.startswith(WHOLE) else 95.0


def main(report: Path) -> int:
    """Print what is missing where; return 1 if a file is below its gate."""
    files = json.loads(report.read_text())["files"]
    below = 0
    for path, found in sorted(files.items()):
        percent = found["summary"]["percent_covered"]
        if percent >= gate(path):
            continue
        below += 1
        print(f"{path}: {percent:.1f} % is covered, {gate(path):.0f} % is needed")
        if lines := found["missing_lines"]:
            print("  lines not run: " + ", ".join(map(str, lines)))
        if branches := found.get("missing_branches"):
            # A negative line is the way out of the function that begins there.
            print("  ways not taken: " + ", ".join(f"{a}->{b}" for a, b in branches))
    if not files:
        print(f"nothing of {INTEGRATION} was measured")
        return 1
    if not below:
        print(f"coverage: each of {len(files)} files reaches its gate")
    return int(below > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
