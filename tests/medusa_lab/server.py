"""A Medusa server on loopback."""

from http.client import HTTPConnection, HTTPException
from pathlib import Path

from . import program
from .program import Program

MEDUSA = ("node", "node_modules/@medusajs/cli/cli.js")


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def environment(database_url: str, lifetime: str = "1d") -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "TOKEN_LIFETIME": lifetime,
        "NODE_ENV": "production",
        "MEDUSA_DISABLE_TELEMETRY": "true",
        "TZ": "UTC",
    }


def start(medusa: Path, port: int, database_url: str, log: Path, lifetime: str = "1d") -> Program:
    command = [*MEDUSA, "start", "-H", "127.0.0.1", "-p", str(port)]
    env = environment(database_url, lifetime)
    return program.start(command, log=log, cwd=medusa, env=env, ready=lambda: _answers(port))


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
