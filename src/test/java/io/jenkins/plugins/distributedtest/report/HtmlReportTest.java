package io.jenkins.plugins.distributedtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. */
class HtmlReportTest {
    @TempDir
    static Path directory;

    private static Chromium browser;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Chromium.isInstalled(), "/usr/bin/chromium is not installed");
        browser = new Chromium(directory);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static void open(RunReport report) throws Exception {
        Path page = directory.resolve("page.html");
        HtmlReport.write(report, RerunCommand.DEFAULT, page);
        browser.open(page);
    }

    @Test
    void showsARunWithoutAnyProblem() throws Exception {
        open(SampleRuns.big(7, 240, 3, 4, 6));
        assertThat(browser.problems()).isEmpty();
        Path shots = Path.of(System.getProperty("shots", "target/screenshots"));
        Files.createDirectories(shots);
        browser.media("", "light");
        browser.screenshot(shots.resolve("light.png"), true);
        browser.media("", "dark");
        browser.screenshot(shots.resolve("dark.png"), true);
    }
}
