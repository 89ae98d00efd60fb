package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Django projects without pytest and without a configuration: what runs is what {@code manage.py test} runs, by the project's
 * own test runner, and each worker has databases of its own.
 */
class DjangoCompareTest extends CompareFixture {
    private static final String SQLITE =
            "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': '%s.db', 'TEST': {'NAME': 'test_%s.db'}}";

    @BeforeEach
    void writeProject() throws Exception {
        needs("python3", "-c", "import django");
        write("manage.py", """
                import os
                import sys

                if __name__ == "__main__":
                    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
                    from django.core.management import execute_from_command_line
                    execute_from_command_line(sys.argv)
                """);
        writeSettings("");
        write("urls.py", "urlpatterns = []\n");
        write("shop/__init__.py", "");
        write("shop/models.py", """
                from django.db import models

                class Product(models.Model):
                    name = models.TextField()
                """);
        write("shop/migrations/__init__.py", "");
        writeMigration(
                "apps.get_model('shop', 'Product').objects.using(schema_editor.connection.alias).create(name=NAME)");
    }

    private void writeSettings(String more) throws IOException {
        write("site_settings.py", """
                import sys
                SECRET_KEY = "none"
                INSTALLED_APPS = ["shop"]
                DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
                DATABASES = {"default": %s, "other": %s}
                ROOT_URLCONF = "urls"
                STATIC_URL = "/static/"
                TESTING = "test" in sys.argv
                %s
                """.formatted(
                        SQLITE.formatted("shop", "shop"), SQLITE.formatted("other", "other"), more));
    }

    private void writeMigration(String data) throws IOException {
        write("shop/migrations/0001_initial.py", """
                from django.db import migrations, models

                NAME = "of the migration"

                def first(apps, schema_editor):
                    %s

                class Migration(migrations.Migration):
                    initial = True
                    operations = [
                        migrations.CreateModel("Product", [("id", models.AutoField(primary_key=True)), ("name", models.TextField())]),
                        migrations.RunPython(first),
                    ]
                """.formatted(data));
    }

    /** Four files whose tests would see each other's rows if they met. */
    private void writeTests() throws IOException {
        write("shop/tests/__init__.py", "");
        for (String name : List.of("a", "b", "c", "d")) {
            write("shop/tests/test_%s.py".formatted(name), """
                    import unittest
                    from django.conf import settings
                    from django.test import LiveServerTestCase, SimpleTestCase, TestCase, TransactionTestCase, tag
                    from shop.models import Product
                    from urllib.error import HTTPError
                    from urllib.request import urlopen

                    class RowsTest(TestCase):
                        databases = {"default", "other"}

                        def test_rows_of_migrations_are_there(self):
                            self.assertEqual(["of the migration"], [each.name for each in Product.objects.all()])
                            self.assertEqual(1, Product.objects.using("other").count())

                        def test_numbers_go_on(self):
                            self.assertEqual(2, Product.objects.create(name="mine").pk)

                        def test_fails(self):
                            self.fail("as it should")

                    class ManyTest(TransactionTestCase):
                        def test_is_alone(self):
                            before = Product.objects.count()
                            for each in range(20):
                                Product.objects.create(name="mine")
                            self.assertEqual(before + 20, Product.objects.count())

                        def test_parts(self):
                            for part in range(3):
                                with self.subTest(part=part):
                                    self.assertNotEqual(1, part)

                        @unittest.expectedFailure
                        def test_is_known_to_fail(self):
                            self.fail()

                        @unittest.expectedFailure
                        def test_passes_unexpectedly(self):
                            pass

                        @unittest.skip("later")
                        def test_is_skipped(self):
                            self.fail()

                    class RolledBackTest(TransactionTestCase):
                        serialized_rollback = True

                        def test_rows_are_put_back(self):
                            self.assertEqual(1, Product.objects.filter(name="of the migration").count())

                    class ServerTest(LiveServerTestCase):
                        def test_server(self):
                            with self.assertRaises(HTTPError):
                                urlopen(self.live_server_url + "/nothing")

                    class SettingsTest(SimpleTestCase):
                        def test_environment(self):
                            self.assertTrue(settings.TESTING)
                            self.assertIn("locmem", settings.EMAIL_BACKEND)

                        @tag("slow")
                        def test_slowly(self):
                            pass

                    class BrokenTest(SimpleTestCase):
                        @classmethod
                        def setUpClass(cls):
                            raise ValueError("no fixture")

                        def test_never_runs(self):
                            pass

                    class PlainTest(unittest.TestCase):
                        def test_it(self):
                            pass
                    """);
        }
    }

