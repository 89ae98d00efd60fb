package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
