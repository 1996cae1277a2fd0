"""What is installed in production is the wheel: it must hold all that the folder of the package holds, and the catalogues ready to be read."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"


def test_the_wheel_holds_the_whole_package_with_its_catalogues(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("sportello-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if name.startswith("sportello/")}
    there = {str(path.relative_to(SOURCE)) for path in (SOURCE / "sportello").rglob("*") if path.is_file()}
    assert packed == {name for name in there if not name.endswith(".pyc")}
    assert "sportello/locale/it/LC_MESSAGES/django.mo" in packed
