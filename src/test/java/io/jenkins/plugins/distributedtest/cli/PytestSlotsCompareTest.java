package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Tests of pytest that tell their process from others: by pytest-xdist, or by Django's test database. */
class PytestSlotsCompareTest extends CompareFixture {
    private static final String[] NAMES = {"a", "b", "c"};

    /** Tests that ask for the fixture {@code resource}. */
    private void writeTests(String ids) throws IOException {
        for (String name : NAMES) {
            write("test_%s.py".formatted(name), """
                    import os
                    import time

                    def test_worker(resource):
                        time.sleep(0.3)
                        assert resource in %s

                    def test_environment(worker_id, testrun_uid):
                        assert os.environ.get("PYTEST_XDIST_WORKER", "master") == worker_id
                        assert os.environ.get("PYTEST_XDIST_TESTRUNUID", testrun_uid) == testrun_uid != ""
                    """.formatted(ids));
        }
    }

    @Test
    void aWorkerIsAProcessOfXdistsWhereTheProjectAsksForSuch() throws Exception {
        needs("python3", "-c", "import xdist");
        write("pytest.ini", "[pytest]\naddopts = -n 2\n");
        writeTests("('gw0', 'gw1')");
        // The resource of a worker is its own as long as the worker lives.
        write("conftest.py", """
                import os
                import pytest

                @pytest.fixture(scope="session")
                def resource(worker_id):
                    os.mkdir("resource-" + worker_id)
                    yield worker_id
                    os.rmdir("resource-" + worker_id)
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(6, 0, 0);
    }

    @Test
    void testsOfAPlainCommandSeeNoXdist() throws Exception {
        needs("python3", "-c", "import xdist");
        write("pytest.ini", "[pytest]\n");
        writeTests("('master',)");
        write("conftest.py", """
                import pytest

                @pytest.fixture(scope="session")
                def resource(worker_id):
                    return worker_id
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(6, 0, 0);
    }

    @Test
    void workersOfDjangoHaveTestDatabasesOfTheirOwn() throws Exception {
        needs("python3", "-c", "import django; import pytest_django");
        write("pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = shop_settings\npythonpath = .\n");
        write("shop_settings.py", """
                SECRET_KEY = "none"
                INSTALLED_APPS = ["shop"]
                DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
                DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db", "TEST": {"NAME": "test_shop.db"}}}
                """);
        write("shop/__init__.py", "");
        write(
                "shop/models.py",
                "from django.db import models\n\nclass Product(models.Model):\n    name = models.TextField()\n");
        for (String name : NAMES) {
            write("test_%s.py".formatted(name), """
                    import pytest
                    from shop.models import Product

                    @pytest.mark.django_db(transaction=True)
                    @pytest.mark.parametrize("i", range(5))
                    def test_alone(i):
                        for each in range(20):
                            Product.objects.create(name="mine")
                        assert Product.objects.count() == 20
                    """);
        }

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(15, 0, 0);
    }
}
