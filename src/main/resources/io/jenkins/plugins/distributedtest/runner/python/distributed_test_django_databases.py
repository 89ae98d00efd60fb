"""The test databases of a worker: names of its own, and the content that Django's order of tests gives to each file.

Django runs tests of TestCase, which leave no trace, before all others, which leave databases emptied or otherwise changed.
A worker gets files one by one, so a file with tests of TestCase may follow one with others: then its databases are put back
to what they were when they were made.
"""

import contextlib
import sqlite3


class Databases:
    def __init__(self, slot):
        self._slot = slot
        self._named = False
        self._config = []
        self._copies = []
        self._fresh = True

    def make(self, runner, set_up, tear_down):
        """Makes them. Returns what Django's runner returns of it.

        set_up: the runner's way; tear_down: the runner's way, a function of that"""
        def again():
            kept, runner.keepdb = getattr(runner, "keepdb", False), False
            try:
                tear_down(self._config)
                return set_up()
            finally:
                runner.keepdb = kept

        if not self._named and not self._slot.alone:
            _name_apart(str(self._slot))
        self._named = True
        self._again, self._runner = again, runner
        self._config = set_up()
        return self._config

    def keep(self):
        """Keeps what is in them, where the database can copy itself."""
        for connection in self._connections():
            kind = COPIES.get(connection.vendor)
            copy = kind(connection) if kind else None
            if copy is None or not copy.made:
                self.forget()
                return
            self._copies.append(copy)

    def forget(self):
        """Nothing is put back any more; where the databases stay (--keepdb) that is done for the last time."""
        if self._copies and getattr(self._runner, "keepdb", False):
            self.put_back()
        for copy in self._copies:
            copy.drop()
        self._copies = []

    def put_back(self):
        """As they were when they were made."""
        if self._fresh or not self._config:
            return
        for copy in self._copies:
            copy.put_back()
        if not self._copies:
            self._config = self._again()
        self._fresh = True

    def empty(self):
        """As a test of TransactionTestCase leaves them."""
        from django.core.management import call_command

        if self._fresh:
            for connection in self._connections():
                call_command("flush", verbosity=0, interactive=False, database=connection.alias, reset_sequences=False,
                             allow_cascade=False, inhibit_post_migrate=False)
        self._fresh = False

    @contextlib.contextmanager
    def watched(self):
        """Notes whether they are used meanwhile."""
        def note(execute, sql, params, many, context):
            self._fresh = False
            return execute(sql, params, many, context)

        with contextlib.ExitStack() as stack:
            for connection in self._connections():
                stack.enter_context(connection.execute_wrapper(note))
            yield

    def _connections(self):
        return [connection for connection, _, is_first in self._config if is_first]


class _Sqlite:
    """A copy in memory."""

    made = True

    def __init__(self, connection):
        self._connection = connection
        self._copy = sqlite3.connect(":memory:")
        connection.ensure_connection()
        connection.connection.backup(self._copy)

    def put_back(self):
        self._connection.ensure_connection()
        self._copy.backup(self._connection.connection)

    def drop(self):
        self._copy.close()


class _Postgresql:
    """Another database, which is the template of the one that it is put back to."""

    ENDING = "_made"
    LONGEST = 63  # what is longer is cut

    def __init__(self, connection):
        from django.db import Error

        self._connection = connection
        self._name = connection.settings_dict["NAME"]
        self._copy = self._name + self.ENDING
        # A thread of a test may have left a connection, which Django's own command meets at the end only.
        self._force = " WITH (FORCE)" if connection.pg_version >= 130000 else ""
        self.made = len(self._copy.encode("utf-8")) <= self.LONGEST
        if self.made:
            try:
                self._replace(self._copy, self._name)
            except Error as e:
                self.made = False
                print("distributed-test: no copy of the test database %s, so it is made anew after tests that change it: %s" % (
                    self._name, e))

    def put_back(self):
        self._replace(self._name, self._copy)

    def drop(self):
        self._execute("DROP DATABASE IF EXISTS %s", self._copy)

    def _replace(self, name, template):
        self._connection.close()  # nobody may be connected to a template
        self._execute("DROP DATABASE IF EXISTS %s" + self._force, name)
        self._execute("CREATE DATABASE %s WITH TEMPLATE %s", name, template)

    def _execute(self, sql, *names):
        with self._connection.creation._nodb_cursor() as cursor:
            cursor.execute(sql % tuple(self._connection.ops.quote_name(each) for each in names))


COPIES = {"sqlite": _Sqlite, "postgresql": _Postgresql}


def _name_apart(suffix):
    """Names as Django's own parallel processes have them. In-memory databases are each process's own."""
    from django.db import connections

    for alias in connections:
        connection = connections[alias]
        test = connection.settings_dict["TEST"]
        if test.get("MIRROR"):
            continue
        creation = connection.creation
        name = creation._get_test_db_name()
        if connection.vendor == "sqlite" and creation.is_in_memory_db(name):
            continue
        own = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = name
        try:
            test["NAME"] = creation.get_test_db_clone_settings(suffix)["NAME"]
        finally:
            connection.settings_dict["NAME"] = own
