"""python unittest_reporter.py REPORT EXCEPT ARGUMENTS...: `python -m unittest ARGUMENTS...` with a line of JSON for each
test, named as the unittest runner names it, appended to the file REPORT. Files that fit the pattern EXCEPT are left out."""

import fnmatch
import json
import os
import sys
import unittest

from unittest_results import Reporting

report = open(sys.argv[1], "a", encoding="utf-8")
pid = os.getpid()


def say(test, name, status, message):
    if os.getpid() != pid:
        return  # a child that came back from a fork
    file = getattr(test, "_distributed_test_file", None)
    if type(test).__name__ in ("_FailedTest", "ModuleSkipped"):
        # A module as a whole, by the name that it has from the directory which discovery has put first.
        path = os.path.join(sys.path[0], *test._testMethodName.split(".")) + ".py"
        file, group, name = os.path.relpath(path) if os.path.isfile(path) else None, "", "(file)"
    elif isinstance(test, unittest.TestCase) and file:
        group = "%s.%s" % (os.path.splitext(file)[0].replace(os.sep, "."), type(test).__qualname__)
    elif isinstance(test, unittest.TestCase):
        group = "%s.%s" % (type(test).__module__, type(test).__qualname__)
    else:
        group = ""  # a fixture of a class or a module
    report.write(json.dumps({"file": file, "group": group, "name": name, "status": status,
                             "message": str(message)[:4000]}) + "\n")
    report.flush()


class Loader(unittest.TestLoader):
    """Notes by which file a test came: its class may be defined in another."""

    def _match_path(self, path, full_path, pattern):
        return super()._match_path(path, full_path, pattern) and not fnmatch.fnmatch(path, sys.argv[2])

    def loadTestsFromModule(self, module, *args, **kwargs):
        suite = super().loadTestsFromModule(module, *args, **kwargs)
        file = getattr(module, "__file__", None)
        self._note(suite, os.path.relpath(file) if file else None)
        return suite

    def _note(self, suite, file):
        for each in suite:
            if isinstance(each, unittest.TestSuite):
                self._note(each, file)
            elif not hasattr(each, "_distributed_test_file"):
                each._distributed_test_file = file


class Result(Reporting, unittest.TextTestResult):
    def _say(self, test, name, status, message):
        say(test, name, status, message)


class Runner(unittest.TextTestRunner):
    resultclass = Result


if __name__ == "__main__":
    sys.path[0] = ""  # the working directory, as `python -m unittest` has it
    unittest.main(module=None, argv=["python -m unittest"] + sys.argv[3:], testRunner=Runner, testLoader=Loader())
