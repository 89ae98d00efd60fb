"""What tells a worker from the others of its host, for tests and plugins that know it by pytest-xdist: names of databases
and files, ports. A worker is a process of xdist's (gw0 for the first slot) where the project's own command has such
(-n); otherwise its tests see no xdist, as they see none there, and only the names of Django's test databases differ."""

import os


def separate(slot):
    """Variables as xdist's processes have them."""
    os.environ["PYTEST_XDIST_WORKER"] = _name(slot)
    os.environ["PYTEST_XDIST_WORKER_COUNT"] = str(slot.count)
    os.environ["PYTEST_XDIST_TESTRUNUID"] = slot.run


def register(pytest, config, slot, xdist):
    """Adds fixtures that take the place of the plugins' own, but not of the project's. To be called when the plugins are
    loaded.

    xdist: whether the project's own command starts processes of xdist's"""
    if xdist:
        config.pluginmanager.register(_of_xdist(pytest, slot), "distributed-test-xdist")
    if config.pluginmanager.hasplugin("django") and (xdist or not slot.alone):
        config.pluginmanager.register(_of_django(pytest, slot), "distributed-test-django")


class Slot:
    """number: the first is 1; count: how many the listener has"""

    def __init__(self, number, count):
        self.number = int(number)
        self.count = count
        self.run = os.environ.get("DISTRIBUTED_TEST_MARKER", "").split("/")[0].replace("-", "")

    @property
    def alone(self):
        """Listeners of one host have slots of different numbers."""
        return self.count == 1 and self.number == 1

    def __str__(self):
        return str(self.number)


def _name(slot):
    return "gw%d" % (slot.number - 1)


def _of_xdist(pytest, slot):
    class Fixtures:
        @pytest.fixture(scope="session")
        def worker_id(self):
            return _name(slot)

        @pytest.fixture(scope="session")
        def testrun_uid(self):
            return slot.run

    return Fixtures()


def _of_django(pytest, slot):
    class Fixtures:
        @pytest.fixture(scope="session")
        def django_db_modify_db_settings_xdist_suffix(self):
            from pytest_django.lazy_django import skip_if_no_django
            skip_if_no_django()
            _suffix_test_databases(slot)

    return Fixtures()


def _suffix_test_databases(slot):
    """As pytest-django does it for xdist's processes."""
    from django.conf import settings

    for database in settings.DATABASES.values():
        test = database.setdefault("TEST", {})
        name = test.get("NAME")
        if not name and not database["ENGINE"].endswith(".sqlite3"):  # whose test database is in memory
            name = "test_%s" % database["NAME"]
        if name and name != ":memory:":
            test["NAME"] = "%s_%s" % (name, slot)
