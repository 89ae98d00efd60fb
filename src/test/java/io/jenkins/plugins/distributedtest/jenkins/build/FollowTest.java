package io.jenkins.plugins.distributedtest.jenkins.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import io.jenkins.plugins.distributedtest.report.Chromium;
import io.jenkins.plugins.distributedtest.report.SampleRuns;
import io.jenkins.plugins.distributedtest.suite.Attempt;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages of a build in a real browser, from a server that has what Jenkins has: the files, the policy, the theme. */
class FollowTest {
    private static final List<String> STYLES = List.of("report/run.css", "jenkins/build/follow.css");
    private static final List<String> SCRIPTS = List.of(
            "report/dom.js",
            "report/timeline.js",
            "report/files.js",
            "report/run.js",
            "report/view.js",
            "jenkins/build/asking.js",
            "jenkins/build/follow.js");
    private static final String COUNT = "document.querySelector('.dt-count').textContent";
    private static final String STATUS = "document.querySelector('.dt-live').innerText";
    private static final String STATE = "document.querySelector('[data-dt-run]').dataset.dtState || ''";
    private static final String THEME = """
            :root { --background: #fefefe; --card-background: #fff; --text-color: rgb(10 10 30); --text-color-secondary: #667;
              --jenkins-border-color: #dde; --input-border-hover: #99a; --accent-color: #06c; --green: rgb(0 160 80);
              --orange: #d70; --red: #d11; --purple: #80c; --pink: #c06; --font-family-sans: sans-serif;
              --font-family-mono: monospace; }
            [data-theme=dark] { --background: rgb(20 20 24); --card-background: #222228; --text-color: #fff;
              --text-color-secondary: #99a; --green: rgb(90 230 120); color-scheme: dark; }
            body { background: var(--background); color: var(--text-color); }
            """;

    @TempDir
    static Path directory;

    private static Chromium browser;

