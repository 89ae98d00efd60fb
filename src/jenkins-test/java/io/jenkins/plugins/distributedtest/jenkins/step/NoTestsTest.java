package io.jenkins.plugins.distributedtest.jenkins.step;

import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.job;
import static io.jenkins.plugins.distributedtest.jenkins.step.StepWorld.pipeline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.model.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A project without tests: the step passes or fails as the project's own command does. */
@WithJenkins
class NoTestsTest {
    private static final String PASSES = "{\"scripts\": {\"test\": \"node --test\"}}";
    private static final String FAILS =
            "{\"scripts\": {\"test\": \"mocha\"}, \"devDependencies\": {\"mocha\": \"11\"}}";

    private JenkinsRule jenkins;
    private StepWorld world;

    @TempDir
    private Path directory;

    @BeforeEach
    void prepare(JenkinsRule rule) {
        jenkins = rule;
        world = new StepWorld(directory);
        world.configure();
    }

    @AfterEach
    void leave() {
        world.close();
    }

    private static boolean isInstalled(String program) {
        return Path.of("/usr/bin", program).toFile().canExecute();
    }

    /** How the project's own command ends. */
    private int own(String packageJson) throws Exception {
        Path project = Files.createDirectory(directory.resolve("own"));
        Files.writeString(project.resolve("package.json"), packageJson);
        return new ProcessBuilder("npm", "test")
                .directory(project.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private WorkflowRun built(Result result, String packageJson) throws Exception {
        String step = "  def r = distributedTest broker: 'ci'\n  echo \"AFTER r=${r}\"";
        return jenkins.buildAndAssertStatus(
                result, job(jenkins, "no tests", pipeline("", step, "package.json:" + packageJson)));
    }

    /** {@code node --test} passes where it finds no file. */
    @Test
    void theStepPassesWhereTheProjectsOwnCommandPasses() throws Exception {
        assumeTrue(isInstalled("node") && isInstalled("npm"), "Node and npm are not installed");
        assertThat(own(PASSES)).isZero();
        WorkflowRun build = built(Result.SUCCESS, PASSES);
        jenkins.assertLogContains("Nothing to run: there are no tests.", build);
        jenkins.assertLogContains("and passes so", build);
        jenkins.assertLogContains("AFTER r=", build);
    }

    /** Without Mocha installed there is nothing that could pass. */
    @Test
    void theStepFailsWhereTheProjectsOwnCommandFails() throws Exception {
        assumeTrue(isInstalled("node") && isInstalled("npm"), "Node and npm are not installed");
        assertThat(own(FAILS)).isNotZero();
        WorkflowRun build = built(Result.FAILURE, FAILS);
        jenkins.assertLogNotContains("AFTER r=", build);
    }
}
