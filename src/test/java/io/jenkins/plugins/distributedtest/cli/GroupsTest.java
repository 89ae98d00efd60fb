package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Test files that do not bear each other, by a whole run. */
class GroupsTest extends CompareFixture {
    private int run(String groups, String more) throws Exception {
        for (int i = 0; i < 6; i++) {
            String lock = directory.resolve("lock").toString();
            write("checks/db" + i + ".sh", "mkdir '" + lock + "' || exit 1\nsleep 0.2\nrmdir '" + lock + "'\n");
            write("checks/other" + i + ".sh", "true\n");
        }
        write("distributed-test.json", """
                {"files": ["checks/*.sh"], "runners": {"command": ["sh", "{file}"]}, "groups": %s%s}
                """.formatted(groups, more));
        return execute(
                "run",
                "-C",
                project.toString(),
                "--local",
                "4",
                "--set",
                "work_directory=" + directory.resolve("work"));
    }

    @Test
    void filesOfAGroupRunOneAtATime() throws Exception {
        assertThat(run("{\"database\": [\"checks/db*\"], \"ports\": [\"checks/port*\"]}", ""))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(said.toString())
                .contains("12 files, one at a time those of database (6) and of ports (0), through", "12 passed");
    }

    @Test
    void compareNamesFilesThatDoNotBearEachOther() throws Exception {
        needs("python3", "--version");
        for (String name : List.of("a", "b")) {
            write("tests/test_" + name + ".py", """
                    import os, time, unittest

                    class T(unittest.TestCase):
                        def test_alone(self):
                            os.mkdir('%s')
                            time.sleep(2)
                            os.rmdir('%1$s')
                    """.formatted(directory.resolve("lock")));
        }
        write("tests/__init__.py", "");
        String[] settings = {
            "--set", "files=tests/test_*.py", "--set", "runners.files.**=unittest", "--set", "worker_slots=2"
        };

        assertThat(compare(settings)).as(said::toString).isEqualTo(ExitCode.DIFFERENT);
        assertThat(said.toString())
                .containsPattern("does not bear tests/test_[ab].py at the same time")
                .contains("\"groups\" let such files run one at a time");
        assertThat(json.findValuesAsText("cause")).containsOnly("same_time");

        assertThat(compare(Stream.concat(Stream.of(settings), Stream.of("--set", "groups={\"lock\": [\"tests/*\"]}"))
                        .toArray(String[]::new)))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void withGorgonsProtocolAndByWhatIsNoGlobTheyAreRefused() throws Exception {
        assertThat(run(
                        "{\"database\": \"checks/db*\"}",
                        ", \"protocol\": \"gorgon\", \"job\": {\"sync\": {\"kind\": \"none\"}}"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("groups (database) needs protocol native");
        assertThat(run("{\"database\": [\"checks/[db\"]}", "")).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("groups: ", "checks/[db");
        assertThat(run("[\"checks/db*\"]", "")).isEqualTo(ExitCode.ERROR);
        assertThat(said.toString()).contains("groups must be an object of lists of texts, such as {\"database\"");
    }
}
