package io.jenkins.plugins.distributedtest.jenkins.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Item;
import io.jenkins.plugins.distributedtest.report.Chromium;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.awaitility.Awaitility;
import org.htmlunit.Page;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The job's page in a real Jenkins, from runs that are made up. Those of real builds are in {@code FlakyBuildsTest}. */
@WithJenkins
public class JobPageTest {
    private static final String PAGE = "job/shop/distributed-tests/";
    /** What a dark theme sets, as far as the page uses it. */
    /** Makes a page dark, as a dark theme does. */
    public static final String DARK = "for (const [name, value] of Object.entries({'--background': '#1c1c22',"
            + " '--card-background': '#24242b', '--text-color': '#f4f4f8', '--text-color-secondary': '#a0a0ad',"
            + " '--jenkins-border-color': '#3a3a44', '--table-background': '#24242b', '--table-body-background': '#1c1c22',"
            + " '--header-background': '#101014', '--link-color': '#7aa2ff', '--pane-header-bg': '#24242b',"
            + " '--table-header-foreground': '#f4f4f8', '--header-color': '#fff', '--table-body-foreground': '#f4f4f8'}))"
            + " document.documentElement.style.setProperty(name, value); 0";

    private JenkinsRule jenkins;
    private WorkflowJob job;

    @BeforeEach
    void aJob(JenkinsRule rule) throws Exception {
        jenkins = rule;
        job = rule.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition("echo 'hello'", true));
    }

    private static FileReport file(String path, WorkerId worker, double seconds, boolean... passed) {
        List<Attempt> attempts = new ArrayList<>();
        for (boolean each : passed) {
            attempts.add(SampleRuns.attempt(
                    SampleRuns.result(
                            path,
                            each ? FileStatus.PASSED : FileStatus.FAILED,
                            seconds,
                            List.of(
                                    each
                                            ? SampleRuns.passed("pays with a card")
                                            : SampleRuns.failed("pays with a card", "expected <b>3</b> to be 4"))),
                    worker,
                    1));
        }
        return SampleRuns.file(attempts.toArray(Attempt[]::new));
    }

    private void record(int build, double wall, FileReport... files) throws IOException {
        RunReport report = new RunReport(
                "run-" + build,
                "shop",
                SampleRuns.START,
                wall,
                RunEnd.COMPLETED,
                "",
                List.of(files),
                List.of(SampleRuns.listener(SampleRuns.WORKER, 2, 0), SampleRuns.listener(SampleRuns.OTHER, 2, 0)));
        JobTrends.add(job, build, "unit", new Tested("c" + build, "t" + build), report);
    }

    /** Builds of a suite that becomes slower, with a flaky file that fails on one host. */
    private void someBuilds(int count) throws Exception {
        for (int build = 1; build <= count; build++) {
            if (build <= 3) {
                jenkins.buildAndAssertSuccess(job);
            }
            boolean flaky = build % 4 == 0;
            record(
                    build,
                    20 + build,
                    flaky
                            ? file("spec/shop/checkout_spec.rb", SampleRuns.WORKER, 8, false, true)
                            : file("spec/shop/checkout_spec.rb", SampleRuns.OTHER, 8, true),
                    file("spec/shop/slow_spec.rb", SampleRuns.OTHER, 10 + build, build % 7 != 0),
                    file("spec/shop/fast_spec.rb", SampleRuns.WORKER, 1, true));
        }
    }

    private JenkinsRule.WebClient client() {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setJavaScriptEnabled(false);
        return client;
    }

    private String text(String path) throws Exception {
        Page page = client().goTo(path, null);
        assertThat(page.getWebResponse().getStatusCode()).isEqualTo(200);
        return page.getWebResponse().getContentAsString();
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(text(PAGE + "api/json?depth=2"));
    }

    @Test
    void aJobWithoutARunHasNoPage() throws Exception {
        assertThat(client().goTo(PAGE, null).getWebResponse().getStatusCode()).isEqualTo(404);
        assertThat(text("job/shop/")).doesNotContain("distributed-tests");
    }

    @Test
    void showsRunsFlakyTestsAndSlowFiles() throws Exception {
        someBuilds(12);
        assertThat(text("job/shop/")).contains("/job/shop/distributed-tests");
        String page = text(PAGE);
        assertThat(page)
                .contains("pays with a card", "spec/shop/checkout_spec.rb", "3 of 9 runs", "expected &lt;b")
                .doesNotContain("expected <b>")
                .contains("spec/shop/slow_spec.rb", "slower", "32.0 s", "#12 unit");
        JsonNode all = json();
        JsonNode flaky = all.get("flakyTests").get(0);
        assertThat(flaky.get("name").textValue()).isEqualTo("pays with a card");
        assertThat(flaky.get("flaky").intValue()).isEqualTo(3);
        assertThat(flaky.get("since").intValue()).isEqualTo(4);
        assertThat(flaky.get("last").intValue()).isEqualTo(12);
        assertThat(flaky.get("loneHost").textValue()).isEqualTo("ci-1");
        assertThat(all.get("flakyTests")).hasSize(1);
        JsonNode run = all.get("runs").get(0);
        assertThat(run.get("build").intValue()).isEqualTo(12);
        assertThat(run.get("wallSeconds").doubleValue()).isEqualTo(32);
        assertThat(run.get("busyShare").doubleValue()).isBetween(0.1, 0.9);
        assertThat(all.get("runs").get(5).get("failed").intValue()).isEqualTo(1);
        assertThat(all.get("slowestFiles").get(0).get("file").textValue()).isEqualTo("spec/shop/slow_spec.rb");
        assertThat(all.get("slowestFiles").get(0).get("times")).hasSize(12);
    }

    @Test
    void aDeletedBuildStaysInTheTrendWithoutALink() throws Exception {
        someBuilds(3);
        assertThat(text(PAGE)).contains("../2/distributed-tests/run/run-2/");
        job.getBuildByNumber(2).delete();
        assertThat(text(PAGE)).contains("#2 unit").doesNotContain("../2/distributed-tests/");
        assertThat(json().get("runs").get(1).get("buildThere").booleanValue()).isFalse();
    }

    @Test
    void aRunIsRecordedOnce() throws Exception {
        someBuilds(1);
        record(1, 21, file("spec/shop/fast_spec.rb", SampleRuns.WORKER, 1, true));
        assertThat(json().get("runs")).hasSize(1);
    }

    @Test
    void aDamagedRecordIsNamedAndLeavesTheJobUsable() throws Exception {
        someBuilds(1);
        Files.writeString(TrendFile.in(job.getRootDir().toPath()), "{");
        assertThat(text("job/shop/")).contains("distributed-tests");
        assertThat(text(PAGE)).contains("is damaged", "Remove it");
    }

    @Test
    void onlyWhoMayReadTheJobSeesIt() throws Exception {
        someBuilds(1);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.DISCOVER)
                .everywhere()
                .to("guesser")
                .grant(Item.READ)
                .everywhere()
                .to("reader"));
        for (String path : List.of("", "api/json")) {
            assertThat(status(path, "reader")).as(path).isEqualTo(200);
            assertThat(status(path, "stranger")).as(path).isIn(403, 404);
            assertThat(status(path, "guesser")).as(path).isIn(403, 404);
        }
    }

    private int status(String path, String user) throws Exception {
        JenkinsRule.WebClient client = client();
        client.withBasicApiToken(user);
        return client.goTo(PAGE + path, null).getWebResponse().getStatusCode();
    }

    @Test
    void isReadableInLightDarkAndANarrowWindow(@TempDir Path directory) throws Exception {
        assumeTrue(Chromium.isInstalled(), "/usr/bin/chromium is not installed");
        someBuilds(40);
        Path shots = Files.createDirectories(Path.of("target", "screenshots"));
        try (Chromium browser = new Chromium(directory)) {
            browser.size(1280, 900);
            browser.open(jenkins.getURL().toURI().resolve(PAGE));
            assertThat(browser.evaluate("document.querySelectorAll('.dt-trend-chart rect.dt-trend-wall').length")
                            .intValue())
                    .isEqualTo(40);
            assertThat(browser.evaluate("document.querySelector('rect.dt-trend-wall').getBoundingClientRect().height")
                            .doubleValue())
                    .isGreaterThan(10);
            browser.evaluate("document.querySelector('form[action=quarantine] button').click(), 0");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    browser.text("document.querySelector('#quarantine ~ .dt-trend-scroll').innerText"))
                            .contains("pays with a card", "Release"));
            browser.screenshot(shots.resolve("job-page.png"), true);
            browser.evaluate(DARK);
            browser.screenshot(shots.resolve("job-page-dark.png"), true);
            browser.size(420, 900);
            browser.open(jenkins.getURL().toURI().resolve(PAGE));
            assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                    .as("nothing overflows")
                    .isLessThanOrEqualTo(420);
            browser.screenshot(shots.resolve("job-page-narrow.png"), true);
            assertThat(browser.problems()).noneMatch(problem -> problem.contains("distributed"));
        }
    }
}
