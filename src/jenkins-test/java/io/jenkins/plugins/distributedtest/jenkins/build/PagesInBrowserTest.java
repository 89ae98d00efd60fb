package io.jenkins.plugins.distributedtest.jenkins.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.util.PluginServletFilter;
import io.jenkins.plugins.distributedtest.jenkins.broker.Broker;
import io.jenkins.plugins.distributedtest.jenkins.broker.EmbeddedBrokerSettings;
import io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration;
import io.jenkins.plugins.distributedtest.report.Chromium;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.WorkerId;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
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
 * The plugin's pages from a real Jenkins in a real browser, under the content security policy that Jenkins enforces
 * from 2.539 on. Parts of Jenkins itself may break it; nothing of ours may.
 */
@WithJenkins
class PagesInBrowserTest {
    private static final String POLICY =
            "base-uri 'none'; default-src 'self'; form-action 'self'; frame-ancestors 'self'; "
                    + "img-src 'self' data:; script-src 'self' 'report-sample'; style-src 'self' 'unsafe-inline' 'report-sample'";

    @TempDir
    Path directory;

    private JenkinsRule jenkins;
    private Chromium browser;
    private WorkflowRun build;
    private final Filter policy = new Policy();

    /** Adds the header to every answer. */
    private static final class Policy implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            ((HttpServletResponse) response).setHeader("Content-Security-Policy", POLICY);
            chain.doFilter(request, response);
        }
    }

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        assumeTrue(Chromium.isInstalled(), "/usr/bin/chromium is not installed");
        jenkins = rule;
        PluginServletFilter.addFilter(policy);
        browser = new Chromium(directory);
        WorkflowJob job = rule.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition("echo 'hello'", true));
        build = rule.buildAndAssertSuccess(job);
    }

    @AfterEach
    void stop() throws Exception {
        LiveRuns.unregister("run-1");
        if (browser != null) {
            browser.close();
            PluginServletFilter.removeFilter(policy);
        }
    }

    private void open(String path) throws Exception {
        URI root = jenkins.getURL().toURI();
        browser.open(root.resolve(path));
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
    }

    private void assertNothingOfOursIsWrong() {
        assertThat(browser.problems()).noneMatch(problem -> problem.contains("distributed"));
    }

    @Test
    void aRunIsFollowedToItsEnd() throws Exception {
        DistributedTestAction action = DistributedTestAction.of(build);
        action.started("run-1", "unit", "3");
        AtomicReference<RunReport> report =
                new AtomicReference<>(BuildPageTest.run("run-1", RunEnd.RUNNING, BuildPageTest.passed("a.rb")));
        LiveRuns.register("run-1", report::get);
        open(build.getUrl() + "distributed-tests/");
        await(() -> assertThat(browser.text("document.querySelector('.dt-live').innerText"))
                .contains("Live"));
        assertThat(browser.text("document.querySelector('.dt-count').textContent"))
                .isEqualTo("1 file");
        RunReport end = BuildPageTest.run(
                "run-1", RunEnd.COMPLETED, BuildPageTest.passed("a.rb"), BuildPageTest.failed("b.rb"));
        report.set(end);
        action.finished("run-1", end);
        LiveRuns.unregister("run-1");
        await(() -> assertThat(browser.text("document.querySelector('[data-dt-run]').dataset.dtState"))
                .isEqualTo("finished"));
        assertThat(browser.text("document.querySelector('#dt-failures').innerText"))
                .contains("b.rb", "expected <b>3</b>");
        assertThat(browser.evaluate("document.querySelectorAll('main, #main-panel main').length")
                        .intValue())
                .isLessThanOrEqualTo(1);
        assertNothingOfOursIsWrong();

        open(action.urlOf("run-1", "b.rb").substring(1));
        await(() -> assertThat(browser.text("document.querySelector('.dt-more:not([hidden])').innerText"))
                .contains("subtracts"));
        assertNothingOfOursIsWrong();
    }

    @Test
    void whatRunsNowGrowsUntilItsExpectedEnd() throws Exception {
        DistributedTestAction.of(build).started("run-1", "unit", "3");
        AtomicInteger seconds = new AtomicInteger(5);
        LiveRuns.register("run-1", () -> running(seconds.get()));
        open(build.getUrl() + "distributed-tests/");
        String time = "document.querySelector('#dt-files-table .dt-time').textContent";
        await(() -> assertThat(browser.text(time)).isEqualTo("4.00 s"));
        assertThat(browser.text("document.querySelector('#dt-files-table .dt-pill').textContent"))
                .isEqualTo("running");
        assertThat(browser.text("document.querySelector('.dt-tiles').textContent"))
                .contains("1 running", "80 % busy on 1 listener");
        seconds.set(9);
        await(() -> assertThat(browser.text(time)).isEqualTo("8.00 s"));
        browser.evaluate("{const c = document.querySelector('.dt-canvas'); c.focus();"
                + "c.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' })); 0}");
        assertThat(browser.text("document.querySelector('.dt-tip').textContent"))
                .contains("now.rb", "running for", "expected to take 20.0 s");
        assertNothingOfOursIsWrong();
    }

    /** A run of one file, which runs since the first second. */
    private static RunReport running(double wall) {
        WorkerId worker = SampleRuns.WORKER;
        FileReport file = new FileReport(new TestFile("now.rb"), List.of(), 20, new FileReport.Running(worker, 1, 1));
        return new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                wall,
                RunEnd.RUNNING,
                "",
                List.of(file),
                List.of(SampleRuns.listener(worker, 1, 0)));
    }

    @Test
    void theListenersPageShowsTheControllersBrokerComeUp() throws Exception {
        open("manage/distributed-test-listeners/");
        await(() -> assertThat(browser.text("document.querySelector('[data-dt-own]').textContent.trim()"))
                .isEmpty());
        DistributedTestConfiguration.get().setEmbeddedBroker(new EmbeddedBrokerSettings());
        try {
            // The page is not loaded again.
            await(() -> assertThat(browser.text("document.querySelector('[data-broker-state]').innerText"))
                    .contains(" at amqp://"));
            assertThat(browser.evaluate("document.querySelectorAll('.jenkins-alert-danger').length")
                            .intValue())
                    .isZero();
            assertNothingOfOursIsWrong();
        } finally {
            DistributedTestConfiguration.get().setEmbeddedBroker(null);
        }
    }

    @Test
    void fiftyThousandTestsAreShown() throws Exception {
        RunReport big = SampleRuns.big(8, 5_000, 8, 8, 10);
        DistributedTestAction action = DistributedTestAction.of(build);
        action.started(big.runId(), "", "");
        action.finished(big.runId(), big);
        action.started("run-2", "other", "");
        open(build.getUrl() + "distributed-tests/");
        await(() -> assertThat(browser.text("document.querySelector('.dt-runs tbody').innerText"))
                .contains("5,000", "other", "no report"));
        browser.evaluate("document.querySelector('.dt-runs tbody a').click(), 0");
        await(() -> assertThat(browser.text("document.querySelector('.dt-count').textContent"))
                .isEqualTo("5,000 files"));
        assertThat(browser.text("document.querySelector('.dt-tiles').innerText"))
                .contains("49,");
        assertNothingOfOursIsWrong();
    }

    @Test
    void theListenersPageAsksWithTheCrumb() throws Exception {
        Broker broker = new Broker("ci");
        broker.setUri("amqp://127.0.0.1:1");
        DistributedTestConfiguration.get().setBrokers(List.of(broker));
        open("manage/distributed-test-listeners/");
        await(() -> assertThat(browser.text("document.querySelector('.dt-broker').innerText"))
                .contains("ci", "Connection refused"));
        assertThat(browser.text("document.querySelector('.dt-live').innerText")).contains("Live");
        assertNothingOfOursIsWrong();
    }
}