    private final AtomicReference<RunReport> report = new AtomicReference<>();
    private Pages pages;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Chromium.isInstalled(), "/usr/bin/chromium is not installed");
        browser = new Chromium(directory);
        // Whoever waits a second or more waits a tenth of it, of four seconds or more a hundredth; it is noted how long
        // it was to be.
        browser.call(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                        "source",
                        "{const real = window.setTimeout; window.waits = [];"
                                + "window.setTimeout = (work, wait) => { if (wait >= 1000) { window.waits.push(wait); }"
                                + "return real(work, wait / (wait >= 4000 ? 100 : wait >= 1000 ? 10 : 1)); }; }"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void serve() throws Exception {
        browser.size(1360, 1000);
        browser.media("", "light");
        pages = new Pages();
        pages.on("/theme.css", exchange -> Pages.send(exchange, 200, "text/css", THEME));
        pages.page(
                "/", "<main><h1>Distributed tests</h1><div data-dt-run=\"/run/data\"></div></main>", STYLES, SCRIPTS);
        live();
    }

    @AfterEach
    void stopServing() throws Exception {
        browser.open(java.net.URI.create("about:blank"));
        pages.close();
    }

    /** Answers as the controller does while the run goes on. */
    private void live() {
        LiveRun run = new LiveRun(report::get, System::nanoTime);
        pages.on("/run/data", exchange -> answer(exchange, run.answer(Pages.parameter(exchange, "cursor"))));
    }

    private static void answer(HttpExchange exchange, PageAnswer answer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            answer.write(out);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, bytes.size());
        bytes.writeTo(exchange.getResponseBody());
    }

    private static RunReport run(RunEnd end, double wall, FileReport... files) {
        return new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                wall,
                end,
                "",
                List.of(files),
                List.of(SampleRuns.listener(SampleRuns.WORKER, 2, 0.5)));
    }

    private static FileReport waiting(String path) {
        return new FileReport(new TestFile(path), List.of(), 0);
    }

    private static FileReport passed(String path, double start) {
        return ended(path, FileStatus.PASSED, start);
    }

    private static FileReport ended(String path, FileStatus status, double start) {
        Attempt attempt = SampleRuns.attempt(
                SampleRuns.result(
                        path,
                        status,
                        1,
                        List.of(
                                status == FileStatus.PASSED
                                        ? SampleRuns.passed("one")
                                        : SampleRuns.failed("one", "expected 3, got 4"))),
                SampleRuns.WORKER,
                start);
        return SampleRuns.file(attempt);
    }

    private void open(String path) throws Exception {
        browser.open(pages.uri(path));
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
    }

    private static void await(String expression, String value) {
        await(() -> assertThat(browser.text(expression)).isEqualTo(value));
    }

    private static void click(String selector) throws Exception {
        browser.evaluate("document.querySelector('" + selector + "').click(), 0");
    }

    @Test
    void showsARunAsItGoesOnAndStopsAskingWhenItHasEnded() throws Exception {
        report.set(run(RunEnd.RUNNING, 2, waiting("a.rb"), waiting("b.rb"), waiting("c.rb")));
        open("/");
        await("document.querySelector('.dt-verdict').textContent", "Running");
        assertThat(browser.text(STATUS)).contains("Live", "as of");
        assertThat(browser.text("document.querySelector('.dt-tiles').innerText"))
                .contains("3 to go");

        report.set(run(RunEnd.RUNNING, 4, passed("a.rb", 1), ended("b.rb", FileStatus.FAILED, 2), waiting("c.rb")));
        await("String(document.querySelectorAll('#dt-failures .dt-path').length)", "1");
        assertThat(browser.text("document.querySelector('#dt-failures').innerText"))
                .contains("b.rb", "expected 3, got 4");
        assertThat(browser.text("document.querySelector('.dt-verdict').textContent"))
                .isEqualTo("Running");

        RunReport end =
                run(RunEnd.COMPLETED, 5, passed("a.rb", 1), ended("b.rb", FileStatus.FAILED, 2), passed("c.rb", 3));
        RunFiles files = new RunFiles(directory);
        files.write(end);
        pages.on("/run/data", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, Files.size(files.page("run-1")));
            Files.copy(files.page("run-1"), exchange.getResponseBody());
        });
        await(STATE, "finished");
        assertThat(browser.text("document.querySelector('.dt-verdict').textContent"))
                .isEqualTo("Failed");
        assertThat(browser.evaluate("document.querySelector('.dt-live').hidden").booleanValue())
                .isTrue();
        assertNoMoreQuestions();
        assertThat(browser.problems()).isEmpty();
    }

    /** Each question but the last was followed by a wait for the next, the last by none. */
    private void assertNoMoreQuestions() throws Exception {
        assertThat(browser.evaluate("window.waits.length").longValue()).isEqualTo(pages.questions("/run/data") - 1);
    }

    @Test
    void onlyWhatChangedIsSentAndTheRestIsLeftAlone() throws Exception {
        List<FileReport> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            all.add(waiting("spec/models/some_model_" + i + "_spec.rb"));
        }
        report.set(run(RunEnd.RUNNING, 2, all.toArray(FileReport[]::new)));
        open("/");
        await(COUNT, "5,000 files");
        browser.evaluate("{const s = document.querySelector('#dt-search'); s.value = 'model_40'; s.focus();"
                + "s.dispatchEvent(new Event('input')); 0}");
        await(COUNT, "111 of 5,000 files");
        browser.evaluate("document.querySelectorAll('.dt-open')[2].click(), 0");
        browser.evaluate("document.querySelectorAll('.dt-open')[2].focus(), 0");
        browser.evaluate("window.mark = document.querySelectorAll('.dt-files tbody tr')[4], 0");
        browser.evaluate("window.scrollTo(0, 300), 0");

        all.set(4001, passed("spec/models/some_model_4001_spec.rb", 1));
        report.set(run(RunEnd.RUNNING, 4, all.toArray(FileReport[]::new)));
        await("document.querySelector('.dt-tiles').innerText.includes('1 passed') + ''", "true");
        assertThat(browser.text(COUNT)).isEqualTo("111 of 5,000 files");
        assertThat(browser.text("document.querySelector('#dt-search').value")).isEqualTo("model_40");
        assertThat(browser.evaluate(
                                "window.mark.isConnected && window.mark === [...document.querySelectorAll('.dt-files tbody tr')]"
                                        + ".find(e => e.innerText === window.mark.innerText)")
                        .booleanValue())
                .isTrue();
        assertThat(browser.text("document.activeElement.className")).isEqualTo("dt-open");
        assertThat(browser.text("String(document.querySelectorAll('.dt-more:not([hidden])').length)"))
                .isEqualTo("1");
        assertThat(browser.evaluate("window.scrollY").intValue()).isEqualTo(300);

        List<Pages.Asked> asked = pages.asked.stream()
                .filter(one -> one.uri().startsWith("/run/data"))
                .toList();
        assertThat(asked.get(0).bytes()).isGreaterThan(20_000);
        assertThat(asked.subList(1, asked.size()))
                .allSatisfy(one -> assertThat(one.bytes()).isLessThan(3_000));
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void whatIsOpenZoomedOrSelectedStaysSo() throws Exception {
        report.set(run(RunEnd.RUNNING, 5, ended("a.rb", FileStatus.FAILED, 1), passed("b.rb", 3), waiting("c.rb")));
        open("/");
        await("String(document.querySelectorAll('#dt-failures details[open]').length)", "1");
        click("#dt-failures summary");
        browser.evaluate("getSelection().selectAllChildren(document.querySelector('#dt-listeners tbody')), 0");
        browser.evaluate("window.listeners = document.querySelector('#dt-listeners'), 0");

        report.set(run(
                RunEnd.RUNNING,
                9,
                ended("a.rb", FileStatus.FAILED, 1),
                passed("b.rb", 3),
                ended("c.rb", FileStatus.FAILED, 6)));
        await("String(document.querySelectorAll('#dt-failures details').length)", "2");
        assertThat(browser.text("[...document.querySelectorAll('#dt-failures details')].map(e => e.open).join()"))
                .isEqualTo("false,true");
        assertThat(browser.evaluate("window.listeners.isConnected && !getSelection().isCollapsed")
                        .booleanValue())
                .isTrue();
        browser.evaluate("getSelection().removeAllRanges(), 0");
        await("String(window.listeners.isConnected)", "false");
        assertThat(browser.text("document.querySelector('.dt-canvas').getAttribute('aria-label')"))
                .contains("9.00 s");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aControllerThatIsAwayIsToldOfAndAskedAgain() throws Exception {
        report.set(run(RunEnd.RUNNING, 2, waiting("a.rb")));
        open("/");
        await(() -> assertThat(browser.text(STATUS)).contains("Live"));
        pages.on("/run/data", exchange -> Pages.send(exchange, 503, "text/html", "<p>Starting"));
        await(() -> assertThat(browser.text(STATUS))
                .contains("Jenkins does not answer", "What you see is from", "Trying again in", "Try now"));
        assertThat(browser.text(COUNT)).isEqualTo("1 file");
        // Less and less often, but not ever less often.
        await(() -> assertThat(browser.text("window.waits.filter(wait => wait >= 4000).slice(0, 7).join()"))
                .isEqualTo("4000,8000,16000,32000,60000,60000,60000"));

        // It is back, and does not have the run yet.
        pages.on("/run/data", exchange -> answer(exchange, PageAnswer.waiting()));
        click(".dt-again");
        await(() -> assertThat(browser.text(STATUS)).contains("the run is being taken up again"));
        report.set(run(RunEnd.RUNNING, 9, passed("a.rb", 1)));
        live(); // with a mark of its own
        await(() -> assertThat(browser.text(STATUS)).contains("Live"));
        await(() -> assertThat(browser.text("document.querySelector('.dt-tiles').innerText"))
                .contains("1 passed"));
    }

    @ParameterizedTest
    @CsvSource({"403, no longer see", "404, gone", "302, no longer see"})
    void anAnswerForGoodEndsTheAsking(int status, String words) throws Exception {
        pages.on("/run/data", exchange -> {
            exchange.getResponseHeaders().set("Location", "/login");
            Pages.send(exchange, status, "text/html", "<p>No");
        });
        open("/");
        await(() -> assertThat(browser.text(STATUS)).contains(words));
        assertNoMoreQuestions();
    }

    @Test
    void aRunThatIsNotThereIsWaitedForOrGivenUp() throws Exception {
        pages.on("/run/data", exchange -> answer(exchange, PageAnswer.waiting()));
        open("/");
        await(() -> assertThat(browser.text(STATUS)).contains("getting ready"));
        pages.on("/run/data", exchange -> answer(exchange, PageAnswer.lost()));
        await(() -> assertThat(browser.text(STATUS)).contains("left no report", "log says why"));
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void followsTheTheme() throws Exception {
        report.set(run(RunEnd.RUNNING, 4, passed("a.rb", 0), waiting("b.rb")));
        browser.media("", "dark"); // What the system likes is not what Jenkins shows.
        open("/");
        String pill = "getComputedStyle(document.querySelector('.dt-files .dt-is-passed')).color";
        await(() -> assertThat(browser.text(COUNT)).isEqualTo("2 files"));
        String light = browser.text(pill);
        String ground = browser.text("getComputedStyle(document.querySelector('.dt-card')).backgroundColor");
        assertThat(ground).isEqualTo("rgb(255, 255, 255)");
        // A point of the passed bar, a little below and after where the plot begins.
        String bar =
                "(() => { const c = document.createElement('canvas'); c.width = c.height = 1; const on = c.getContext('2d');"
                        + "on.drawImage(document.querySelector('.dt-canvas'), -185, -41); return [...on.getImageData(0, 0, 1, 1).data].join(); })()";
        await(bar, "22,147,89,255"); // 78 % of green and the rest of the second color of text

        browser.evaluate("document.documentElement.dataset.theme = 'dark', 0");
        await(bar, "104,213,131,255");
        assertThat(browser.text(pill)).isNotEqualTo(light);
        assertThat(browser.text("getComputedStyle(document.querySelector('.dt-card')).backgroundColor"))
                .isEqualTo("rgb(34, 34, 40)");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aLinkFromTheLogLeadsToTheFile() throws Exception {
        String path = "spec/odd name/%5 #\"é.rb";
        report.set(run(RunEnd.RUNNING, 4, passed("a.rb", 0), ended(path, FileStatus.FAILED, 2)));
        open("/" + FileAnchor.of(path));
        await(COUNT, "1 of 2 files");
        assertThat(browser.text("document.querySelector('.dt-more:not([hidden])').innerText"))
                .contains("expected 3, got 4");
        browser.evaluate("location.hash = '" + FileAnchor.of("a.rb") + "', 0");
        await("document.querySelector('.dt-files .dt-path').textContent", "a.rb");
        browser.evaluate("location.hash = '#file-not-there', 0");
        browser.evaluate("location.hash = '#file-%', 0");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void theRunsOfABuildAreListedLive() throws Exception {
        String run =
                "{\"id\":\"r1\",\"displayName\":\"unit <b>\",\"url\":\"run/r1/\",\"state\":\"live\",\"end\":\"running\",\"green\":false,"
                        + "\"wallSeconds\":4,\"lowerBoundSeconds\":2,\"slots\":2,\"totals\":{\"files\":4,\"unfinished\":3,\"failed\":1,\"timedOut\":0,"
                        + "\"crashed\":0,\"flaky\":0,\"cases\":7}}";
        String other =
                "{\"id\":\"r2\",\"displayName\":\"Run 2\",\"url\":\"run/r2/\",\"state\":\"waiting\",\"totals\":null}";
        pages.page("/runs/", "<main><div data-dt-runs=\"api/json\"></div></main>", STYLES, SCRIPTS);
        pages.on(
                "/runs/api/json",
                exchange -> Pages.send(exchange, 200, "application/json", "{\"runs\":[" + run + "," + other + "]}"));
        open("/runs/");
        await("String(document.querySelectorAll('tbody tr').length)", "2");
        assertThat(browser.text("document.querySelector('tbody').innerText"))
                .contains("running", "unit <b>", "1 of 4", "Run 2", "getting ready");
        assertThat(browser.text("document.querySelector('tbody a').getAttribute('href')"))
                .isEqualTo("run/r1/");
        pages.on(
                "/runs/api/json",
                exchange -> Pages.send(
                        exchange,
                        200,
                        "application/json",
                        "{\"runs\":["
                                + run.replace("live", "finished")
                                        .replace("\"unfinished\":3", "\"unfinished\":0")
                                        .replace("running", "completed")
                                + "]}"));
        await(() -> assertThat(browser.text("document.querySelector('tbody').innerText"))
                .contains("failed")
                .doesNotContain("Run 2"));
        assertThat(browser.evaluate("document.querySelector('.dt-live').hidden").booleanValue())
                .isTrue();
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void looksRight() throws Exception {
        report.set(SampleRuns.big(7, 240, 3, 4, 6));
        open("/");
        await(COUNT, "240 files");
        Path shots = Files.createDirectories(Path.of("target/screenshots"));
        for (String theme : List.of("none", "dark")) {
            browser.evaluate("document.documentElement.dataset.theme = '" + theme + "', 0");
            browser.media("", "light");
            browser.screenshot(shots.resolve("build-" + theme + ".png"), true);
        }
        browser.size(500, 900);
        browser.media("", "light");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(500);
        assertThat(browser.problems()).isEmpty();
    }
}
