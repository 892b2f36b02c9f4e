from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from batten.project import engine_identity
from batten.project.engine_identity import engine_mark

if TYPE_CHECKING:
    from pathlib import Path

RECORD = (
    "batten/cli/main.py,sha256={},10\nbatten/__pycache__/x.cpython-311.pyc,,\n../bin/batten,,\n"
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed Batten of version 1.2 in a folder of its own."""
    package = tmp_path / "batten"
    (package / "project").mkdir(parents=True)
    (package / "project" / "engine_identity.py").write_text("")
    (package / "model.toml").write_text("a = 1\n")
    monkeypatch.setattr(engine_identity, "__file__", str(package / "project/engine_identity.py"))
    monkeypatch.setattr(engine_identity, "__version__", "1.2")
    return package


def record(package: Path, digest: str, version: str = "1.2") -> None:
    folder = package.with_name(f"batten-{version}.dist-info")
    folder.mkdir(exist_ok=True)
    (folder / "RECORD").write_text(RECORD.format(digest))


def test_the_same_engine_has_the_same_mark():
    assert engine_mark() == engine_mark()


@pytest.mark.parametrize("name", ["model.toml", "project/engine_identity.py"])
def test_in_a_checkout_a_changed_file_makes_another_engine(package, name):
    before = engine_mark()
    (package / name).write_text("changed\n")
    assert engine_mark() != before


def test_in_a_checkout_a_new_file_makes_another_engine(package):
    before = engine_mark()
    (package / "models.py").write_text("")
    assert engine_mark() != before


def test_bytecode_makes_no_other_engine(package):
    before = engine_mark()
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "model.cpython-311.pyc").write_bytes(b"x")
    assert engine_mark() == before


def test_what_is_installed_again_is_the_same_engine(package):
    record(package, "one")
    before = engine_mark()
    (package / "model.toml").touch()
    (package / "model.toml").write_text("a = 1\n")
    record(package, "one")
    assert engine_mark() == before


def test_what_is_installed_anew_with_other_files_is_another_engine(package):
    record(package, "one")
    before = engine_mark()
    record(package, "two")
    assert engine_mark() != before


def test_the_list_of_another_version_does_not_count(package):
    before = engine_mark()
    record(package, "one", version="1.1")
    assert engine_mark() == before


def test_another_python_is_another_engine(monkeypatch):
    before = engine_mark()
    monkeypatch.setattr(sys, "version", "3.99")
    assert engine_mark() != before


@pytest.mark.parametrize("name", ["tree_sitter", "tree_sitter_python", "libcst", "pathspec"])
def test_another_version_of_a_library_is_another_engine(package, tmp_path, monkeypatch, name):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    info = tmp_path / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "RECORD").write_text(f"{name}/__init__.py,sha256=x,0\n")
    before = engine_mark()
    assert before == engine_mark()
    info.rename(tmp_path / f"{name}-2.0.dist-info")
    assert engine_mark() != before


def test_no_library_is_loaded_for_it():
    code = (
        "import sys; from batten.project.engine_identity import *; engine_mark();"
        "assert not [name for name in LIBRARIES if name in sys.modules]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
