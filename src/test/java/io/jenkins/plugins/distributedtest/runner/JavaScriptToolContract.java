package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of all runners have in common that use a tool of JavaScript which the project brings. */
abstract class JavaScriptToolContract {
    private static final Path TOOLS = Path.of("src", "build", "javascript", "node_modules");

    private final String tool;
    private final String manifest;
    private final String next;
    private final String passing;

    @TempDir
    Path directory;

    Job job;

    /**
     * @param tool the tool
     * @param manifest the project's package.json
     * @param next the name of a test file
     * @param passing its text: one test {@code adds}
     */
    JavaScriptToolContract(String tool, String manifest, String next, String passing) {
        this.tool = tool;
        this.manifest = manifest;
        this.next = next;
        this.passing = passing;
    }

    @BeforeEach
    void openProject() throws Exception {
        boolean here = Runners.available().contains(tool) && Files.isDirectory(TOOLS.resolve(tool));
        assumeTrue(here, () -> "npm ci --prefix src/build/javascript installs " + tool);
        job = open(directory, Map.of());
    }

    /** A project that has the tool. */
    final Job open(Path where, Map<String, String> isolation) throws Exception {
        return open(where, isolation, Duration.ofSeconds(60));
    }

    /** The same, in which what a suite does at its end may take so long. */
    final Job open(Path where, Map<String, String> isolation, Duration end) throws Exception {
        RunnerSettings settings =
                new RunnerSettings(List.of(new RunnerSettings.Rule("**", tool)), null, null, null, null, null, null);
        Job opened = new Job(where, settings.isolated(isolation), Map.of(), 2, end);
        opened.write("package.json", manifest);
        Files.createSymbolicLink(opened.workspace.resolve("node_modules"), TOOLS.toAbsolutePath());
        return opened;
    }

    @AfterEach
    void closeProject() {
        if (job != null) {
            job.close();
        }
    }

    final FileResult run(String name, String text) throws Exception {
        job.write(name, text);
        return job.run(name);
    }

    final void nextFileStillRuns() throws Exception {
        FileResult result = run(next, passing);
        assertThat(result.status()).as(result.message() + result.output()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly(next + " | adds | PASSED");
    }

    /** What we say of a file: each case, and whether the runner was content. */
    static List<String> ours(FileResult result) {
        List<String> told = new ArrayList<>();
        result.cases()
                .forEach(each -> told.add(each.className() + " | " + each.name() + " | " + outcome(each.status())));
        told.add(result.status() == FileStatus.PASSED ? "well" : "not well");
        return told;
    }

    /** An outcome as the tools' own reports have it, which know no errors. */
    static CaseStatus outcome(CaseStatus status) {
        return status == CaseStatus.ERROR ? CaseStatus.FAILED : status;
    }

    /** The cases of a report in the form of Jest's; none if there is no report. */
    final List<String> reported(Path report) throws Exception {
        List<String> told = new ArrayList<>();
        if (!Files.exists(report)) {
            return told;
        }
        Path root = job.workspace.toRealPath();
        for (JsonNode file : Json.PLAIN.readTree(report.toFile()).path("testResults")) {
            String path = root.relativize(Path.of(file.path("name").asText())).toString();
            for (JsonNode one : file.path("assertionResults")) {
                List<String> groups = new ArrayList<>();
                one.path("ancestorTitles").forEach(each -> groups.add(each.asText()));
                groups.remove("");
                String group = groups.isEmpty() ? path : String.join(" > ", groups);
                String status = switch (one.path("status").asText()) {
                    case "passed" -> "PASSED";
                    case "failed" -> "FAILED";
                    default -> "SKIPPED";
                };
                told.add(group + " | " + one.path("title").asText() + " | " + status);
            }
        }
        return told;
    }

    /** What is said before the run, with a test script. */
    final List<String> notes(String script) throws Exception {
        job.write("package.json", "{\"scripts\": {\"test\": \"" + script + "\"}}");
        return JavaScriptSuite.in(job.workspace)
                .orElseThrow()
                .ask(RunnerSettings.DEFAULT, Map.of())
                .notes();
    }

    /** A file whose second test kills its process after some last words. */
    final void crashes(String name, String text) throws Exception {
        FileResult result = run(name, text);
        assertThat(result.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.output()).contains("last words");
        nextFileStillRuns();
    }

    /** A file whose second test starts a process, says which, and hangs. */
    final void isStoppedWithAllThatItStarted(String name, String text, Duration limit) throws Exception {
        nextFileStillRuns();
        job.write(name, text);
        FileResult result = job.run(name, limit);
        assertThat(result.status()).isEqualTo(FileStatus.TIMED_OUT);
        assertThat(Job.told(result)).containsExactly(name + " | first | PASSED");
        long child = Long.parseLong(result.output().replaceAll("(?s).*child (\\d+).*", "$1"));
        assertThat(ProcessHandle.of(child).filter(ProcessTree::runs)).isEmpty();
        nextFileStillRuns();
    }

    /** A file that says that it waits, and does. */
    final void isCancelledAtOnceAndForGood(String name, String text) throws Exception {
        job.write(name, text);
        CompletableFuture<FileResult> result = CompletableFuture.supplyAsync(() -> {
            try {
                return job.run(name);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Path log = directory.resolve("logs/" + tool + "-1.out");
        await().atMost(Job.LONG)
                .until(() -> Files.exists(log) && Files.readString(log).contains("waiting"));
        job.runners.worker(1).cancel();
        assertThat(result.join().status()).isEqualTo(FileStatus.CANCELLED);
        assertThat(job.run(name).status()).isEqualTo(FileStatus.CANCELLED);
    }
}
