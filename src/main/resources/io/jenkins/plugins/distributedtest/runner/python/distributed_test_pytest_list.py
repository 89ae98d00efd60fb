"""Writes the files that `pytest` without arguments would collect, as a JSON array, to the file that is named first. The
rest of the arguments are pytest's.

pytest itself looks through the directories, with the project's configuration, plugins and conftest files, so that
testpaths, python_files, doctests and files of other kinds count as they do there. No test module is imported.
"""

import json
import os
import sys

sys.path.pop(0)  # this script's directory, which the pytest command does not have either

try:
    import pytest
except ImportError as e:
    sys.exit("pytest is not installed for %s (package pytest: %s)" % (sys.executable, e))


class Lister:
    def __init__(self):
        self.files = set()
        self._modules = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector):
        if not isinstance(collector, pytest.File) or isinstance(collector, pytest.Package):
            return None
        # "fspath" is what pytest 6 has.
        path = os.path.realpath(str(getattr(collector, "path", None) or collector.fspath))
        self.files.add(path)
        # Projects have modules of their own kind, for files of data: none of those is imported.
        if isinstance(collector, pytest.Module) and path.endswith(".py") and _shares_names(collector.config):
            self._modules.setdefault(_module(path), set()).add(path)
        return pytest.CollectReport(collector.nodeid, "passed", None, [])

    def mismatches(self):
        """Files that pytest does not import, since another one has their module's name, each with that one."""
        return [(each, files[0]) for files in map(sorted, self._modules.values()) for each in files[1:]]


def _shares_names(config):
    """Whether modules are imported by names that files of two directories may share."""
    try:
        if config.getini("consider_namespace_packages"):
            return False
    except ValueError:
        pass  # an older pytest
    return (config.getoption("importmode", "prepend") in ("prepend", "append")
            and os.environ.get("PY_IGNORE_IMPORTMISMATCH") != "1")


def _module(path):
    """The name that pytest imports a file by: below the uppermost directory of the package that it is in."""
    directory, name = os.path.split(path)
    names = [os.path.splitext(name)[0]]
    while os.path.isfile(os.path.join(directory, "__init__.py")):
        directory, name = os.path.split(directory)
        names.insert(0, name)
    return ".".join(names)


def main(target, args):
    lister = Lister()
    code = int(pytest.main(["--collect-only", "-q"] + args, plugins=[lister]))
    mismatches = lister.mismatches()
    if mismatches:
        sys.exit("import file mismatch: pytest would import %s under one name each, so it collects no more than the"
                 " first and fails. Rename them, add __init__.py to their directories, or use --import-mode=importlib."
                 % "; ".join("%s and %s" % (os.path.relpath(other), os.path.relpath(each)) for each, other in mismatches))
    with open(target, "w", encoding="utf-8") as answer:
        json.dump(sorted(lister.files), answer)
    return 0 if code == 5 else code  # 5: no tests, since none was asked for its own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
