"""Install the peers of ``peers.toml`` under ``.peers/``, each in an environment of its own.

usage: python benchmarks/install_peers.py [--again] [NAME ...]

A peer that does not install is reported with the reason, which the tables repeat; the others go on.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import venv

from measuring.peers import Environment, environments

TIMEOUT = 1800.0


def install(environment: Environment) -> None:
    """Make the environment anew. Raises RuntimeError, OSError or TimeoutExpired."""
    shutil.rmtree(environment.folder, ignore_errors=True)
    environment.folder.mkdir(parents=True)
    if environment.language == "node":
        _install_node(environment)
    else:
        _install_python(environment)
    if environment.locale:
        _compile_locale(environment, environment.locale)
    environment.stamp.write_text(environment.specification, encoding="utf-8")


def _install_python(environment: Environment) -> None:
    venv.create(environment.folder, with_pip=True)
    pip = [environment.program, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    prerelease = ["--pre"] if environment.prerelease else []
    _run([*pip, *prerelease, *environment.packages])
    if environment.packages_alone:
        _run([*pip, "--no-deps", *environment.packages_alone])


def _install_node(environment: Environment) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm was not found")
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    _run([npm, "install", "--prefix", str(environment.folder), *quiet, *environment.packages])


def _compile_locale(environment: Environment, name: str) -> None:
    localedef = shutil.which("localedef")
    if localedef is None:
        raise RuntimeError(f"localedef was not found, and it needs the locale {name}")
    language, charset = name.split(".")
    folder = environment.folder / "locale"
    folder.mkdir()
    _run([localedef, "-i", language, "-f", charset, str(folder / name)])


def _run(command: list[str]) -> None:
    """Run a command quietly; its last complaint becomes the reason of a RuntimeError."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if line.lower().startswith(("error", "npm error"))]
        raise RuntimeError((errors or lines or [f"exit status {done.returncode}"])[-1])


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Install the peers of peers.toml under .peers/.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these environments")
    parser.add_argument("--again", action="store_true", help="also those that are installed")
    options = parser.parse_args()
    known = environments()
    unknown = sorted(set(options.names) - set(known))
    if unknown:
        parser.error(f"no such environment: {', '.join(unknown)} (known: {', '.join(known)})")
    os.nice(10)
    failed = 0
    for name in options.names or known:
        environment = known[name]
        if environment.why_not() is None and not options.again:
            print(f"{name}: installed")
            continue
        print(f"{name}: installing", flush=True)
        try:
            install(environment)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            failed += 1
            environment.folder.mkdir(parents=True, exist_ok=True)
            environment.failure.write_text(f"did not install: {error}", encoding="utf-8")
            print(f"{name}: did not install: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
