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

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector):
        if not isinstance(collector, pytest.File) or isinstance(collector, pytest.Package):
            return None
        # "fspath" is what pytest 6 has.
        self.files.add(os.path.realpath(str(getattr(collector, "path", None) or collector.fspath)))
        return pytest.CollectReport(collector.nodeid, "passed", None, [])


def main(target, args):
    lister = Lister()
    code = int(pytest.main(["--collect-only", "-q"] + args, plugins=[lister]))
    with open(target, "w", encoding="utf-8") as answer:
        json.dump(sorted(lister.files), answer)
    return 0 if code == 5 else code  # 5: no tests, since none was asked for its own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
