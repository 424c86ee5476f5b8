"""The container image and the package in it: what can be held without building an image."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from sandbox.serving import serving
from tests.bot.doorstep import House

ROOT = Path(__file__).parent.parent
STEPS = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
_, BUILD, FINAL = re.split(r"^(?=FROM )", STEPS, flags=re.MULTILINE)


def step(name: str, stage: str = FINAL) -> list[str]:
    """What follows each instruction `name` in a stage."""
    return [value.strip() for value in re.findall(rf"^{name} (.*)$", stage, re.MULTILINE)]


def test_the_base_is_pinned_to_a_patch_release() -> None:
    """Both stages stand on one Python, which pyproject.toml allows."""
    bases = {value.split(" ")[0] for value in step("FROM", STEPS)}
    assert len(bases) == 1
    (base,) = bases
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", base)


def test_what_is_installed_is_locked() -> None:
    """With hashes, and the package itself without asking any index."""
    installs = re.findall(r"pip install [^&\n]*", STEPS)
    assert any("-r requirements.lock" in line for line in installs)
    for line in installs:
        assert "--require-hashes" in line or "--no-deps --no-index" in line, line


def test_it_runs_as_nobody_in_particular() -> None:
    """By number, not root, and with nothing run after that as root."""
    (user,) = step("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert "\nRUN" not in FINAL[FINAL.index("\nUSER") :]


def test_only_the_virtual_environment_comes_from_the_first_stage() -> None:
    """No sources, no tools, no caches."""
    assert step("COPY") == ["--from=build /opt/outloud /opt/outloud"]
    assert not step("ADD")


def test_it_listens_to_the_outside_and_stops_when_told() -> None:
    """What an operator relies on."""
    assert "HOST=0.0.0.0" in FINAL
    assert step("EXPOSE") == ["3000"]
    assert step("STOPSIGNAL") == ["SIGTERM"]
    assert (step("WORKDIR"), step("VOLUME")) == (["/data"], ["/data"])
    assert (json.loads(step("ENTRYPOINT")[0]), json.loads(step("CMD")[0])) == (["outloud"], ["run"])


async def test_the_health_check_asks_the_port_that_is_served() -> None:
    """It succeeds while Outloud lives, whatever proxy is set, and fails when nothing listens there."""
    _, program, script = json.loads(step("HEALTHCHECK")[0].partition("CMD ")[2])
    proxied = {**os.environ, "http_proxy": "http://127.0.0.1:1"}

    async def check(port: int) -> int:
        asking = await asyncio.create_subprocess_exec(
            sys.executable, program, script, env=proxied | {"PORT": str(port)}, stderr=asyncio.subprocess.DEVNULL
        )
        return await asking.wait()

    async with serving(House().application, lifespan=True) as address:
        port = int(address.rpartition(":")[2])
        assert await check(port) == 0
    assert await check(port) == 1


def test_nothing_but_what_is_named_goes_into_the_build() -> None:
    """No `.env`, no database, no history: the list begins with everything."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {name for value in step("COPY", BUILD) for name in value.split()[:-1]}
    assert allowed == copied


def test_the_package_holds_everything_that_runs(tmp_path: Path) -> None:
    """Every file of its folders, templates of migrations too, the manifest, and nothing of the sandbox or the tests."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 -- our own words
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    folders = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(folders) == {
        name for value in step("COPY", BUILD) for name in value.split() if name != "./" and (ROOT / name).is_dir()
    }
    there = {path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()}
    of_folders = {str(path.relative_to(ROOT)) for path in there if "__pycache__" not in path.parts}
    assert held == of_folders | {"bot/manifest.yml"}
    with zipfile.ZipFile(wheel) as opened:
        assert opened.read("bot/manifest.yml") == (ROOT / "manifest.yml").read_bytes()
