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
        self._stores = None
        self._fresh = True

    def make(self, set_up, tear_down):
        """Makes them. Returns what Django's runner returns of it.

        set_up: the runner's way; tear_down: the runner's way, a function of that"""
        if not self._named and not self._slot.alone:
            _name_apart(str(self._slot))
        self._named = True
        self._again = lambda: (tear_down(self._config), set_up())[1]
        self._config = set_up()
        return self._config

    def keep(self):
        """Keeps what is in them, where that is cheap."""
        made = self._connections()
        if all(each.vendor == "sqlite" for each in made):
            self._stores = [(each, _copied(each)) for each in made]

    def put_back(self):
        """As they were when they were made."""
        if self._fresh or not self._config:
            return
        if self._stores is not None:
            for connection, store in self._stores:
                connection.ensure_connection()
                store.backup(connection.connection)
        else:
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


def _copied(connection):
    connection.ensure_connection()
    store = sqlite3.connect(":memory:")
    connection.connection.backup(store)
    return store


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
