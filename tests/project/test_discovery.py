from __future__ import annotations

import os
from pathlib import Path

import pytest

from batten.project.discovery import Discovery, absolute, discover
from batten.project.problem import Kind


def tree(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")


def found(root: Path, *paths: Path | str) -> list[str]:
    return relative(root, discover([str(path) for path in paths or (root,)]))


def relative(root: Path, discovery: Discovery) -> list[str]:
    return [Path(file).relative_to(root).as_posix() for file in discovery.files]


def test_python_files_of_a_folder_are_found_sorted(tmp_path):
    tree(tmp_path, "b.py", "a/z.py", "a/m.pyw", "a/notes.txt", "a/x.pyc", "c", "d.pyi")

    assert found(tmp_path) == ["a/m.pyw", "a/z.py", "b.py"]


def test_folders_of_tools_and_of_installed_packages_are_skipped(tmp_path):
    tree(
        tmp_path,
        ".git/hooks/x.py",
        ".venv/lib/x.py",
        "node_modules/gyp/x.py",
        "__pycache__/x.py",
        "build/lib/x.py",
        "myenv/pyvenv.cfg",
        "myenv/lib/x.py",
        "app.py",
    )

    assert found(tmp_path) == ["app.py"]


def test_a_package_is_source_whatever_its_name(tmp_path):
    tree(tmp_path, "build/__init__.py", "build/step.py")

    assert found(tmp_path) == ["build/__init__.py", "build/step.py"]


def test_a_skipped_folder_that_is_named_is_searched(tmp_path):
    tree(tmp_path, ".venv/lib/x.py")

    assert found(tmp_path, tmp_path / ".venv") == [".venv/lib/x.py"]


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path):
    tree(tmp_path, "script", ".venv/x.py", "ignored.py")
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    named = [tmp_path / name for name in ("script", ".venv/x.py", "ignored.py")]

    discovery = discover(map(str, named))

    assert relative(tmp_path, discovery) == [".venv/x.py", "ignored.py", "script"]
    assert discovery.named == {path.as_posix() for path in named}


def test_files_of_a_folder_are_not_named(tmp_path):
    tree(tmp_path, "a.py")

    assert discover([str(tmp_path)]).named == frozenset()


def test_a_file_given_twice_is_taken_once(tmp_path):
    tree(tmp_path, "a/x.py")

    assert found(tmp_path, tmp_path, tmp_path / "a", tmp_path / "a/x.py") == ["a/x.py"]


def test_a_path_that_does_not_exist_is_a_problem_and_the_rest_goes_on(tmp_path):
    tree(tmp_path, "a.py")

    discovery = discover([str(tmp_path / "gone.py"), str(tmp_path), str(tmp_path / "a.py/x")])

    assert relative(tmp_path, discovery) == ["a.py"]
    assert [(Path(each.path).name, each.kind) for each in discovery.problems] == [
        ("gone.py", Kind.MISSING),
        ("x", Kind.MISSING),
    ]


def test_a_path_that_no_file_system_takes_is_a_problem():
    (problem,) = discover(["a\0b"]).problems

    assert problem.kind is Kind.UNREADABLE


def test_loops_of_links_end(tmp_path):
    tree(tmp_path, "a/x.py")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "self.py").symlink_to(tmp_path / "self.py")

    assert found(tmp_path) == ["a/x.py"]


def test_a_loop_of_links_that_is_named_is_a_problem(tmp_path):
    loop = tmp_path / "self.py"
    loop.symlink_to(loop)

    (problem,) = discover([str(loop)]).problems

    assert problem.kind is Kind.UNREADABLE


def test_a_file_and_a_link_to_it_are_one_file(tmp_path):
    tree(tmp_path, "real/x.py")
    (tmp_path / "a.py").symlink_to(tmp_path / "real/x.py")

    assert found(tmp_path) == ["real/x.py"]


def test_a_link_to_a_file_elsewhere_is_followed(tmp_path):
    tree(tmp_path, "elsewhere/x.py", "here/y.py")
    (tmp_path / "here/link.py").symlink_to(tmp_path / "elsewhere/x.py")
    (tmp_path / "here/dangling.py").symlink_to(tmp_path / "gone.py")

    assert found(tmp_path, tmp_path / "here") == ["here/link.py", "here/y.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    tree(tmp_path, "a.py")

    assert found(tmp_path) == ["a.py"]


def test_a_folder_with_the_name_of_a_file_is_a_folder(tmp_path):
    tree(tmp_path, "x.py/inner.py")

    assert found(tmp_path) == ["x.py/inner.py"]


def test_paths_are_absolute_and_posix_style(tmp_path, monkeypatch):
    tree(tmp_path, "a/x.py", "b/y.py")
    monkeypatch.chdir(tmp_path / "a")

    assert discover([".", "../b/y.py"]).files == (f"{tmp_path}/a/x.py", f"{tmp_path}/b/y.py")
    assert absolute("..") == tmp_path.as_posix()


def test_git_ignored_files_are_left_out(tmp_path):
    tree(tmp_path, "a.py", "gen/b.py", "sub/gen/c.py", "sub/keep_pb2.py", "sub/x_pb2.py")
    (tmp_path / ".gitignore").write_text("gen/\n*_pb2.py\n!keep_pb2.py\n")

    assert found(tmp_path) == ["a.py", "sub/keep_pb2.py"]


def test_the_rules_of_an_inner_folder_come_first(tmp_path):
    tree(tmp_path, "x.py", "inner/x.py", "inner/y.py", "inner/deep/y.py")
    (tmp_path / ".gitignore").write_text("x.py\n")
    (tmp_path / "inner/.gitignore").write_text("!x.py\n/y.py\n")

    assert found(tmp_path) == ["inner/deep/y.py", "inner/x.py"]


def test_a_file_below_an_ignored_folder_is_not_brought_back(tmp_path):
    tree(tmp_path, "gen/keep.py", "a.py")
    (tmp_path / ".gitignore").write_text("gen/\n!gen/keep.py\n")

    assert found(tmp_path) == ["a.py"]


def test_the_rules_around_the_folder_hold_up_to_the_top_of_the_repository(tmp_path):
    tree(tmp_path, "repo/.git/HEAD", "repo/src/gen.py", "repo/src/a.py")
    (tmp_path / ".gitignore").write_text("a.py\n")  # outside the repository
    (tmp_path / "repo/.gitignore").write_text("/src/gen.py\n")

    assert found(tmp_path, tmp_path / "repo/src") == ["repo/src/a.py"]


def test_an_ignored_folder_that_is_named_is_searched(tmp_path):
    tree(tmp_path, ".git/HEAD", "out/x.py", "out/sub/y.py")
    (tmp_path / ".gitignore").write_text("out\n")

    assert found(tmp_path, tmp_path / "out") == ["out/sub/y.py", "out/x.py"]


def test_a_pattern_that_can_not_be_read_costs_only_itself(tmp_path):
    tree(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_bytes(b"\xff\xfe[\n//\n!\nb.py\n")

    assert found(tmp_path) == ["a.py"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_folder_that_can_not_be_entered_is_a_problem(tmp_path):
    tree(tmp_path, "closed/x.py", "a.py")
    (tmp_path / "closed").chmod(0)
    try:
        discovery = discover([str(tmp_path)])
    finally:
        (tmp_path / "closed").chmod(0o700)

    assert relative(tmp_path, discovery) == ["a.py"]
    assert [problem.kind for problem in discovery.problems] == [Kind.UNREADABLE]
