"""Django's own test command, once per worker: where its test runner would run the suite, files are run as they come.

So settings, test environment, databases, system checks and the end are those of the project's command and of its
TEST_RUNNER; the suite is the whole one, of which each file has those tests that came by it.
"""

import faulthandler
import importlib
import os
import unittest

import distributed_test_django_hook as hook
import distributed_test_pytest_slots as slots
import distributed_test_unittest as plain
import distributed_test_worker as worker
from distributed_test_django_databases import Databases


class Adapter:
    def load_framework(self):
        faulthandler.enable()

    def configure(self, args):
        try:
            self._words = hook.command(args)
        except hook.NoCommand as e:
            raise worker.SetupFailed(str(e))

    def preload(self, file):
        importlib.import_module(os.path.splitext(os.path.relpath(file))[0].replace(os.sep, "."))

    def started(self, slot, count):
        self._slot = slots.Slot(slot, count)

    def serve(self, files, printed):
        """Runs the worker's files. Returns what failed after the last.

        printed: gives what was printed since the last case"""
        session = _Session(files, Databases(self._slot))
        why = None
        try:
            hook.run(self._words, session.attach)
        except SystemExit as e:
            code = worker.exit_code(e)
            if code or not session.served:
                why = "`%s` ended with exit code %d: %s" % (" ".join(self._words), code, _said(e, printed))
        except Exception as e:  # project code may raise anything
            why = "`%s` failed: %s" % (" ".join(self._words), worker.explain(e))
        if session.served:
            return [why] if why else []
        files(lambda file, recorder: recorder.problem(why or _unknown(self._words)))
        return []


def _said(error, printed):
    return "\n".join(each for each in (str(error.code) if isinstance(error.code, str) else "", printed().strip()) if each)


def _unknown(words):
    return ("`%s` has run no suite by Django's DiscoverRunner (a runner of its own in TEST_RUNNER, or another process)"
            % " ".join(words))


class _Session:
    """Stands in for methods of the project's test runner."""

    def __init__(self, files, databases):
        self.served = False
        self._files = files
        self._databases = databases

    def attach(self, runner):
        if self.served:
            return  # one that a test has made
        build, result_class = runner.build_suite, runner.get_resultclass
        set_up, tear_down = runner.setup_databases, runner.teardown_databases
        run_suite, arguments = runner.run_suite, runner.get_test_runner_kwargs

        def built(*args, **kwargs):
            # Asked of the whole suite, or of somebody who sits there.
            runner.parallel, runner.interactive, runner.failfast, runner.pdb = 1, False, False, False
            with hook.noting() as self._loaded:
                return build(*args, **kwargs)

        runner.build_suite = built
        runner.setup_databases = lambda *args, **kwargs: self._databases.make(
            runner, lambda: set_up(*args, **kwargs), tear_down)
        runner.teardown_databases = lambda *args, **kwargs: (self._databases.forget(), tear_down(*args, **kwargs))[1]
        runner.get_resultclass = lambda: self._result_class(runner, result_class())
        runner.get_test_runner_kwargs = lambda: _quiet(runner, arguments())
        runner.run_suite = lambda suite, **kwargs: self._serve(runner, lambda part: run_suite(part, **kwargs), suite)

    def _result_class(self, runner, own):
        own = own or getattr(runner.test_runner, "resultclass", None) or unittest.TextTestResult
        return type("Result", (_Reporting, own), {
            "_recorder": self._recorder, "_counts": self._counts, "reported": False})

    def _serve(self, runner, run_suite, suite):
        self.served = True
        self._counts = hook.counts_unexpected_successes(runner)
        tests = _Tests(suite, self._loaded)
        if tests.mixed:
            self._databases.keep()

        def run_file(file, recorder):
            self._recorder = recorder
            runs = _FileRuns(runner, run_suite, self._databases, recorder)
            runs.run(tests.of(file, recorder), tests.first_changing)

        self._recorder = None
        self._files(run_file)
        return run_suite(runner.test_suite())  # the runner's own kind of result, of no test


def _quiet(runner, arguments):
    """What the runner says of tests is told in other ways."""
    if issubclass(runner.test_runner, unittest.TextTestRunner):
        arguments = dict(arguments, stream=open(os.devnull, "w", encoding="utf-8"))
    return arguments


class _Tests:
    """The suite by files."""

    def __init__(self, suite, loaded):
        from django.test import TestCase

        self._loaded = loaded
        self._by_file = {}
        self.first_changing = None
        kinds = set()
        for test in hook.flat(suite):
            file = hook.file_of(test)
            self._by_file.setdefault(os.path.realpath(file) if file else None, []).append(test)
            kinds.add(isinstance(test, TestCase))
            if self.first_changing is None and _changes(test):
                self.first_changing = test
        self.mixed = len(kinds) == 2

    def of(self, file, recorder):
        """Those of a file that are to be run. What stands for the whole file is told at once."""
        path = os.path.realpath(file)
        tests = self._by_file.pop(path, [])
        if not tests and path not in self._loaded:
            raise worker.SetupFailed(
                "%s has no test of the project's own command: Django's discovery does not come to it" % file)
        for test in tests:
            if hook.is_whole(test):
                _tell_whole(test, file, recorder)
        return [each for each in tests if not hook.is_whole(each)]


def _changes(test):
    """Whether it leaves databases emptied."""
    from django.test import TestCase, TransactionTestCase

    return isinstance(test, TransactionTestCase) and not isinstance(test, TestCase)


def _tell_whole(test, file, recorder):
    skipped = getattr(getattr(test, test._testMethodName), "__unittest_skip_why__", None)
    if skipped is None:
        recorder.problem("%s does not load: %s" % (file, str(getattr(test, "_exception", test)).strip()))
    else:
        recorder.test_case(file, os.path.splitext(file)[0].replace("/", "."), 0, "skipped", message=skipped)


class _FileRuns:
    """Runs the tests of a file by the project's test runner."""

    def __init__(self, runner, run_suite, databases, recorder):
        self._runner = runner
        self._run_suite = run_suite
        self._databases = databases
        self._recorder = recorder

    def run(self, tests, first_changing):
        from django.test import TestCase

        safe = [each for each in tests if isinstance(each, TestCase)]
        others = [each for each in tests if not isinstance(each, TestCase)]
        if safe:
            self._databases.put_back()
            self._part(safe)
        if others:
            if any(_changes(each) for each in others) and first_changing not in others:
                self._databases.empty()  # as those before them in Django's order leave them
            with self._databases.watched():
                self._part(others)

    def _part(self, tests):
        suite = self._runner.test_suite()
        suite.addTests(tests)
        result = self._run_suite(suite)
        if not getattr(result, "reported", False):
            self._recorder.problem("%s reports its tests by no result class that it was given (get_resultclass)" % (
                type(self._runner).__name__))
        failures = self._runner.suite_result(suite, result)
        if failures and not self._recorder.troubled():
            self._recorder.problem("The test runner counts %s failed tests in this file, but no failure of it was"
                                   " reported" % failures)


class _Reporting(plain.Reporting):
    """Tells the names that Django tells."""

    def startTest(self, test):
        self.reported = True
        super().startTest(test)

    def addError(self, test, err):
        self.reported = True
        super().addError(test, err)

    def addSkip(self, test, reason):
        self.reported = True
        super().addSkip(test, reason)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        if not self._counts:
            self._outcome = None  # which passes, as this Django has it

    def _name(self, test):
        return hook.name_of(test)

    def _group(self, test):
        return hook.group_of(test, self._recorder.file) if isinstance(test, unittest.TestCase) else self._recorder.file
