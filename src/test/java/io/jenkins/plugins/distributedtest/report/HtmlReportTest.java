package io.jenkins.plugins.distributedtest.report;

import static io.jenkins.plugins.distributedtest.report.SampleRuns.OTHER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.WORKER;
import static io.jenkins.plugins.distributedtest.report.SampleRuns.attempt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.Failure;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.ListenerReport;
import io.jenkins.plugins.distributedtest.suite.RunEnd;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page in a real browser. Each test opens it anew; the page's own content security policy is always on, and any
 * broken policy, console message, error or request for something else counts as a problem. Pictures of it are left in
 * {@code target/screenshots}.
 */
class HtmlReportTest {
    private static final String FIRST_ROWS =
            "[...document.querySelectorAll('.dt-files .dt-path')].slice(0, 5)" + ".map(e => e.textContent).join(' ')";
    private static final String COUNT = "document.querySelector('.dt-count').textContent";

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

    @BeforeEach
    void startAfresh() throws Exception {
        browser.size(1360, 1000);
        browser.media("", "light");
    }

    private static Path open(RunReport report) throws Exception {
        Path page = directory.resolve("page.html");
        HtmlReport.write(report, RerunCommand.DEFAULT, page);
        browser.open(page);
        return page;
    }

    private static void await(String expression, String value) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(browser.text(expression)).isEqualTo(value));
    }

    private static void click(String selector) throws Exception {
        browser.evaluate("document.querySelector(" + quoted(selector) + ").click(), 0");
    }

    private static void filter(String text) throws Exception {
        browser.evaluate("{const s = document.querySelector('#dt-search'); s.value = " + quoted(text)
                + "; s.dispatchEvent(new Event('input')); 0}");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static RunReport small() {
        List<FileReport> files = new ArrayList<>();
        String[] names = {"b", "a", "d", "c"};
        for (int i = 0; i < names.length; i++) {
            FileResult result = SampleRuns.result(
                    names[i] + ".rb", FileStatus.PASSED, i + 1, List.of(SampleRuns.passed("case " + names[i])));
            files.add(new FileReport(result.file(), List.of(attempt(result, i % 2 == 0 ? WORKER : OTHER, i)), 2));
        }
        FileResult bad =
                SampleRuns.result("bad.rb", FileStatus.FAILED, 2, List.of(SampleRuns.failed("shaky", "expected 3")));
        FileResult good = SampleRuns.result("bad.rb", FileStatus.PASSED, 2, List.of(SampleRuns.passed("shaky")));
        FileResult timeout = SampleRuns.problem("slow.rb", FileStatus.TIMED_OUT, "too slow", "so far", null, null);
        files.add(new FileReport(bad.file(), List.of(attempt(bad, WORKER, 5), attempt(good, OTHER, 7)), 0));
        files.add(new FileReport(timeout.file(), List.of(attempt(timeout, OTHER, 9)), 0));
        files.add(new FileReport(new TestFile("never.rb"), List.of(), 0));
        return SampleRuns.run(files, 12, SampleRuns.listener(WORKER, 1, 0.5), SampleRuns.listener(OTHER, 1, 0.75));
    }

    @Test
    void showsARunWithoutAnyProblem() throws Exception {
        open(SampleRuns.big(7, 240, 3, 4, 6));
        Path shots = Files.createDirectories(Path.of("target/screenshots"));
        browser.size(1360, 1240);
        for (String scheme : List.of("light", "dark")) {
            browser.media("", scheme);
            browser.screenshot(shots.resolve("top-" + scheme + ".png"), false);
            browser.screenshot(shots.resolve("whole-" + scheme + ".png"), true);
        }
        browser.size(400, 900);
        browser.media("", "light");
        browser.screenshot(shots.resolve("narrow.png"), false);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(400);
        Files.write(shots.resolve("print.pdf"), browser.pdf());
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void aFileOfVeryManyCasesKeepsThePageSmallAndItsFailuresOnIt() throws Exception {
        List<TestCase> cases = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            cases.add(SampleRuns.passed("case " + i));
        }
        cases.add(SampleRuns.failed("the one that fails", "after all others"));
        FileResult result = SampleRuns.result("many.rb", FileStatus.FAILED, 9, cases);
        Path page = open(SampleRuns.run(List.of(SampleRuns.file(attempt(result, WORKER, 0))), 12));
        assertThat(Files.size(page)).isLessThan(2 << 20);
        assertThat(browser.text("document.querySelector('.dt-tiles').innerText"))
                .contains("100,001", "1 failed");
        assertThat(browser.text("document.querySelector('#run').textContent"))
                .contains("the one that fails", "after all others");
        click(".dt-open");
        await("String(document.querySelector('.dt-files').innerText.includes('95,001 more tests left out'))", "true");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void tellsTotalsWallTimeAndListeners() throws Exception {
        open(small());
        assertThat(browser.text("document.querySelector('h1').textContent")).isEqualTo("shopFailed");
        assertThat(browser.text("document.querySelector('.dt-tiles').innerText"))
                .contains("7", "5 passed, 1 failed, 1 without a result", "12.0 s", "lower bound");
        assertThat(browser.text("document.querySelector('#dt-wall').innerText"))
                .contains("Lower bound", "Last straggler", "slow.rb", "Idle between", "First file after", "More slots");
        assertThat(browser.text("document.querySelector('#dt-listeners').innerText"))
                .contains("ci-1", "ci-2", "3f2a77c0");
        assertThat(browser.text("document.querySelector('#dt-failures').innerText"))
                .contains("slow.rb", "too slow", "distributed-test run slow.rb");
        assertThat(browser.text("document.querySelector('#dt-flaky').innerText"))
                .contains("bad.rb");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void sortsByEachColumnBothWays() throws Exception {
        open(small());
        assertThat(browser.text(FIRST_ROWS)).isEqualTo("slow.rb never.rb bad.rb b.rb a.rb");
        click("th:nth-child(2) .dt-sort");
        assertThat(browser.text(FIRST_ROWS)).isEqualTo("a.rb b.rb bad.rb c.rb d.rb");
        assertThat(browser.text("document.querySelector('th:nth-child(2)').getAttribute('aria-sort')"))
                .isEqualTo("ascending");
        click("th:nth-child(2) .dt-sort");
        assertThat(browser.text(FIRST_ROWS)).isEqualTo("slow.rb never.rb d.rb c.rb bad.rb");
        assertThat(browser.text("document.querySelector('th:nth-child(2)').getAttribute('aria-sort')"))
                .isEqualTo("descending");
        click("th:nth-child(3) .dt-sort");
        assertThat(browser.text(FIRST_ROWS)).isEqualTo("c.rb d.rb a.rb bad.rb slow.rb");
        click("th:nth-child(3) .dt-sort");
        assertThat(browser.text(FIRST_ROWS)).isEqualTo("b.rb a.rb bad.rb slow.rb d.rb");
        click("th:nth-child(5) .dt-sort");
        assertThat(browser.text(FIRST_ROWS)).isEqualTo("c.rb d.rb a.rb b.rb bad.rb");
    }

    @Test
    void filtersByTextAndOutcome() throws Exception {
        open(small());
        assertThat(browser.text(COUNT)).isEqualTo("7 files");
        filter("D.RB  case");
        await(FIRST_ROWS, "d.rb");
        assertThat(browser.text(COUNT)).isEqualTo("1 of 7 files");
        filter("ci-1");
        await(FIRST_ROWS, "bad.rb b.rb d.rb");
        filter("nothing has this");
        await(COUNT, "0 of 7 files");
        filter("");
        browser.evaluate("{const s = document.querySelector('#dt-outcome'); s.value = 'timed_out';"
                + "s.dispatchEvent(new Event('change')); 0}");
        await(FIRST_ROWS, "slow.rb");
        click(".dt-chips li:nth-child(2) button");
        await(FIRST_ROWS, "bad.rb");
        assertThat(browser.text("document.querySelector('#dt-outcome').value")).isEqualTo("flaky");
    }

    /** Three failed files, the second with two bad tests; each has the words of the others' tests somewhere. */
    private static RunReport failing() {
        List<FileReport> files = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            FileResult bad = SampleRuns.result(
                    "module_" + i + ".rb",
                    FileStatus.FAILED,
                    1,
                    List.of(
                            SampleRuns.failed("module " + i + " case " + (4 - i), "no"),
                            i == 2 ? SampleRuns.failed("module 2 case 9", "no") : SampleRuns.passed("other")));
            files.add(new FileReport(bad.file(), List.of(attempt(bad, WORKER, i)), 0));
        }
        return SampleRuns.run(files, 6, SampleRuns.listener(WORKER, 1, 0.5));
    }

    @Test
    void beginsWithTheFailedTestsByName() throws Exception {
        open(failing());
        assertThat(browser.text("document.querySelector('main section').id")).isEqualTo("dt-failures");
        assertThat(browser.text("[...document.querySelectorAll('.dt-fold > summary')].map(s => s.innerText).join('|')"))
                .contains(
                        "Sample \u203a module 1 case 3",
                        "Sample \u203a module 2 case 2 and 1 more test",
                        "module_3.rb");
        filter("Module 3  case 1");
        await(FIRST_ROWS, "module_3.rb");
        assertThat(browser.text(COUNT)).isEqualTo("1 of 3 files");
        filter("case module");
        await(COUNT, "3 files");
    }

    @Test
    void aFileThatIsATestIsNamedOnceAndShowsWhatItPrinted() throws Exception {
        String path = "checks/login.sh";
        TestCase itself = new TestCase(path, path, 1, CaseStatus.FAILED, new Failure("exit code 1", "", ""), "", 0);
        FileResult bad = SampleRuns.result(path, FileStatus.FAILED, 1, List.of(itself))
                .withMessage("The command ended: exit code 1.")
                .withOutput("Expected 200, got 500");
        open(SampleRuns.run(
                List.of(new FileReport(bad.file(), List.of(attempt(bad, WORKER, 0)), 0)),
                2,
                SampleRuns.listener(WORKER, 1, 0.5)));
        assertThat(browser.text("document.querySelector('.dt-fold > summary').innerText"))
                .containsOnlyOnce("login.sh");
        assertThat(browser.text("document.querySelector('.dt-fold').innerText"))
                .contains("Expected 200, got 500")
                .doesNotContain("\u203a");
    }

    @Test
    void opensAFileWithItsAttemptsByKeyboard() throws Exception {
        open(small());
        browser.evaluate("[...document.querySelectorAll('.dt-open')].find(b => b.textContent === 'bad.rb').focus(), 0");
        // Enter on a button is its click; the page itself has no handler for it there.
        browser.evaluate("document.activeElement.click(), 0");
        assertThat(browser.text("document.activeElement.getAttribute('aria-expanded')"))
                .isEqualTo("true");
        assertThat(browser.text("document.querySelector('.dt-more:not([hidden])').innerText"))
                .contains("Attempt 1", "Attempt 2", "expected 3", "at line 7", "distributed-test run bad.rb", "shaky");
    }

    @Test
    void theTimelineAnswersKeyboardAndPointer() throws Exception {
        open(small());
        String tip = "document.querySelector('.dt-tip').hidden ? '' : document.querySelector('.dt-tip').innerText";
        browser.evaluate("document.querySelector('canvas').focus(), 0");
        browser.press("ArrowRight");
        assertThat(browser.text(tip)).contains("b.rb", "passed in 1.00 s, expected 2.00 s", "on ci-1/3f2a77c0#1");
        browser.press("ArrowDown");
        assertThat(browser.text(tip)).contains("a.rb", "ci-2");
        assertThat(browser.text("document.querySelector('[role=status].dt-spoken').textContent"))
                .contains("a.rb");
        browser.press("Enter");
        await(FIRST_ROWS, "a.rb");
        browser.evaluate("document.querySelector('canvas').scrollIntoView({block: 'center', behavior: 'instant'}), 0");
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode box = browser.evaluate("{const b = document.querySelector('canvas').getBoundingClientRect();"
                    + "({x: b.x, y: b.y, width: b.width})}");
            double second = (box.get("width").doubleValue() - 180) / 12;
            double x = box.get("x").doubleValue() + 168 + 5.5 * second;
            browser.mouse("mouseMoved", x, box.get("y").doubleValue() + 48, "none");
            assertThat(browser.text("document.querySelector('.dt-tip strong').textContent"))
                    .isEqualTo("bad.rb");
        });
        assertThat(browser.text(tip)).contains("failed in 2.00 s, attempt 1 of 2");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void followsLightAndDarkWithReadableContrast() throws Exception {
        open(small());
        // the least contrast (WCAG 2.1) of any text against what is behind it
        String contrast = """
                (() => {
                  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
                  const over = (color, under) => {
                    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
                    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
                    const d = canvas.getImageData(0, 0, 1, 1).data;
                    return `rgb(${d[0]} ${d[1]} ${d[2]})`;
                  };
                  const behind = (e) => e === null ? 'white'
                    : over(getComputedStyle(e).backgroundColor, behind(e.parentElement));
                  const light = (color) => color.match(/\\d+/g).map((v) => v / 255)
                    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
                  let least = [99, ''];
                  for (const e of document.querySelectorAll('#run *')) {
                    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
                    const back = behind(e), a = light(back), b = light(over(getComputedStyle(e).color, back));
                    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                    if (ratio < least[0]) least = [ratio, e.className + ': ' + e.textContent];
                  }
                  return least;
                })()""";
        String background = "getComputedStyle(document.querySelector('.dt-card')).backgroundColor";
        assertThat(browser.text(background)).isEqualTo("rgb(255, 255, 255)");
        JsonNode light = browser.evaluate(contrast);
        assertThat(light.get(0).doubleValue()).as(light.toString()).isGreaterThanOrEqualTo(4.5);
        browser.media("", "dark");
        assertThat(browser.text(background)).isEqualTo("rgb(22, 26, 33)");
        JsonNode dark = browser.evaluate(contrast);
        assertThat(dark.get(0).doubleValue()).as(dark.toString()).isGreaterThanOrEqualTo(4.5);
    }

    @Test
    void hasNamesAndRolesForWhatIsInteractive() throws Exception {
        open(small());
        assertThat(browser.text("""
                [...document.querySelectorAll('button, a, input, select, canvas, nav, section, table, [role=region]')]
                  .filter((e) => !(e.getAttribute('aria-label') || e.labels?.length || e.caption
                    || e.getAttribute('aria-labelledby') || (e.matches('button, a') && e.textContent.trim())))
                  .map((e) => e.outerHTML).join()""")).isEmpty();
        assertThat(browser.text(
                        "document.querySelectorAll('main').length + ' ' + document.querySelectorAll('h1').length"))
                .isEqualTo("1 1");
        assertThat(browser.text("{const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
                        + "ids.filter((id, i) => ids.indexOf(id) !== i).join()}"))
                .isEmpty();
    }

    @Test
    void hostileTextStaysText() throws Exception {
        String nasty =
                "<script>window.hit=1</script></script><!--<img src=x onerror=window.hit=2>\"'`${hit}&lt; \u0000\u001B[1m\uD800";
        String path = "spec/<script>alert(1)<x>'\"&lt;.rb";
        TestCase test = new TestCase(nasty, nasty, 1, CaseStatus.FAILED, new Failure(nasty, nasty, nasty), nasty, 1);
        FileResult result = FileResult.of(new TestFile(path), FileStatus.FAILED, 1)
                .withCases(List.of(test))
                .withMessage(nasty)
                .withOutput(nasty)
                .withEnding(null, nasty)
                .by(nasty);
        open(new RunReport(
                nasty,
                nasty,
                SampleRuns.START,
                2,
                RunEnd.ERROR,
                nasty,
                List.of(new FileReport(result.file(), List.of(attempt(result, WORKER, 0)), 0)),
                List.of(new ListenerReport(WORKER.listener(), nasty, nasty, 1, 0, Double.NaN, 0, nasty))));
        assertThat(browser.text("String(window.hit)")).isEqualTo("undefined");
        assertThat(browser.evaluate("document.querySelectorAll('img, #run script').length")
                        .intValue())
                .isZero();
        assertThat(browser.text("document.querySelector('#dt-failures .dt-path').textContent"))
                .isEqualTo(path);
        assertThat(browser.text("document.querySelector('.dt-case pre').textContent"))
                .contains("<script>window.hit=1</script></script><!--<img src=x onerror=window.hit=2>\"'`${hit}&lt;");
        click(".dt-open");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void holdsNothingThatAStrictPolicyForbids() throws Exception {
        String page = Files.readString(open(small()), StandardCharsets.UTF_8);
        String markup =
                page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1").replaceAll("(?s)<style>.*?</style>", "");
        assertThat(markup).contains("default-src 'none'").doesNotContain("unsafe-", " style=", "://");
        assertThat(markup).doesNotContainPattern("<[^>]*\\s(on[a-z]+|src|href)=");
        assertThat(page).doesNotContain("innerHTML", "insertAdjacentHTML", "eval(", "new Function");
        // The policy is at work: what did not come with the page does not run.
        browser.evaluate("{const s = document.createElement('script'); s.textContent = 'window.late = 1';"
                + "document.body.append(s); 0}");
        assertThat(browser.text("String(window.late)")).isEqualTo("undefined");
        assertThat(browser.evaluate("document.querySelectorAll('[style*=expression], [onclick]').length")
                        .intValue())
                .isZero();
    }

    @Test
    void rendersNewerDataInTheSamePlace() throws Exception {
        open(small());
        assertThat(browser.text("{const d = JSON.parse(document.querySelector('#run-data').textContent);"
                        + "d.files = d.files.slice(0, 2); d.totals.files = 2;"
                        + "const root = document.querySelector('#run'); window.distributedTest.renderRun(root, d);"
                        + "document.querySelectorAll('h1').length + ' ' + " + COUNT + "}"))
                .isEqualTo("1 2 files");
        assertThat(browser.problems()).isEmpty();
    }

    /** A run 10 s after its start: one file done, one lost and running again for 4 s of an expected 8, one to go. */
    private static RunReport live() {
        FileResult done = SampleRuns.result("done.rb", FileStatus.PASSED, 2, List.of(SampleRuns.passed("case")));
        FileResult lost = SampleRuns.result("now.rb", FileStatus.LOST, 1, List.of());
        return new RunReport(
                "run-1",
                "shop",
                SampleRuns.START,
                10,
                RunEnd.RUNNING,
                "",
                List.of(
                        new FileReport(done.file(), List.of(attempt(done, OTHER, 1)), 2),
                        new FileReport(
                                lost.file(), List.of(attempt(lost, OTHER, 4)), 8, new FileReport.Running(WORKER, 2, 6)),
                        new FileReport(new TestFile("later.rb"), List.of(), 0)),
                List.of(SampleRuns.listener(WORKER, 1, 1), SampleRuns.listener(OTHER, 1, 1)));
    }

    @Test
    void showsWhatIsRunningWithItsExpectedEnd() throws Exception {
        open(live());
        Path shots = Files.createDirectories(Path.of("target/screenshots"));
        browser.screenshot(shots.resolve("live-light.png"), true);
        browser.media("", "dark");
        browser.screenshot(shots.resolve("live-dark.png"), true);
        assertThat(browser.text("document.querySelector('.dt-tiles').textContent"))
                .contains("1 passed, 0 failed, 1 running, 1 to go")
                .contains("so far")
                .contains("39 % busy"); // of 18 s 2 and 1 and 4
        assertThat(browser.text("document.querySelector('.dt-chips').textContent"))
                .contains("1 running", "1 to go");
        assertThat(browser.text("document.querySelector('.dt-legend').textContent"))
                .contains("lost with its listener", "running")
                .doesNotContain("crashed");
        filter("now.rb");
        await("document.querySelector('#dt-files-table tbody .dt-time').textContent", "4.00 s");
        assertThat(browser.text("document.querySelector('#dt-files-table tbody .dt-pill').textContent"))
                .isEqualTo("running");
        // The timeline tells the same: the first lane's only bar.
        browser.evaluate("{const c = document.querySelector('.dt-canvas'); c.focus();"
                + "c.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' })); 0}");
        assertThat(browser.text("document.querySelector('.dt-tip').textContent"))
                .contains("now.rb", "running for 4.00 s, expected to take 8.00 s", "since 6.00 s");
        assertThat(browser.text("document.querySelector('#dt-wall').textContent"))
                .doesNotContain("straggler")
                .doesNotContain("Lower bound");
        assertThat(browser.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EMPTY", "RUNNING"})
    void showsARunInWhichNothingRan(String kind) throws Exception {
        open(new RunReport(
                "id",
                "",
                SampleRuns.START,
                1,
                kind.equals("EMPTY") ? RunEnd.ERROR : RunEnd.RUNNING,
                "none",
                kind.equals("EMPTY") ? List.of() : List.of(new FileReport(new TestFile("a"), List.of(), 0)),
                List.of()));
        assertThat(browser.text("document.querySelector('#dt-wall').innerText")).contains("Nothing ran");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void fiftyThousandTestsInThousandsOfFilesStayUsable() throws Exception {
        open(SampleRuns.big(8, 5_000, 8, 8, 10));
        assertThat(browser.text("document.querySelector('.dt-tiles').innerText"))
                .contains("5,000");
        assertThat(browser.evaluate("document.querySelectorAll('.dt-files tbody tr').length")
                        .intValue())
                .isEqualTo(200);
        filter("_4321_spec");
        await(COUNT, "1 of 5,000 files");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void fiftyThousandFilesStayUsable() throws Exception {
        open(SampleRuns.big(9, 50_000, 10, 16, 1));
        assertThat(browser.text(COUNT)).isEqualTo("50,000 files");
        click("th:nth-child(3) .dt-sort");
        filter("_49999_");
        await(COUNT, "1 of 50,000 files");
        click(".dt-open");
        assertThat(browser.text("document.querySelector('.dt-more').innerText")).contains("started at");
        filter("");
        await(COUNT, "50,000 files");
        assertThat(browser.text("document.querySelector('.dt-pager').innerText"))
                .contains("Page 1 of 500");
        click(".dt-pager button:last-child");
        assertThat(browser.text("document.querySelector('.dt-pager').innerText"))
                .contains("Page 2 of 500");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void isReadableWithoutScripts() throws Exception {
        Path page = open(small());
        browser.call("Emulation.setScriptExecutionDisabled", java.util.Map.of("value", true));
        try {
            browser.call("Page.navigate", java.util.Map.of("url", page.toUri() + "?plain"));
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                JsonNode root =
                        browser.call("DOM.getDocument", java.util.Map.of()).get("root");
                int main = browser.call(
                                "DOM.querySelector",
                                java.util.Map.of("nodeId", root.get("nodeId").intValue(), "selector", "noscript main"))
                        .get("nodeId")
                        .intValue();
                assertThat(main).isNotZero();
                assertThat(browser.call("DOM.getOuterHTML", java.util.Map.of("nodeId", main))
                                .get("outerHTML")
                                .textValue())
                        .contains("slow.rb: timed out", "FAILED in 12.0 s");
            });
        } finally {
            browser.call("Emulation.setScriptExecutionDisabled", java.util.Map.of("value", false));
        }
    }
}
