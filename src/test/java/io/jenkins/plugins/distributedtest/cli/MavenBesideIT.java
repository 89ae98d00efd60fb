package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.runner.Runners;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Maven build with tests of other tools in its tree, which {@code mvn verify} does not run. */
class MavenBesideIT {
    @TempDir
    Path directory;

    private MavenModules modules;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Runners.available().contains("go"), "go is not on this host");
        modules = new MavenModules(directory);
        modules.add("a", MavenModules.framework("4.13.2"), "");
        modules.test("a", "OneTest", "package x; public class OneTest { @org.junit.Test public void runs() {} }");
        modules.parent();
        modules.runs().write("agent/go.mod", "module example.com/agent\n\ngo 1.19\n");
        modules.runs()
                .write(
                        "agent/agent_test.go",
                        "package agent\n\nimport \"testing\"\n\nfunc TestAgent(t *testing.T) { t.Fatal() }\n");
        modules.runs().write("web/package.json", "{\"scripts\": {\"test\": \"node --test\"}}");
    }

    @AfterEach
    void end() throws InterruptedException {
        if (modules != null) {
            modules.close();
        }
    }

    @Test
    void whatTheBuildDoesNotRunIsSaidBeforeTheRun() throws Exception {
        BuildRuns runs = modules.runs();
        assertThat(runs.ours("--local", "1")).as(runs.oursLog()).isEqualTo(ExitCode.OK);
        assertThat(runs.own("verify")).as(runs.ownLog()).isZero();
        assertThat(runs.oursLog()).contains("Not run are those of go in agent, node in web");
    }

    @Test
    void filesOfBothRunWhereTheyAreNamed() throws Exception {
        BuildRuns runs = modules.runs();
        String[] both = {"--local", "1", "--files", "**/src/test/java/**/*Test.java", "--files", "**/*_test.go"};
        assertThat(runs.ours(both)).as(runs.oursLog()).isEqualTo(ExitCode.FAILURES);
        assertThat(runs.oursLog()).contains("agent/agent_test.go", "1 passed", "1 failed");
    }
}
