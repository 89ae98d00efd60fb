package io.jenkins.plugins.distributedtest.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.distributedtest.jenkins.zuul.GearmanServerEntry;
import io.jenkins.plugins.distributedtest.jenkins.zuul.JobChoice;
import io.jenkins.plugins.distributedtest.report.Chromium;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The plugin's part of <em>Manage Jenkins › System</em>, as an administrator sees it in a browser. */
@WithJenkins
class FormInBrowserTest {
    /** Inputs of ours, by the field that they belong to. */
    private static final String ADDED = """
            (() => {
              const add = (text) => [...document.querySelectorAll('button')].find((one) => one.innerText.trim() === text).click();
              ['Add broker', 'Add listeners', 'Add Gearman server'].forEach(add);
              return 0;
            })()
            """;

    @TempDir
    Path directory;

    private JenkinsRule jenkins;
    private Chromium browser;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        assumeTrue(Chromium.isInstalled(), "/usr/bin/chromium is not installed");
        jenkins = rule;
        browser = new Chromium(directory);
        browser.size(1200, 1000);
    }

    @AfterEach
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
    }

    private void open(String path) throws Exception {
        browser.open(URI.create(jenkins.getURL() + path));
    }

    /** How many elements there are that are seen. */
    private int seen(String selector) throws Exception {
        return browser.evaluate(
                        "[...document.querySelectorAll(\"" + selector + "\")].filter((one) => one.offsetParent).length")
                .intValue();
    }

    private void choose(String jobs) throws Exception {
        browser.evaluate("(() => { const s = document.querySelector(\"select[name='_.jobs']\"); s.value = '" + jobs
                + "'; s.dispatchEvent(new Event('change', { bubbles: true })); return 0; })()");
    }

    @Test
    void nothingIsRedBeforeAnythingIsTyped() throws Exception {
        open("manage/configure");
        await(() -> assertThat(browser.text("document.body.innerText")).contains("Add Gearman server"));
        browser.evaluate("(window.asked = performance.getEntriesByType('resource').length, 0)");
        browser.evaluate(ADDED);
        await(() -> assertThat(seen("input[name='_.label']")).isPositive());
        await(() -> assertThat(seen("select[name='_.jobs']")).isPositive());
        // Every check that the form makes by itself has been answered.
        await(() -> assertThat(browser.evaluate("performance.getEntriesByType('resource').filter((one) =>"
                                + " one.name.includes('checkCapacity')).length")
                        .intValue())
                .isPositive());
        await(() -> assertThat(browser.evaluate("performance.getEntriesByType('resource').filter((one) =>"
                                + " one.name.includes('AgentListener/checkLabel')).length")
                        .intValue())
                .isPositive());
        assertThat(seen(".repeated-chunk .validation-error-area .error")).isZero();
        assertThat(seen(".repeated-chunk .validation-error-area .warning")).isZero();
    }

    @Test
    void folderAndRegularExpressionAreThereForTheChoiceThatNeedsThem() throws Exception {
        GearmanServerEntry entry = new GearmanServerEntry("127.0.0.1");
        entry.setJobs(JobChoice.PATTERN);
        entry.setPattern("team/.*");
        DistributedTestConfiguration.get().setGearmanServers(List.of(entry));
        open("manage/configure");
        await(() -> assertThat(seen("input[name='_.pattern']")).isEqualTo(1));
        assertThat(seen("input[name='_.folder']")).isZero();
        choose("FOLDER");
        await(() -> assertThat(seen("input[name='_.folder']")).isEqualTo(1));
        assertThat(seen("input[name='_.pattern']")).isZero();
        choose("ALL");
        await(() -> assertThat(seen("input[name='_.folder']")).isZero());
        assertThat(seen("input[name='_.pattern']")).isZero();
    }

    @Test
    void whatIsFoldedAwayHasANameOfItsOwn() throws Exception {
        DistributedTestConfiguration.get().setGearmanServers(List.of(new GearmanServerEntry("127.0.0.1")));
        open("manage/configure");
        browser.evaluate(
                "[...document.querySelectorAll('button')].find((one) => one.innerText.trim() === 'Add broker').click(), 0");
        await(() -> assertThat(
                        browser.text(
                                "[...document.querySelectorAll('button.advanced-button')].map((one) => one.innerText.trim()).join('|')"))
                .contains("Host and TLS", "TLS, times, and addresses of changes", "Defaults of the step"));
        assertThat(browser.text("document.body.innerText"))
                .doesNotContain("The one of steps that name none", "its bind address says so");
    }

    @Test
    void jobsCanBeServedToZuulWhereAGearmanServerIsConfigured() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("app");
        open(job.getUrl() + "configure");
        await(() -> assertThat(browser.text("document.body.innerText")).contains("Discard old builds"));
        assertThat(browser.text("document.body.innerText")).doesNotContain("Serve to Zuul");
        DistributedTestConfiguration.get().setGearmanServers(List.of(new GearmanServerEntry("127.0.0.1")));
        open(job.getUrl() + "configure");
        await(() -> assertThat(browser.text("document.body.innerText")).contains("Serve to Zuul"));
    }
}
