"""python django_reporter.py REPORT FILES ARGUMENTS...: the test command of a Django project, with these arguments, and with a
line of JSON for each test, named as the runner names it, in the file REPORT. The file FILES has a JSON array of the
files whose tests alone are to run, or null for all."""

import json
import os
import sys
import unittest

import distributed_test_django_hook as hook
from unittest_results import Reporting

pid = os.getpid()
target, root = None, os.getcwd()


def say(test, name, status, message):
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


class Telling(Reporting):
    def _say(self, test, name, status, message):
        say(test, name, status, message)

    def _name(self, test):
        return hook.name_of(test)


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
            return type("Result", (Telling, own), {"_counts": hook.counts_unexpected_successes(runner)})

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
