package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command runner, with real shells as commands. */
class CommandRunnerTest {
    @TempDir
    Path directory;

    private FileResult bash(String script) throws Exception {
        return bash(script, Job.LONG);
    }

    private FileResult bash(String script, Duration timeout) throws Exception {
        try (Job job = new Job(directory, Job.command("bash", "{file}", "{junit}"))) {
            job.write("a.sh", script);
            return job.run("a.sh", timeout);
        }
    }

    @Test
    void exitCodeZeroIsAPass() throws Exception {
        FileResult result = bash("echo out; echo err >&2; pwd; echo slot $GORGON_WORKER_ID");
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        assertThat(result.runner()).isEqualTo("command");
        assertThat(result.output())
                .startsWith("out\nerr\n")
                .contains("/workspace")
                .contains("slot 1");
        assertThat(result.exitCode()).isNull();
        assertThat(Job.told(result)).containsExactly("a.sh | a.sh | PASSED");
    }

    @Test
    void anotherExitCodeIsAFailure() throws Exception {
        FileResult result = bash("echo why; exit 3");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.message()).contains("exit code 3");
        assertThat(Job.only(result).status()).isEqualTo(CaseStatus.FAILED);
        assertThat(result.output()).isEqualTo("why\n");
    }

    @Test
    void brokenSyntaxIsAFailureWithItsOutput() throws Exception {
        FileResult result = bash("if then");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.output()).contains("syntax error");
    }

    @Test
    void deathByASignalIsACrash() throws Exception {
        FileResult result = bash("echo last words; kill -9 $$");
        assertThat(result.status()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.output()).isEqualTo("last words\n");
        assertThat(bash("kill -SEGV $$").signal()).isEqualTo("SEGV");
    }

    @Test
    void hangingCommandIsStoppedWithItsWholeTree() throws Exception {
        FileResult result = bash("""
                echo started
                setsid sleep 600 & echo "child $!"
                (setsid bash -c 'echo "child $$"; sleep 600' &)
                sleep 600
                """, Duration.ofSeconds(3));
        assertThat(result.status()).isEqualTo(FileStatus.TIMED_OUT);
        assertThat(result.output()).contains("started");
        List<Long> children = result.output()
                .lines()
                .filter(l -> l.startsWith("child "))
                .map(l -> Long.valueOf(l.substring(6)))
                .toList();
        assertThat(children).hasSize(2);
        assertThat(children)
                .noneMatch(
                        pid -> ProcessHandle.of(pid).filter(ProcessTree::runs).isPresent());
    }

    @Test
    void commandThatFillsTheDiskIsStopped() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc here");
        FileResult result = bash("truncate -s 1100M /proc/$$/fd/1; sleep 600");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(result.message()).isEqualTo("It was stopped since it printed more than 1024 MiB.");
    }

    @Test
    void outputOfAnySizeAndKindSurvives() throws Exception {
        FileResult result = bash("head -c 2000000 /dev/zero | tr '\\0' x; head -c 2000000 /dev/zero | tr '\\0' y >&2;"
                + " printf '\\xff\\xfe'; printf '\\n{\"done\":1}\\n'");
        assertThat(result.status()).isEqualTo(FileStatus.PASSED);
        assertThat(result.output())
                .startsWith("xxx")
                .contains("bytes left out")
                .contains("\ufffd")
                .endsWith("\n{\"done\":1}\n")
                .hasSizeLessThan(400_000);
    }

    @Test
    void casesComeFromTheReportThatItLeaves() throws Exception {
        FileResult result = bash("""
                cat > "$1" <<'X'
                <?xml version="1.0"?>
                <testsuites><testsuite name="s"><properties><property name="a" value="b"/></properties>
                <testcase name="one" classname="C" time="1,000.5"/>
                <testcase name="two"><failure message="m" type="T">trace &lt;1&gt;</failure><system-out>said</system-out></testcase>
                <testcase name="three" classname="C"><error>first line
                second</error></testcase>
                <testcase name="four" classname="C"><skipped message="why"/></testcase>
                </testsuite></testsuites>
                X
                """);
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(Job.told(result))
                .containsExactly("C | one | PASSED", "s | two | FAILED", "C | three | ERROR", "C | four | SKIPPED");
        assertThat(result.cases().get(0).seconds()).isEqualTo(1000.5);
        assertThat(result.cases().get(1).failure().trace()).isEqualTo("trace <1>");
        assertThat(result.cases().get(1).output()).isEqualTo("said");
        assertThat(result.cases().get(2).failure().message()).isEqualTo("first line");
        assertThat(result.cases().get(3).failure().message()).isEqualTo("why");
        try (Stream<Path> left = Files.list(directory.resolve("logs/command-1"))) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactly("output");
        }
    }

    @Test
    void reportCannotReadOtherFilesOrBlowUp() throws Exception {
        FileResult external = bash("""
                cat > "$1" <<'X'
                <!DOCTYPE t [<!ENTITY e SYSTEM "file:///etc/passwd">]>
                <testsuite><testcase name="x"><failure message="m">&e;</failure></testcase></testsuite>
                X
                """);
        assertThat(external.status()).isEqualTo(FileStatus.FAILED);
        assertThat(external.message() + external.cases()).doesNotContain("root:");
        FileResult bomb = bash("""
                cat > "$1" <<'X'
                <!DOCTYPE t [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
                <testsuite name="&b;"><testcase name="x"/></testsuite>
                X
                """);
        assertThat(bomb.toString()).doesNotContain("aaaaaaaaaaaaaaaaaaaa");
        FileResult broken = bash("echo '<testsuite><testcase' > \"$1\"");
        assertThat(broken.status()).isEqualTo(FileStatus.FAILED);
        assertThat(broken.message()).contains("not well-formed");
        FileResult other = bash("echo '<html/>' > \"$1\"");
        assertThat(other.message()).contains("its root is <html>");
    }

    @Test
    void placeholdersAreFilledOnceAndNothingGoesThroughAShell() throws Exception {
        try (Job job = new Job(directory, Job.command("printf", "%s|", "{file}", "x{file}y"))) {
            job.write("{junit}", "");
            assertThat(job.run("{junit}").output()).isEqualTo("{junit}|x{junit}y|");
            String name = "a; touch gone $(touch gone) `touch gone`.txt";
            job.write(name, "");
            job.write("-n", "");
            assertThat(job.run(name).output()).isEqualTo(name + "|x" + name + "y|");
            assertThat(job.run("-n").output()).isEqualTo("./-n|x./-ny|");
            assertThat(job.workspace.resolve("gone")).doesNotExist();
        }
    }

    @Test
    void missingFileAndMissingProgramAreSaid() throws Exception {
        try (Job job = new Job(directory, Job.command("no-such-program", "{file}"))) {
            assertThat(job.run("gone.sh").message()).contains("gone.sh");
            job.write("a.sh", "");
            assertThatThrownBy(() -> job.run("a.sh"))
                    .isInstanceOf(RunnerException.class)
                    .hasMessageContaining("no-such-program");
        }
    }

    @Test
    void aFileThatNoRunnerTakesFailsByItself() throws Exception {
        RunnerSettings rule = new RunnerSettings(
                List.of(new RunnerSettings.Rule("*.sh", "command")), null, null, null, null, null, null);
        try (Job job = new Job(directory, rule)) {
            job.write("a.sh", "");
            job.write("a.txt", "");
            FileResult withoutTemplate = job.run("a.sh");
            assertThat(withoutTemplate.status()).isEqualTo(FileStatus.FAILED);
            assertThat(withoutTemplate.message()).contains("a.sh").contains("template");
            FileResult unknown = job.run("a.txt");
            assertThat(unknown.status()).isEqualTo(FileStatus.FAILED);
            assertThat(unknown.message())
                    .contains("No runner is known for a.txt")
                    .contains("runners");
        }
    }

    @Test
    void cancelKillsWhatRunsAndStartsNothingMore() throws Exception {
        try (Job job = new Job(directory, Job.command("bash", "{file}"))) {
            job.write("a.sh", "echo pid $$; sleep 600");
            CompletableFuture<FileResult> result = CompletableFuture.supplyAsync(() -> {
                try {
                    return job.run("a.sh");
                } catch (RunnerException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Path output = directory.resolve("logs/command-1/output");
            await().atMost(Job.LONG)
                    .until(() ->
                            Files.exists(output) && Files.readString(output).contains("pid"));
            job.runners.cancel();
            assertThat(result.join().status()).isEqualTo(FileStatus.CANCELLED);
            assertThat(job.run("a.sh").status()).isEqualTo(FileStatus.CANCELLED);
            assertThat(job.runners.worker(2).run(new TestFile("a.sh"), Job.LONG).status())
                    .isEqualTo(FileStatus.CANCELLED);
        }
    }

    @Test
    void interruptKillsTheTree() throws Exception {
        try (Job job = new Job(directory, Job.command("bash", "{file}"))) {
            job.write("a.sh", "echo pid $$; sleep 600");
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            job.run("a.sh");
                            thrown.complete(null);
                        } catch (RunnerException | InterruptedException e) {
                            thrown.complete(e);
                        }
                    },
                    "runs-a-file");
            thread.start();
            Path output = directory.resolve("logs/command-1/output");
            await().atMost(Job.LONG).until(() -> pid(output) > 0);
            long pid = pid(output);
            thread.interrupt();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(ProcessHandle.of(pid).filter(ProcessTree::runs)).isEmpty();
        }
    }

    private static long pid(Path output) throws IOException {
        String text = Files.exists(output) ? Files.readString(output) : "";
        return text.endsWith("\n") && text.startsWith("pid ")
                ? Long.parseLong(text.strip().substring(4))
                : 0;
    }
}