    @Test
    void testsRunAsByTheProjectsOwnCommandWithDatabasesOfTheirOwn() throws Exception {
        writeTests();
        write("shop/tests/test_broken.py", "import no_such_module\n");
        write("shop/tests/test_left_out.py", "import unittest\nraise unittest.SkipTest('not here')\n");
        write("shop/tests/test_documentation.py", """
                import doctest

                def one():
                    '''
                    >>> one()
                    1
                    '''
                    return 1

                def load_tests(loader, tests, pattern):
                    tests.addTests(doctest.DocTestSuite(__name__))
                    return tests
                """);
        write("shop/tests/not_of_the_pattern.py", "raise ValueError\n");
        write("test_shop_1..db", "left by a worker that was killed"); // so Django 3.2 writes it
        write("test_shop_1.db", "left by a worker that was killed");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains("EQUAL: 59 cases").doesNotContain("another name");
        // From Django 4.1 on unexpected successes fail.
        assertThat(json.at("/runners/0/own/failed").asInt()).as(said::toString).isIn(13, 17);
        assertThat(project.resolve("test_shop_2.db")).doesNotExist();
        assertThat(project.resolve("test_shop_2..db")).doesNotExist();

        assertThat(compare("shop/tests/test_b.py")).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("EQUAL: 14 cases");
    }

    @Test
    void theProjectsTestRunnerAndOptionsHold() throws Exception {
        writeTests();
        writeSettings("TEST_RUNNER = 'shop.running.Runner'");
        write("shop/running.py", """
                from django.test.runner import DiscoverRunner
                from django.test.utils import override_settings

                class Runner(DiscoverRunner):
                    def run_suite(self, suite, **kwargs):
                        with override_settings(OURS="set by the runner"):
                            return super().run_suite(suite, **kwargs)
                """);
        write("shop/tests/check_own.py", """
                from django.conf import settings
                from django.test import SimpleTestCase, tag

                class OwnTest(SimpleTestCase):
                    @tag("slow")
                    def test_runner(self):
                        self.assertEqual("set by the runner", settings.OURS)

                    def test_is_not_tagged(self):
                        self.fail()
                """);
        String args = "runners.args={\"django\": [\"--tag=slow\", \"--parallel\", \"2\", \"--pattern\", \"*_*.py\"]}";

        assertThat(compare("--set", args)).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(5, 0, 0);
    }

