package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoverageLimitsTest {
    @TempDir
    Path project;

    private void script(String test) throws IOException {
        Files.writeString(
                project.resolve("package.json"),
                "{\"scripts\": {\"test\": \"" + test + "\", \"unit\": \"c8 --check-coverage ava\"}}");
    }

    private static List<String> unjudged(Path directory) {
        return CoverageLimits.unjudged(directory, RunnerSettings.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c8 --check-coverage --lines 90 mocha",
                "npx c8 -r text --check-coverage node --test",
                "npm run lint && nyc --check-coverage mocha",
                "npm run unit",
                "cross-env A=1 c8 --100 vitest run"
            })
    void aLimitOfTheTestScriptIsNamed(String test) throws Exception {
        script(test);
        assertThat(unjudged(project))
                .singleElement()
                .asString()
                .contains(test.contains("nyc") ? "of nyc" : "of c8", "after_job_finishes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c8 mocha",
                "mocha --check-coverage",
                "jest",
                "mocha && echo c8",
                "c8 mocha; x --check-coverage",
                "node --test --test-coverage-lines=90",
                "node --experimental-test-coverage --test",
                "borp --coverage"
            })
    void whatSetsNoLimitIsNotNamed(String test) throws Exception {
        script(test);
        assertThat(unjudged(project)).isEmpty();
    }

    @Test
    void aLimitOfTheToolsConfigurationIsNamedWhereTheScriptCallsIt() throws Exception {
        Files.writeString(project.resolve(".nycrc"), "{\"check-coverage\": true}");
        script("mocha");
        assertThat(unjudged(project)).isEmpty();
        script("nyc mocha");
        assertThat(unjudged(project)).hasSize(1);
        Files.writeString(project.resolve(".nycrc"), "not JSON");
        assertThat(unjudged(project)).isEmpty();
        assertThat(unjudged(project.resolve("none"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node --test --experimental-test-coverage --test-coverage-lines=90",
                "node --experimental-test-coverage --test-coverage-branches 90 --test test/*.js",
                "borp -C --check-coverage"
            })
    void aLimitOfNodesOwnRunnerIsNamed(String test) throws Exception {
        script(test);
        assertThat(unjudged(project))
                .singleElement()
                .asString()
                .contains(test.contains("borp") ? "of borp" : "of node");
    }

    @Test
    void limitsOfTheProjectsInATreeAreNamedWithTheirDirectories() throws Exception {
        Files.createDirectories(project.resolve("packages/a"));
        Files.writeString(
                project.resolve("packages/a/package.json"), "{\"scripts\": {\"test\": \"c8 --100 node --test\"}}");
        RunnerSettings settings = RunnerSettings.DEFAULT.in(List.of(SubProject.in("packages/a")));
        assertThat(CoverageLimits.unjudged(project, settings))
                .singleElement()
                .asString()
                .contains("of c8 (check-coverage) in the test script of packages/a");
    }
}
