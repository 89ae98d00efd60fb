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
        browser.size(1360, 1240);
        browser.evaluate("document.querySelectorAll('.dt-open')[0].click(), document.querySelectorAll('.dt-open')[22].click(), 0");
        browser.evaluate("document.querySelector('canvas').focus(), 0");
        browser.press("ArrowRight"); browser.press("ArrowRight"); browser.press("ArrowDown");
        for (String scheme : new String[] {"light", "dark"}) {
            browser.media("", scheme);
            for (int at = 0; at < 3; at++) {
                browser.evaluate("window.scrollTo({top:" + (at == 2 ? "document.querySelector('#dt-files').offsetTop" : at * 1080) + ",behavior:'instant'}), 0");
                browser.screenshot(shots.resolve(scheme + "-" + at + ".png"), false);
            }
        }
    }
}
