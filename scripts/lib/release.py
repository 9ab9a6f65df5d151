"""What a release is made of, and what it is refused for.

The version stands in manifest.json alone. The zip holds what users get in
custom_components/acupressure_mat, without a folder around it: that is where both
marketplace and HACS unpack it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
import json
from pathlib import Path
import re
import subprocess
import sys
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

REPO = Path(__file__).parents[2]
INTEGRATION = Path("custom_components/acupressure_mat")
PLAIN_FILE = 0o100644


def git(repo: Path, *arguments: str) -> str:
    """Return what git says."""
    command = ("git", "-C", str(repo), *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def version(repo: Path) -> str:
    """Return the version, from the only place where it stands."""
    manifest = json.loads((repo / INTEGRATION / "manifest.json").read_text())
    return str(manifest["version"])


def zip_name(repo: Path) -> str:
    """Return the file that marketplace and HACS look for in a release."""
    return str(json.loads((repo / "hacs.json").read_text())["filename"])


def notes(repo: Path) -> str:
    """Return what the change log says of the version; empty if nothing."""
    heading = rf"^## \[?{re.escape(version(repo))}\]?(?: [^\n]*)?$"
    text = (repo / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"{heading}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def refusals(repo: Path) -> Iterator[str]:
    """Yield each reason for which this clone must not be released."""
    if changes := git(repo, "status", "--porcelain").strip():
        yield f"there are changes that are not committed:\n{changes}"
    tag = f"v{version(repo)}"
    if git(repo, "tag", "--list", tag).strip():
        yield f"{tag} is tagged already: raise the version in {INTEGRATION}/manifest.json"
    if not notes(repo):
        yield f"CHANGELOG.md says nothing of it: give it a section ## {version(repo)}"


def build(repo: Path, to: Path) -> None:
    """Write the zip of the last commit: byte by byte the same, whoever makes it."""
    moment = datetime.fromtimestamp(int(git(repo, "log", "-1", "--format=%ct")), UTC)
    tracked = git(repo, "ls-files", "-z", "--", str(INTEGRATION)).split("\0")
    to.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(to, "w", ZIP_DEFLATED) as archive:
        for name in sorted(filter(None, tracked)):
            path = Path(name).relative_to(INTEGRATION)
            file = ZipInfo(path.as_posix(), moment.timetuple()[:6])
            file.external_attr = PLAIN_FILE << 16
            file.compress_type = ZIP_DEFLATED
            archive.writestr(file, (repo / name).read_bytes())


def main(arguments: list[str]) -> int:
    """Do what scripts/release asks; return 1 where the clone is refused."""
    match arguments:
        case ["version"]:
            print(version(REPO))
        case ["notes"]:
            print(notes(REPO))
        case ["refuse"]:
            reasons = list(refusals(REPO))
            for reason in reasons:
                print(f"not released: {reason}", file=sys.stderr)
            return int(bool(reasons))
        case ["build", folder]:
            to = Path(folder) / zip_name(REPO)
            build(REPO, to)
            print(to)
        case _:
            sys.exit("version, notes, refuse or build FOLDER")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
