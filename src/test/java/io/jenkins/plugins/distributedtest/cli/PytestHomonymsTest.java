package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Test files that Python imports by one name: what {@code pytest} says of them, and what our run says. */
class PytestHomonymsTest extends CompareFixture {
    private int ownPytest(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "-m", "pytest", "-q"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private int run(String... files) {
        List<String> all = new ArrayList<>(List.of("run", "-C", project.toString(), "--local"));
        all.addAll(List.of("--set", "work_directory=" + directory.resolve("work")));
        all.addAll(List.of(files));
        return execute(all.toArray(String[]::new));
    }

    private void homonyms(String firstText) throws Exception {
        needs("python3", "-c", "import pytest");
        write("distributed-test.json", "{\"files\": [\"**/test_*.py\"], \"projects\": []}");
        write("a/test_x.py", firstText);
        write("b/test_x.py", "def test_b(): pass\n");
        write("c/test_other.py", "def test_c(): pass\n");
    }

    /** Whichever slot they come to, and in whatever order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void filesThatPytestImportsByOneNameFailAlsoWhereTheyAreConfigured(int slots) throws Exception {
        homonyms("def test_a(): pass\n");
        assertThat(ownPytest()).isEqualTo(2);

        assertThat(run("--set", "worker_slots=" + slots)).as(said::toString).isEqualTo(ExitCode.FAILURES);
        assertThat(said.toString()).contains("import file mismatch", "a/test_x.py", "b/test_x.py");
        assertThat(run("b/test_x.py", "a/test_x.py")).as(said::toString).isEqualTo(ExitCode.FAILURES);

        assertThat(ownPytest("b/test_x.py")).isZero();
        assertThat(run("b/test_x.py", "c/test_other.py")).as(said::toString).isEqualTo(ExitCode.OK);
    }

    /** It is for pytest to say which module it has imported before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "packages",
                "import pytest\npytest.skip('not here', allow_module_level=True)\n",
                "--import-mode=importlib",
                "collect_ignore = ['a']",
                "collect_ignore = ['b/test_x.py']",
            })
    void filesOfOneNameThatPytestTellsApartAreEqual(String how) throws Exception {
        homonyms(how.startsWith("import ") ? how : "def test_a(): pass\n");
        if (how.startsWith("packages")) {
            write("a/__init__.py", "");
            write("b/__init__.py", "");
        } else if (how.startsWith("--")) {
            write("pytest.ini", "[pytest]\naddopts = " + how + "\n");
        } else if (how.startsWith("collect_ignore")) {
            write("conftest.py", how + "\n");
        }
        assertThat(ownPytest()).isZero();

        assertThat(run()).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(run("--set", "worker_slots=1")).as(said::toString).isEqualTo(ExitCode.OK);
    }

    /** As where a conftest makes a test of each file of data, by a class of its own that stands for a module. */
    @Test
    void filesOfDataMayHaveOneName() throws Exception {
        needs("python3", "-c", "import pytest");
        write("conftest.py", """
                import pytest
                def pytest_collect_file(parent, file_path):
                    if file_path.suffix == '.txt':
                        return Data.from_parent(parent, path=file_path)
                class Data(pytest.Module):
                    def collect(self):
                        yield Item.from_parent(self, name='it')
                class Item(pytest.Item):
                    def runtest(self): pass
                """);
        write("a/one.txt", "");
        write("b/one.txt", "");
        assertThat(ownPytest()).isZero();

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 0, 0);
    }
}
