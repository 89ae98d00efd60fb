"""What a result of unittest's is besides itself, for the reporters of unittest and of Django's test runner."""

import unittest


class Reporting:
    """Tells each test as it ends, by `_say`, which is the reporter's."""

    # Whether a test that passes though it is marked as an expected failure has failed.
    _counts = True
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
            self._say(test, self._name(test), *outcome)

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
            self._say(test, "%s %s" % (self._name(test), subtest._subDescription()), status, err[1])

    def _set(self, test, status, message):
        if not isinstance(test, unittest.TestCase) or not hasattr(test, "_testMethodName"):
            self._say(test, self._name(test), status, message)
        elif type(test).__name__ == "_SubTest":
            name = "%s %s" % (self._name(test.test_case), test._subDescription())
            self._say(test.test_case, name, status, message)
        elif self._outcome is None or status == "error":
            self._outcome = (status, message)

    def _name(self, test):
        return getattr(test, "_testMethodName", None) or str(test)
