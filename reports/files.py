"""Files that are written whole or not at all, and folders that have to be there."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def in_folder(path: Path | str) -> Path:
    """The path, in a folder that is there. Raises FileNotFoundError that names the folder."""
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(path.parent))
    return path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside ``path`` that takes its place when the block ends, or is removed if it fails.

    Raises OSError at once where the folder is not there or cannot be written.
    """
    descriptor, name = tempfile.mkstemp(suffix=path.suffix, prefix=".", dir=in_folder(path).parent)
    os.close(descriptor)
    try:
        yield Path(name)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
