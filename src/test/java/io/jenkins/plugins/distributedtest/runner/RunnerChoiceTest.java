package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "spec/models/user_spec.rb, rspec",
        "test/user_test.rb, minitest",
        "test/test_user.rb, minitest",
        "tests/test_user.py, pytest",
        "tests/user_test.py, pytest",
        "src/test/java/a/UserTest.java, junit",
        "src/test/kotlin/a/UserTests.kt, junit",
        "src/test/java/a/TestUser.java, junit",
        "src/test/java/a/UserIT.java, junit",
        "target/test-classes/a/UserTest.class, junit",
        "src/test/scala/UserTest.scala, junit",
        "test/user.test.mjs, node",
        "test/user.spec.cjs, node",
        "test/test-user.js, node",
        "test/user-test.js, node",
        "test/user.test.ts, node",
        "test.js, node",
    })
    void namesHaveTheirUsualMeaning(String path, String runner) throws Exception {
        assertThat(Runners.runnerFor(RunnerSettings.DEFAULT, new TestFile(path)))
                .isEqualTo(runner);
    }

    @Test
    void firstRuleThatMatchesGoesFirst() throws Exception {
        RunnerSettings settings = new RunnerSettings(
                List.of(
                        new RunnerSettings.Rule("**/legacy/**", "test_unit"),
                        new RunnerSettings.Rule("**/*_test.rb", "minitest"),
                        new RunnerSettings.Rule("test_*.py", "UnitTest")),
                null,
                null,
                null,
                null,
                null,
                List.of("bash", "{file}"));
        assertThat(Runners.runnerFor(settings, new TestFile("test/legacy/a_test.rb")))
                .isEqualTo("test-unit");
        assertThat(Runners.runnerFor(settings, new TestFile("legacy/a_test.rb")))
                .isEqualTo("test-unit");
        assertThat(Runners.runnerFor(settings, new TestFile("a_test.rb"))).isEqualTo("minitest");
        assertThat(Runners.runnerFor(settings, new TestFile("test_a.py"))).isEqualTo("unittest");
        assertThat(Runners.runnerFor(settings, new TestFile("x/test_a.py"))).isEqualTo("pytest");
        assertThat(Runners.runnerFor(settings, new TestFile("a.sh"))).isEqualTo("command");
    }

    @Test
    void unknownFilesRunnersAndGlobsAreNamedWithTheWayOut() {
        assertThatThrownBy(() -> Runners.runnerFor(RunnerSettings.DEFAULT, new TestFile("x/a.sh")))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("x/a.sh")
                .hasMessageContaining("\"runners\": {\"files\": {\"**/a.sh\"")
                .hasMessageContaining("command");
        assertThatThrownBy(() -> Runners.runnerFor(rule("*", "rspek"), new TestFile("a")))
                .hasMessageContaining("rspek")
                .hasMessageContaining("rspec, minitest");
        assertThatThrownBy(() -> Runners.runnerFor(rule("*.sh", "command"), new TestFile("a.sh")))
                .hasMessageContaining("a.sh")
                .hasMessageContaining("template");
        assertThatThrownBy(() -> Runners.runnerFor(rule("[", "rspec"), new TestFile("a")))
                .hasMessageContaining("glob");
    }

    private static RunnerSettings rule(String glob, String runner) {
        return new RunnerSettings(List.of(new RunnerSettings.Rule(glob, runner)), null, null, null, null, null, null);
    }

    @Test
    void anAskerWhoIsInterruptedSpoilsNothing() {
        Thread.currentThread().interrupt();
        try {
            assertThat(Runners.available()).contains("command");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(Runners.available()).contains("command");
    }

    @Test
    void commandIsAlwaysAvailable() {
        assertThat(Runners.available()).contains("command", "junit").isSorted();
    }
}
