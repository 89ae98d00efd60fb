"""python django_reporter.py REPORT FILES ARGUMENTS...: the test command of a Django project, with these arguments, and with a
line of JSON for each test, named as the runner names it, in the file REPORT. The file FILES has a JSON array of the
files whose tests alone are to run, or null for all."""

import json
import os
import sys
import unittest

import distributed_test_django_hook as hook

pid = os.getpid()
target, root = None, os.getcwd()


def say(test, name, status, message=""):
    if os.getpid() != pid:
        return  # a child that came back from a fork
    group, file = "", hook.file_of(test) if isinstance(test, unittest.TestCase) else fixtures_file(name)
    file = os.path.relpath(file, root) if file else None
    if hook.is_whole(test):
        name = "(file)"
    elif isinstance(test, unittest.TestCase):
        group = hook.group_of(test, file)
    else:
        group = file or ""
    with open(target, "a", encoding="utf-8") as report:
        report.write(json.dumps({"file": file, "group": group, "name": name, "status": status,
                                 "message": str(message)[:4000]}) + "\n")


def fixtures_file(name):
    """The file of a fixture of a class or a module, such as `setUpClass (shop.tests.ATest)`."""
    at = name.rpartition("(")[2].rstrip(")")
    while at and at not in sys.modules:
        at = at.rpartition(".")[0]
    file = getattr(sys.modules.get(at), "__file__", None)
    return os.path.abspath(file) if file else None


class Reporting:
    """What a result is besides that of the project's test runner."""

    _outcome = None
    _subtests = 0

    def startTest(self, test):
        super().startTest(test)
        self._outcome = None
        self._subtests = 0

    def stopTest(self, test):
        super().stopTest(test)
        outcome = self._outcome or (None if self._subtests else ("passed", ""))
        if outcome:
            say(test, hook.name_of(test), *outcome)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._set(test, "failed", err[1])

    def addError(self, test, err):
        super().addError(test, err)
        self._set(test, "error", err[1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._set(test, "skipped", reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._set(test, "skipped", "expected failure")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        if self._counts:
            self._set(test, "failed", "unexpected success")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._subtests += 1
            status = "failed" if issubclass(err[0], test.failureException) else "error"
            say(test, "%s %s" % (hook.name_of(test), subtest._subDescription()), status, err[1])

    def _set(self, test, status, message):
        if not isinstance(test, unittest.TestCase) or not hasattr(test, "_testMethodName"):
            say(test, hook.name_of(test), status, message)
        elif type(test).__name__ == "_SubTest":
            say(test.test_case, "%s %s" % (hook.name_of(test.test_case), test._subDescription()), status, message)
        elif self._outcome is None or status == "error":
            self._outcome = (status, message)


class Command:
    def __init__(self, files):
        self._files = files and {os.path.realpath(each) for each in files}
        self._built = False

    def attach(self, runner):
        if self._built:
            return  # one that a test has made
        build, result_class = runner.build_suite, runner.get_resultclass

        def built(*args, **kwargs):
            self._built = True
            runner.interactive = False
            with hook.noting():
                suite = build(*args, **kwargs)
            return suite if self._files is None else self._chosen(runner, suite)

        def reporting():
            own = result_class() or getattr(runner.test_runner, "resultclass", None) or unittest.TextTestResult
            return type("Result", (Reporting, own), {"_counts": hook.counts_unexpected_successes(runner)})

        runner.build_suite, runner.get_resultclass = built, reporting

    def _chosen(self, runner, suite):
        chosen = runner.test_suite()
        files = [(test, hook.file_of(test)) for test in hook.flat(suite)]
        chosen.addTests(test for test, file in files if file and os.path.realpath(file) in self._files)
        return chosen


if __name__ == "__main__":
    target, words = os.path.abspath(sys.argv[1]), sys.argv[3:]
    with open(sys.argv[2], encoding="utf-8") as chosen:
        only = json.load(chosen)
    hook.run(hook.command(words), Command(only).attach)
