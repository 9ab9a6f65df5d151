"""Add up pytest's reports and say how many tests passed and failed."""

from pathlib import Path
import sys
from xml.etree import ElementTree as ET


def main(folder: Path) -> int:
    """Print one line for all reports in a folder; return 1 if a test failed or none ran."""
    tests = failed = skipped = 0
    for report in folder.glob("*.xml"):
        for suite in ET.parse(report).getroot().iter("testsuite"):
            tests += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    passed = tests - failed - skipped
    print(f"{passed} passed, {failed} failed" + f", {skipped} skipped" * bool(skipped))
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
