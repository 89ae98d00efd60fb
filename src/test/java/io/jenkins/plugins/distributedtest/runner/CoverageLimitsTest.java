package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoverageLimitsTest {
    @TempDir
    Path project;

    private void script(String test) throws IOException {
        Files.writeString(project.resolve("package.json"), "{\"scripts\": {\"test\": \"" + test + "\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c8 --check-coverage --lines 90 mocha",
                "npx c8 -r text --check-coverage node --test",
                "npm run lint && nyc --check-coverage mocha"
            })
    void aLimitOfTheTestScriptIsNamed(String test) throws Exception {
        script(test);
        assertThat(CoverageLimits.unjudged(project))
                .singleElement()
                .asString()
                .contains(test.contains("nyc") ? "of nyc" : "of c8", "after_job_finishes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"c8 mocha", "mocha --check-coverage", "jest", "mocha && echo c8", "c8 mocha; x --check-coverage"
            })
    void whatSetsNoLimitIsNotNamed(String test) throws Exception {
        script(test);
        assertThat(CoverageLimits.unjudged(project)).isEmpty();
    }

    @Test
    void aLimitOfTheToolsConfigurationIsNamedWhereTheScriptCallsIt() throws Exception {
        Files.writeString(project.resolve(".nycrc"), "{\"check-coverage\": true}");
        script("mocha");
        assertThat(CoverageLimits.unjudged(project)).isEmpty();
        script("nyc mocha");
        assertThat(CoverageLimits.unjudged(project)).hasSize(1);
        Files.writeString(project.resolve(".nycrc"), "not JSON");
        assertThat(CoverageLimits.unjudged(project)).isEmpty();
        assertThat(CoverageLimits.unjudged(project.resolve("none"))).isEmpty();
    }
}
