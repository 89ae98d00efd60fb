package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.distributedtest.gearman.GearmanTestClient.Submitted;
import io.jenkins.plugins.distributedtest.jenkins.step.StepWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * A distributed run of a change: listeners fetch what Zuul has merged. The branch holds a test that fails, the change one
 * that passes, and the workspace has no remote, so that nothing else could tell listeners where the sources are.
 */
@WithJenkins
class ZuulGitTest {
    private static final String REF = "refs/zuul/master/Z1fd4bf9f";
    /** As in docs/zuul.md. */
    private static final String CHECKOUT = "git init -q && git fetch -qf \"$ZUUL_URL/$ZUUL_PROJECT\" \"$ZUUL_REF\""
            + " && git checkout -qf FETCH_HEAD";

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;
    private ZuulWorld world;
    private StepWorld listeners;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        jenkins = rule;
        world = new ZuulWorld(directory);
        listeners = new StepWorld(directory);
        listeners.configure();
        listeners.listen(1);
        repository();
    }

    @AfterEach
    void stop() throws Exception {
        listeners.close();
        world.close();
    }

    /** What Zuul's merger serves. */
    private void repository() throws Exception {
        String commit = "git add -A && git -c user.name=n -c user.email=e commit -qm x";
        Path made = Files.createDirectories(directory.resolve("p/openstack/nova"));
        shell(
                made,
                "git init -q -b master && mkdir t && echo 'exit 1' > t/a.sh && " + commit
                        + " && git checkout -q --detach && echo 'exit 0' > t/a.sh && " + commit
                        + " && git update-ref " + REF + " HEAD && git checkout -q master");
    }

    private static void shell(Path where, String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private WorkflowJob job(String before, String options) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "suite");
        job.setDefinition(new CpsFlowDefinition(
                "node {\n" + before + "  sh '" + CHECKOUT + "'\n"
                        + "  distributedTest files: ['t/*'], sync: 'git', gitProtocols: ['file'], runner: 'command',"
                        + " command: ['sh', '{file}'], broker: 'ci'" + options + "\n}",
                true));
        return job;
    }

    private Map<String, String> zuul() {
        return Map.of("ZUUL_URL", "file://" + directory + "/p", "ZUUL_REF", REF);
    }

    private Submitted askedFor(WorkflowJob job) throws Exception {
        world.serve(world.entry());
        world.awaitJobs("suite");
        Submitted build = world.build("suite", zuul());
        await().atMost(ZuulWorld.LONG).until(() -> job.getLastBuild() != null);
        return build;
    }

    @Test
    void aBuildThatZuulAskedForRunsWhatZuulHasMerged() throws Exception {
        WorkflowJob job = job("", "");
        Submitted build = askedFor(job);
        String result = world.result(build);
        assertThat(result).as(() -> log(job.getLastBuild())).isEqualTo("SUCCESS");
        assertThat(log(job.getLastBuild())).contains("1 file through");
    }

    @Test
    void whatThePipelineSaysWins() throws Exception {
        WorkflowJob job = job("", ", gitRef: 'refs/heads/master'");
        Submitted build = askedFor(job);
        String result = world.result(build);
        assertThat(result).as(() -> log(job.getLastBuild())).isEqualTo("UNSTABLE");
    }

    @Test
    void aBuildOfSomebodyElseIsNotAboutZuulsVariables() throws Exception {
        String variables = "  env.ZUUL_URL = 'file://" + directory + "/p'; env.ZUUL_PROJECT = 'openstack/nova';"
                + " env.ZUUL_REF = '" + REF + "'\n";
        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, job(variables, ""));
        jenkins.assertLogContains("origin", build);
    }

    private static String log(WorkflowRun build) {
        try {
            return String.join("\n", build.getLog(10_000));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
