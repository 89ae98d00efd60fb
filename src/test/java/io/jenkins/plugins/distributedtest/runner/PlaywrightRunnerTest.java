package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The playwright runner with the real Playwright and Chromium, compared with {@code playwright test} on the same tree. */
class PlaywrightRunnerTest extends JavaScriptToolContract {
    private static final String IMPORT = "const { test, expect } = require('@playwright/test');\n";
    private static final String PASSING = IMPORT + "test('adds', () => { expect(1 + 1).toBe(2); });\n";
    private static final String CHROMIUM = "/usr/bin/chromium";

    PlaywrightRunnerTest() {
        super("playwright", "{\"scripts\": {\"test\": \"playwright test\"}}", "tests/next.spec.js", PASSING);
    }

    private OwnProcess own(String... patterns) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("node", "node_modules/@playwright/test/cli.js", "test", "--reporter=json", "--workers=1"));
        command.addAll(List.of(patterns));
        Path report = directory.resolve("own.json");
        Files.deleteIfExists(report);
        return OwnProcess.run(
                job.workspace, Map.of("CI", "true", "PLAYWRIGHT_JSON_OUTPUT_NAME", report.toString()), command);
    }

    /** What Playwright's own JSON report says of tests: groups, title, outcome. */
    private List<String> told() throws Exception {
        List<String> told = new ArrayList<>();
        for (JsonNode file :
                Json.PLAIN.readTree(directory.resolve("own.json").toFile()).path("suites")) {
            collect(file, "", told);
        }
        return told;
    }

    private static void collect(JsonNode suite, String groups, List<String> told) {
        for (JsonNode spec : suite.path("specs")) {
            for (JsonNode test : spec.path("tests")) {
                String status = switch (test.path("status").asText()) {
                    case "expected", "flaky" -> "PASSED";
                    case "unexpected" -> "FAILED";
                    default -> "SKIPPED";
                };
                told.add((groups.isEmpty() ? "" : groups + " | ")
                        + spec.path("title").asText() + " | " + status);
            }
        }
        for (JsonNode inner : suite.path("suites")) {
            String title = inner.path("title").asText();
            collect(inner, groups.isEmpty() ? title : groups + " > " + title, told);
        }
    }

    private static List<String> byTitle(FileResult result) {
        List<String> told = new ArrayList<>();
        result.cases()
                .forEach(
                        each -> told.add((each.className().equals(result.file().path()) ? "" : each.className() + " | ")
                                + each.name() + " | " + outcome(each.status())));
        return told;
    }

    /** Files of many kinds. */
    enum Kind {
        PLAIN("test('a', () => {}); test.describe('g', () => { test('b', () => { expect(1).toBe(2); });"
                + " test.describe('in', () => { test('c', () => { throw new TypeError('odd'); }); }); });"),
        LEFT_OUT(
                "test.skip('a', () => {}); test.fixme('b', () => {}); test('c', () => { test.skip(true, 'not here'); });"
                        + " test('d', () => {});"),
        FOCUSED("test.only('a', () => {}); test('b', () => { throw new Error('x'); });"),
        KNOWN_TO_FAIL("test('a', () => { test.fail(); expect(1).toBe(2); }); test('b', () => { test.fail(); });"),
        SERIAL("test.describe.serial('g', () => { test('a', () => {}); test('b', () => { throw new Error('x'); });"
                + " test('c', () => {}); });"),
        PARALLEL(
                "test.describe.configure({ mode: 'parallel' }); test('a', () => {}); test('b', () => { expect(1).toBe(2); });"),
        RETRIED(
                "test.describe.configure({ retries: 1 });"
                        + " test('flaky', ({}, info) => { expect(info.retry).toBe(1); }); test('bad', () => { throw new Error('x'); });"),
        SERIAL_RETRIED("test.describe.serial('g', () => { test.describe.configure({ retries: 1 }); test('a', () => {});"
                + " test('b', ({}, info) => { expect(info.retry).toBe(1); }); });"),
        BEFORE_ALL("test.beforeAll(() => { throw new Error('hook'); }); test('a', () => {}); test('b', () => {});"),
        AFTER_ALL("test.afterAll(() => { throw new Error('hook'); }); test('a', () => {}); test('b', () => {});"),
        TIMEOUT("test('a', async () => { test.setTimeout(200); await new Promise(r => setTimeout(r, 60000)); });"),
        REJECTION(
                "test('a', async () => { Promise.reject(new Error('nobody cares')); await new Promise(r => setTimeout(r, 50)); });"),
        EXITS("test('a', () => {}); test('b', () => { process.exit(3); }); test('c', () => {});"),
        PAGE("test('a', async ({ page }) => { await page.setContent('<h1>here</h1>');"
                + " await expect(page.locator('h1')).toHaveText('here'); });"),
        SYNTAX("test('a', () => {"),
        TOP("test('a', () => {}); throw new Error('at the top');"),
        MISSING_MODULE("require('./not-there');"),
        TWICE("test('a', () => {}); test('a', () => {});");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private void configure(String more) throws Exception {
        job.write(
                "playwright.config.js",
                "module.exports = { testDir: 'tests', " + more + " use: { launchOptions: { executablePath: '" + CHROMIUM
                        + "', args: ['--no-sandbox'] } } };\n");
    }

    @ParameterizedTest
    @EnumSource
    void casesAndOutcomesAreThoseOfPlaywright(Kind kind) throws Exception {
        assumeTrue(kind != Kind.PAGE || Files.isExecutable(Path.of(CHROMIUM)), "Chromium is not on this host");
        configure("");
        FileResult result = run("tests/some [x] (1).spec.js", IMPORT + kind.text);
        OwnProcess own = own();
        String all = result + result.output() + "\n" + own.said();
        assertThat(result.status() == FileStatus.PASSED).as(all).isEqualTo(own.isWell());
        assertThat(byTitle(result)).as(all).containsExactlyInAnyOrderElementsOf(told());
        assertThat(result.runner()).isEqualTo("playwright");
        boolean badCase = result.cases().stream().anyMatch(each -> each.status().isBad());
        assertThat(own.isWell() || badCase || !result.message().isEmpty())
                .as(all)
                .isTrue();
    }

    /** Browsers as projects, a set-up that they need, forbidOnly, options of the script. */
    @Test
    void projectsOfTheConfigurationAndTheirNeeds() throws Exception {
        job.write(
                "package.json",
                "{\"scripts\": {\"test\": \"MODE=own playwright test tests --project one two -g @wanted\"}}");
        job.write("playwright.config.ts", """
                import { defineConfig } from '@playwright/test';
                export default defineConfig({
                  testDir: './tests',
                  forbidOnly: !!process.env.CI,
                  projects: [
                    { name: 'setup', testMatch: /.*\\.setup\\.ts/ },
                    { name: 'one', dependencies: ['setup'] },
                    { name: 'two', dependencies: ['setup'] },
                    { name: 'other' },
                  ],
                });
                """);
        job.write("tests/all.setup.ts", """
                import { test, expect } from '@playwright/test';
                import { existsSync, writeFileSync } from 'node:fs';
                test('sets up @wanted', () => { expect(existsSync('broken')).toBe(false); writeFileSync('set', ''); });
                """);
        FileResult result = run("tests/a.spec.ts", """
                import { test, expect } from '@playwright/test';
                import { existsSync } from 'node:fs';
                test('is wanted @wanted', () => { expect(existsSync('set')).toBe(true); expect(process.env.MODE).toBe('own'); });
                test('other', () => { throw new Error('x'); });
                """);
        assertThat(Job.told(result))
                .as(result.message() + result.output())
                .containsExactlyInAnyOrder("one | is wanted @wanted | PASSED", "two | is wanted @wanted | PASSED");
        assertThat(result.output()).contains("Playwright runs setup with each file");
        job.write("broken", "");
        FileResult broken = job.run("tests/a.spec.ts");
        assertThat(broken.status()).isEqualTo(FileStatus.FAILED);
        assertThat(broken.message()).contains("sets up @wanted failed, which this file needs");
        assertThat(byTitle(broken)).allSatisfy(each -> assertThat(each).endsWith("SKIPPED"));
        Files.delete(job.workspace.resolve("broken"));
        FileResult only =
                run("tests/only.spec.ts", "import { test } from '@playwright/test'; test.only('a @wanted', () => {});");
        assertThat(only.status()).isEqualTo(FileStatus.FAILED);
        assertThat(only.message()).contains("item focused with '.only' is not allowed");
    }

    @Test
    void suiteIsWhatPlaywrightItselfFinds() throws Exception {
        configure("testIgnore: '**/ignored/**',");
        for (String each : List.of("a.spec.js", "in/[b].test.js", "ignored/c.spec.js", "helper.js")) {
            job.write("tests/" + each, PASSING);
        }
        job.write("other/d.spec.js", PASSING);
        job.write("tests/none.spec.js", "");
        assertThat(suite()).containsExactly("tests/a.spec.js", "tests/in/[b].test.js");
        // A file that does not load is one of them all the same, and fails by itself.
        job.write("tests/broken.spec.js", "require('./not-there');");
        assertThat(suite()).containsExactly("tests/a.spec.js", "tests/broken.spec.js", "tests/in/[b].test.js");
        job.write(
                "package.json", "{\"scripts\": {\"test\": \"playwright install && playwright test --retries 1 in/\"}}");
        job.write("tests/in/broken.spec.js", "require('./not-there');");
        assertThat(suite()).containsExactly("tests/in/[b].test.js", "tests/in/broken.spec.js");
        job.write("playwright.config.js", "throw new Error('of the configuration');");
        assertThatThrownBy(this::suite).isInstanceOf(SuiteException.class).hasMessageContaining("of the configuration");
    }

    @Test
    void linesThatTheTestScriptNamesAreWhatRuns() throws Exception {
        configure("");
        job.write(
                "tests/a.spec.js",
                IMPORT + "test('a', () => {});\ntest('b', () => { throw new Error('x'); });\n"
                        + "test('c', () => {});\n");
        job.write("tests/b.spec.js", PASSING);
        String patterns = "tests/a.spec.js:2 tests/a.spec.js:4 b.spec";
        job.write("package.json", "{\"scripts\": {\"test\": \"playwright test " + patterns + "\"}}");
        assertThat(suite()).containsExactly("tests/a.spec.js", "tests/b.spec.js");
        List<String> ours = new ArrayList<>();
        for (String each : suite()) {
            FileResult result = job.run(each);
            assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
            ours.addAll(byTitle(result));
        }
        assertThat(own(patterns.split(" ")).isWell()).isTrue();
        assertThat(ours).hasSize(3).containsExactlyInAnyOrderElementsOf(told());
    }

    /** Such a reporter decides on the exit code of {@code playwright test}; here nobody asks it. */
    @Test
    void reportersOfTheProjectAreSaidBeforeTheRun() throws Exception {
        configure("reporter: [['dot'], ['./mine.js', {}]],");
        job.write("mine.js", "module.exports = class { onEnd() { return { status: 'failed' }; } };");
        job.write("tests/a.spec.js", PASSING);
        assertThat(notes()).singleElement().asString().contains("not judged", "./mine.js");
        OwnProcess own = OwnProcess.run(
                job.workspace, Map.of("CI", "true"), List.of("node", "node_modules/@playwright/test/cli.js", "test"));
        assertThat(own.isWell()).isFalse();
        configure("reporter: 'html',");
        assertThat(notes()).isEmpty();
        job.write("package.json", "{\"scripts\": {\"test\": \"playwright test --reporter=line,./mine.js\"}}");
        assertThat(notes()).singleElement().asString().contains("not judged", "./mine.js");
        // What a configuration without CommonJS says is known, too.
        job.write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"playwright test\"}}");
        Files.delete(job.workspace.resolve("playwright.config.js"));
        job.write(
                "playwright.config.ts",
                "const own: string = './mine.js'; export default { testDir: 'tests', reporter: [[own]] };");
        job.write("tests/a.spec.js", "import { test } from '@playwright/test'; test('a', () => {});");
        assertThat(notes()).singleElement().asString().contains("not judged", "./mine.js");
    }

    private List<String> notes() throws Exception {
        return JavaScriptSuite.in(job.workspace)
                .orElseThrow()
                .ask(RunnerSettings.DEFAULT, Map.of())
                .notes();
    }

    private List<String> suite() throws Exception {
        return JavaScriptSuite.in(job.workspace).orElseThrow().find(RunnerSettings.DEFAULT, Map.of()).stream()
                .map(TestFile::path)
                .toList();
    }

    /** A web server has one port: two slots take turns; setup and teardown are those of each file. */
    @Test
    void filesThatStartAWebServerTakeTurnsOnAHost() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        job.write(
                "server.js",
                "require('http').createServer((q, r) => r.end('served')).listen(" + port + ", '127.0.0.1');");
        job.write("setup.js", "module.exports = () => { process.env.FROM_SETUP = 'yes'; };");
        configure("globalSetup: './setup.js', webServer: [{ command: 'node server.js', url: 'http://127.0.0.1:" + port
                + "', reuseExistingServer: false }],");
        String text = IMPORT + """
                test('is served', async ({ request }) => {
                  expect(await (await request.get('http://127.0.0.1:%d')).text()).toBe('served');
                  expect(process.env.FROM_SETUP).toBe('yes');
                  await new Promise(r => setTimeout(r, 500));
                });
                """.formatted(port);
        List<CompletableFuture<List<FileResult>>> slots = new ArrayList<>();
        for (int slot = 1; slot <= 2; slot++) {
            int number = slot;
            job.write("tests/a" + slot + ".spec.js", text);
            job.write("tests/b" + slot + ".spec.js", text);
            slots.add(CompletableFuture.supplyAsync(() -> {
                try {
                    List<FileResult> results = new ArrayList<>();
                    for (String each : List.of("a", "b")) {
                        TestFile file = new TestFile("tests/" + each + number + ".spec.js");
                        job.runners.worker(number).awaitTurn(file);
                        results.add(job.runners.worker(number).run(file, Job.LONG));
                    }
                    return results;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<List<FileResult>> each : slots) {
            assertThat(each.get())
                    .allSatisfy(result -> assertThat(result.status())
                            .as(result.message() + result.output())
                            .isEqualTo(FileStatus.PASSED));
        }
        assertThat(JavaScriptSuite.in(job.workspace)
                        .orElseThrow()
                        .ask(RunnerSettings.DEFAULT, Map.of())
                        .notes())
                .hasSize(2)
                .first()
                .asString()
                .contains("port " + port, "one such file at a time", "reuseExistingServer");
    }

    /** Whoever uses a server that runs needs no turn; nobody else has started it here. */
    @Test
    void aServerThatRunsIsUsedByAllAtOnce() throws Exception {
        try (ServerSocket running = new ServerSocket(0)) {
            OwnServer used = new OwnServer("port-" + running.getLocalPort(), "127.0.0.1", running.getLocalPort(), true);
            try (ServerTurn first = ServerTurn.take(List.of(used), () -> false);
                    ServerTurn second = ServerTurn.take(List.of(used), () -> false)) {
                assertThat(first).isNotSameAs(second);
            }
        }
        OwnServer started = new OwnServer("port-of-" + directory, "127.0.0.1", 1, true);
        try (ServerTurn first = ServerTurn.take(List.of(started), () -> false)) {
            boolean[] cancelled = new boolean[1];
            CompletableFuture<ServerTurn> second = CompletableFuture.supplyAsync(() -> {
                try {
                    return ServerTurn.take(List.of(started), () -> cancelled[0]);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(second).isNotDone();
            first.close();
            second.get().close();
        }
    }

    @Test
    void brokenConfigurationAndMissingPlaywrightAreSaid() throws Exception {
        job.write("tests/a.spec.js", PASSING);
        job.write("playwright.config.js", "throw new Error('of the configuration');");
        assertThatThrownBy(() -> job.run("tests/a.spec.js"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("of the configuration");
        Files.delete(job.workspace.resolve("node_modules"));
        assertThatThrownBy(() -> job.run("tests/a.spec.js"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContaining("Playwright is not installed")
                .hasMessageContaining("npm ci");
        FileResult gone = job.run("tests/gone.spec.js");
        assertThat(gone.status()).isEqualTo(FileStatus.FAILED);
        assertThat(gone.message()).contains("tests/gone.spec.js");
    }

    @Test
    void aFileThatIsNoTestHasNone() throws Exception {
        configure("");
        FileResult result = run("other/a.spec.js", PASSING);
        assertThat(result.cases()).isEmpty();
        assertThat(result.message()).contains("has no tests in it, by its configuration");
        nextFileStillRuns();
    }

    @Test
    void killedProcessIsACrashWithItsSignal() throws Exception {
        crashes("tests/dies.spec.js", IMPORT + """
                test('first', () => {});
                test('dies', async () => {
                  console.log('last words');
                  await new Promise(r => setTimeout(r, 300));
                  process.kill(process.pid, 'SIGKILL');
                  await new Promise(() => {});
                });
                """);
        FileResult exits = run("tests/exits.spec.js", IMPORT + "test('a', () => { process.exit(3); });");
        assertThat(exits.status()).isEqualTo(FileStatus.FAILED);
        assertThat(exits.exitCode()).isEqualTo(3);
    }

    @Test
    void hangingTestIsStoppedWithAllThatItStarted() throws Exception {
        isStoppedWithAllThatItStarted("tests/hangs.spec.js", IMPORT + """
                const { spawn } = require('node:child_process');
                test('first', () => {});
                test('hangs', async () => {
                  test.setTimeout(600000);
                  const child = spawn('sleep', ['600'], { detached: true });
                  console.log('child ' + child.pid);
                  await new Promise(r => setTimeout(r, 300));
                  while (true) {}
                });
                """, Duration.ofSeconds(15));
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        FileResult result = run("tests/noisy.spec.js", IMPORT + """
                test('loud', async () => {
                  process.stdout.write('x'.repeat(2 << 20));
                  process.stderr.write('\\n{"done":1,"status":"passed"}\\n');
                  console.log(Object.keys(process.env).join(' '));
                });
                """);
        assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("tests/noisy.spec.js | loud | PASSED");
        assertThat(result.output())
                .hasSizeLessThan(400_000)
                .contains("bytes left out", "GORGON_WORKER_ID")
                .doesNotContain("DISTRIBUTED_TEST_TOKEN", "DISTRIBUTED_TEST_PLAYWRIGHT");
    }

    @Test
    void cancelReturnsAtOnceAndForGood() throws Exception {
        isCancelledAtOnceAndForGood("tests/waits.spec.js", IMPORT + """
                test('waits', async () => { test.setTimeout(600000); console.log('waiting'); await new Promise(r => setTimeout(r, 500000)); });
                """);
    }
}