    /** Each process begins with databases that the one before has kept. */
    @Test
    void keptDatabasesAreKeptAsTheyWereMade() throws Exception {
        writeTests();
        write("shop/tests/test_helper.py", "ONE = 1\n");
        write("distributed-test.json", """
                {
                  "files": ["shop/tests/test_*.py"],
                  "runners": {
                    "files": {"**": "django"},
                    "isolation": {"django": "file"},
                    "args": {"django": ["--keepdb", "--buffer"]}
                  }
                }
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains("EQUAL: 56 cases");
    }

    @Test
    void aProjectBelowTheDirectoryIsFoundByInit() throws Exception {
        writeTests();
        Path inner = Files.createDirectory(directory.resolve("outer")).resolve("backend");
        Files.move(project, inner);
        project = inner.getParent();
        write("tools/tests/test_tool.py", "import unittest\nclass T(unittest.TestCase):\n    def test_t(self): pass\n");

        assertThat(execute("init", "-C", project.toString())).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString())
                .contains("It works: django in backend", "Found: Django (4 files), unittest (1 file)");
        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("EQUAL: 57 cases");
    }

    @Test
    void aScriptInPlaceOfManagePyIsTheCommand() throws Exception {
        writeTests();
        Files.delete(project.resolve("manage.py"));
        write("tests/runtests.py", """
                import os
                import sys
                import django
                from django.conf import settings
                from django.test.utils import get_runner

                if __name__ == "__main__":
                    os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
                    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
                    sys.argv.append("test")
                    django.setup()
                    sys.exit(bool(get_runner(settings)().run_tests(["shop.tests.test_a", "shop.tests.test_c"])))
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains("EQUAL: 28 cases");
    }

    @Test
    void aCommandThatIsSetGoesBeforeWhatLiesThere() throws Exception {
        writeTests();
        write("conftest.py", "raise ValueError('this is no project of pytest')\n");
        String args =
                "runners.args={\"django\": [\"-m\", \"django\", \"test\", \"--settings=site_settings\", \"shop.tests.test_a\"]}";

        assertThat(compare("--set", args)).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains("EQUAL: 14 cases");
    }

    @Test
    void aProjectWithoutTestsPassesAsItDoesThere() throws Exception {
        assertThat(execute("run", "--local=1", "-C", project.toString()))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains("django finds no tests");
    }

    /** What is not known to have been asked has not said that it has no tests. */
    @Test
    void aCommandThatBuildsNoSuiteIsRefused() throws Exception {
        writeTests();
        write("manage.py", "import django\nraise SystemExit(0)\n");

        assertThat(execute("run", "--local=1", "-C", project.toString()))
                .as(said::toString)
                .isEqualTo(ExitCode.ERROR);

        assertThat(said.toString()).contains("`manage.py test` has built no suite", "TEST_RUNNER");
    }

    /** As {@code manage.py test} ends with 1 or 2 and has run no test. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SILENCED_SYSTEM_CHECKS = []\\nDEFAULT_AUTO_FIELD = 'no.Such' | no.Such",
                "INSTALLED_APPS = ['shop', 'no_such_app'] | no_such_app",
                "import no_such_module | no_such_module",
                "DATABASES['default']['TEST']['NAME'] = '/no/such/directory/test.db' | unable to open database file",
                "INSTALLED_APPS = ['shop', 'checked'] | it is checked and found bad",
            })
    void aProjectThatCannotRunItsTestsFailsAndSaysWhy(String setting, String why) throws Exception {
        writeTests();
        writeSettings(setting.replace("\\n", "\n"));
        write("checked/__init__.py", """
                from django.core.checks import Error, register

                @register
                def bad(app_configs, **kwargs):
                    return [Error("it is checked and found bad")]
                """);
        needs("sh", "-c", "cd '%s' && ! python3 manage.py test >/dev/null 2>&1".formatted(project));

        assertThat(execute("run", "--local=2", "-C", project.toString()))
                .as(said::toString)
                .isNotEqualTo(ExitCode.OK);

        assertThat(said.toString()).contains(why);
    }

    @Test
    void aMigrationThatFailsFailsTheRun() throws Exception {
        writeTests();
        writeMigration("raise ValueError('the data are bad')");

        assertThat(execute("run", "--local=2", "-C", project.toString()))
                .as(said::toString)
                .isEqualTo(ExitCode.FAILURES);

        assertThat(said.toString()).contains("manage.py test", "the data are bad");
    }

    @Test
    void whatFailsAfterTheLastTestFailsTheRun() throws Exception {
        write("shop/tests.py", "from django.test import TestCase\nclass A(TestCase):\n    def test_a(self): pass\n");
        writeSettings("TEST_RUNNER = 'shop.running.Runner'");
        write("shop/running.py", """
                from django.test.runner import DiscoverRunner

                class Runner(DiscoverRunner):
                    def teardown_databases(self, old_config, **kwargs):
                        super().teardown_databases(old_config, **kwargs)
                        raise ValueError("not torn down")
                """);

        assertThat(execute("run", "--local=1", "-C", project.toString()))
                .as(said::toString)
                .isEqualTo(ExitCode.FAILURES);

        assertThat(said.toString()).contains("not torn down");
    }

    @Test
    void whereDjangoIsMissingTheWayOutIsSaid() throws Exception {
        writeTests();

        int code = execute(
                "run",
                "--local=1",
                "-C",
                project.toString(),
                "--set",
                "runners.interpreters={\"python\": [\"python3\", \"-S\", \"-E\"]}");

        assertThat(code).as(said::toString).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("Django is not installed for", "\"interpreters\"");
    }

    @Test
    void initLeavesTheFilesToDjango() throws Exception {
        writeTests();

        assertThat(execute("init", "-C", project.toString())).as(said::toString).isEqualTo(ExitCode.OK);

        assertThat(said.toString())
                .contains("It works: django:", "Found: Django", "Each run asks the project's own command");
        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
    }
}
