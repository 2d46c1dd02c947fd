"""The desktop as a person starts it: a program of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running_desktop(data_dir: Path) -> Iterator[str]:
    """The address that it prints; on a free port."""
    command = [str(Path(sys.executable).parent / "omnicart"), "desktop", "--no-browser", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--data-dir", str(data_dir)], stdout=subprocess.PIPE, text=True, env={"PYTHONUNBUFFERED": "1"}
    ) as desktop:
        try:
            printed = desktop.stdout.readline() if desktop.stdout else ""
            yield re.findall(r"http://\S+", printed)[0]
        finally:
            desktop.terminate()
