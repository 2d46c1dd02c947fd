"""What a host waits for before the app is there."""

import subprocess
import sys
from collections.abc import Mapping

from anyio import to_thread

from benchmarks.bench import Bench
from benchmarks.measure import Figure, exactly, in_turn, ratio
from benchmarks.rows import Reach, row

_PAIRS = 15
_LATE = ("sqlalchemy", "alembic", "cryptography")
_TIMED = "import sys, time; began = time.perf_counter(); import {}; print(time.perf_counter() - began{})"


@row(
    "import",
    "`import omnicart_plugin.plugin`",
    "importing pluggy, anyio, httpx and msgspec",
    time=Reach(1.3),
    early=Reach(0, "of SQLAlchemy, Alembic and cryptography"),
)
async def imports(bench: Bench) -> Mapping[str, Figure]:  # noqa: ARG001 - rows are alike
    early: list[str] = []

    async def ours() -> float:
        seconds, *early[:] = (await _run("omnicart_plugin.plugin")).split()
        return float(seconds)

    async def theirs() -> float:
        return float((await _run("pluggy, anyio, httpx, msgspec")).split()[0])

    return {"time": ratio(*await in_turn(ours, theirs, _PAIRS)), "early": exactly(len(early), " ".join(early))}


async def _run(modules: str) -> str:
    """Seconds that the import takes in a new process, and what else is then there of what should come later."""
    program = _TIMED.format(modules, f", *[name for name in {_LATE!r} if name in sys.modules]")
    command = [sys.executable, "-c", program]
    done = await to_thread.run_sync(
        lambda: subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - the program above
    )
    return done.stdout
