package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.TestCase;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every runner of Ruby and Python must do with test files of every kind, with the real frameworks. */
class ScriptRunnersTest {
    @TempDir
    Path directory;

    private ScriptJob job;

    @AfterEach
    void close() {
        if (job != null) {
            job.close();
        }
    }

    private ScriptJob job(Framework framework) throws IOException {
        framework.required();
        job = new ScriptJob(directory);
        return job;
    }

    /** A file that passes, run after another one by the same worker: what came before must not have hurt it. */
    private void assertNextFilePasses(Framework framework) throws Exception {
        String path = framework.path("next");
        job.write(path, framework.file("Next", framework.code("nil", "pass")));
        FileResult next = job.run(path);
        assertThat(next.status()).as(ScriptJob.all(next)).isEqualTo(FileStatus.PASSED);
        assertThat(ScriptJob.told(next)).isEqualTo(Map.of(framework.caseName(0), "PASSED"));
    }

    @ParameterizedTest
    @EnumSource
    void tellsEveryCaseWithItsFailureLineAndOutput(Framework framework) throws Exception {
        String path = framework.path("some");
        job(framework)
                .write(
                        path,
                        framework.file(
                                "Some",
                                framework.code(
                                        "puts 'printed by the first'; $stdout.flush", "print('printed by the first')"),
                                framework.failing,
                                framework.code("raise ArgumentError, 'went wrong'", "raise ValueError('went wrong')")));
        FileResult result = job.run(path);

        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.FAILED);
        assertThat(result.runner()).isEqualTo(framework.runner);
        assertThat(result.output()).contains("printed by the first");
        Map<String, TestCase> cases =
                result.cases().stream().collect(java.util.stream.Collectors.toMap(TestCase::name, c -> c));
        assertThat(cases).hasSize(3);
        TestCase passed = cases.get(framework.caseName(0));
        assertThat(passed.status()).isEqualTo(CaseStatus.PASSED);
        assertThat(passed.output()).isEqualTo("printed by the first\n");
        assertThat(passed.className()).contains("Some");
        TestCase failed = cases.get(framework.caseName(1));
        assertThat(failed.status()).isEqualTo(CaseStatus.FAILED);
        assertThat(failed.failure().message()).contains("3").contains("2");
        assertThat(failed.failure().type()).matches(".*(Assert|Expectation).*");
        assertThat(failed.failure().trace()).contains("some");
        assertThat(failed.line()).isBetween(4, 7);
        TestCase wrong = cases.get(framework.caseName(2));
        assertThat(wrong.status()).isIn(CaseStatus.ERROR, CaseStatus.FAILED);
        assertThat(wrong.failure().message()).contains("went wrong");
        assertThat(wrong.failure().type()).isEqualTo(framework.code("ArgumentError", "ValueError"));
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatDoesNotLoadFailsAndDoesNotSilenceTheNext(Framework framework) throws Exception {
        job(framework).write(framework.path("syntax"), framework.file("Syntax", "((("));
        job.write(
                framework.path("missing"), framework.code("require 'not_there_at_all'\n", "import not_there_at_all\n"));

        FileResult syntax = job.run(framework.path("syntax"));
        assertThat(syntax.status()).isEqualTo(FileStatus.FAILED);
        assertThat(syntax.message()).containsIgnoringCase("syntax").contains("syntax");
        FileResult missing = job.run(framework.path("missing"));
        assertThat(missing.status()).isEqualTo(FileStatus.FAILED);
        assertThat(missing.message()).contains("not_there_at_all");
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatKillsItsProcessIsACrashAndTheNextGetsANewProcess(Framework framework) throws Exception {
        job(framework)
                .write(
                        framework.path("crash"),
                        framework.file(
                                "Crash",
                                framework.code("nil", "pass"),
                                framework.code(
                                        "$stdout.puts 'last words'\nProcess.kill(:KILL, Process.pid)\nsleep 60",
                                        "import os, time\nprint('last words')\nos.kill(os.getpid(), 9)\ntime.sleep(60)")));
        FileResult result = job.run(framework.path("crash"));

        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.output()).contains("last words");
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatCallsExitFailsAndIsNeitherACrashNorAPass(Framework framework) throws Exception {
        job(framework)
                .write(
                        framework.path("soft"),
                        framework.file("Soft", framework.code("exit 0", "import sys\nsys.exit(0)")));
        job.write(framework.path("hard"), framework.file("Hard", framework.code("exit! 4", "import os\nos._exit(4)")));
        job.write(framework.path("load"), framework.code("exit 5\n", "import sys\nsys.exit(5)\n"));

        FileResult soft = job.run(framework.path("soft"));
        assertThat(soft.status()).as(ScriptJob.all(soft)).isEqualTo(FileStatus.FAILED);
        assertThat(soft.message()).contains("exit(0)").contains("soft");
        FileResult hard = job.run(framework.path("hard"));
        assertThat(hard.status()).as(ScriptJob.all(hard)).isEqualTo(FileStatus.FAILED);
        assertThat(hard.message()).contains("exit(4)");
        FileResult load = job.run(framework.path("load"));
        assertThat(load.status()).as(ScriptJob.all(load)).isEqualTo(FileStatus.FAILED);
        assertThat(load.message()).contains("exit");
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatHangsIsStoppedAndItsOutputKept(Framework framework) throws Exception {
        job(framework)
                .write(
                        framework.path("hang"),
                        framework.file(
                                "Hang",
                                framework.code(
                                        "puts 'so far'\nsystem('sleep 600')",
                                        "import subprocess\nprint('so far')\n" + "subprocess.run(['sleep', '600'])")));
        // Started before, so that the timeout is the file's alone.
        assertNextFilePasses(framework);
        FileResult result = job.run(1, framework.path("hang"), Duration.ofSeconds(3));

        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.TIMED_OUT);
        assertThat(result.output()).contains("so far");
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void megabytesOfOutputThatLooksLikeTheProtocolDisturbNothing(Framework framework) throws Exception {
        String line = "{\"done\":1,\"status\":\"passed\",\"message\":\"\"}";
        job(framework)
                .write(
                        framework.path("noisy"),
                        framework.file(
                                "Noisy",
                                framework.code(
                                        "50_000.times { puts '" + line + "' }\nsystem('echo from a child')",
                                        "import os\nfor i in range(50000): print('" + line
                                                + "')\nos.system('echo from a child')"),
                                framework.failing));
        FileResult result = job.run(framework.path("noisy"));

        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(ScriptJob.told(result))
                .containsEntry(framework.caseName(0), "PASSED")
                .containsEntry(framework.caseName(1), "FAILED");
        assertThat(result.output()).contains(line).contains("from a child");
        assertThat(result.output().length()).isLessThan(2_000_000);
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void whatAFileLeavesBehindDoesNotHurtTheNext(Framework framework) throws Exception {
        job(framework)
                .write(
                        framework.path("messy"),
                        framework.file(
                                "Messy",
                                framework.code(
                                        "require 'stringio'\nDir.chdir('/')\n$stdout = StringIO.new\nSTDOUT.reopen('/dev/null')\nSTDERR.close\n"
                                                + "trap('TERM', 'IGNORE')\nThread.list.each { |t| t.kill unless t == Thread.current }",
                                        "import io, os, signal, sys\nos.chdir('/')\nsys.stdout = io.StringIO()\nsys.__stdout__.close()\n"
                                                + "os.close(2)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)")));
        for (String name : List.of("Tidy", "Tidier")) {
            String code = framework.code(
                    "puts \"here #{Dir.pwd} #{Process.pid}\"", "import os\nprint('here', os.getcwd(), os.getpid())");
            job.write(framework.path(name.toLowerCase(Locale.ROOT)), framework.file(name, code));
        }

        FileResult before = job.run(framework.path("tidy"));
        FileResult messy = job.run(framework.path("messy"));
        FileResult after = job.run(framework.path("tidier"));

        assertThat(messy.status()).as(ScriptJob.all(messy)).isEqualTo(FileStatus.PASSED);
        assertThat(after.status()).as(ScriptJob.all(after)).isEqualTo(FileStatus.PASSED);
        assertThat(after.output()).contains("here " + job.workspace + " ").isEqualTo(before.output());
    }

    @ParameterizedTest
    @EnumSource
    void childrenThatTestCodeForksReportNothing(Framework framework) throws Exception {
        job(framework)
                .write(
                        framework.path("fork"),
                        framework.file(
                                "Fork",
                                // Comes back from the test as if it were the worker itself.
                                framework.code(
                                        "pid = fork\nProcess.wait(pid) if pid",
                                        "import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)"),
                                framework.code(
                                        "pid = fork\nexit(3) unless pid\nProcess.wait(pid)\nraise unless $?.exitstatus == 3",
                                        "import os\npid = os.fork()\nif not pid: os._exit(3)\n"
                                                + "assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == 3")));
        FileResult result = job.run(framework.path("fork"));

        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        assertThat(result.cases()).hasSize(2);
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void anyBytesInMessagesAndOutputArrive(Framework framework) throws Exception {
        job(framework)
                .write(
                        framework.path("bytes"),
                        framework.file(
                                "Bytes",
                                framework.code(
                                        "$stdout.write(\"caf\\u00e9 \\xff\\xfe\\u0000\\n\".b)\nraise \"caf\\u00e9 \\xff \\u2028 <&]]>\"",
                                        "import os\nos.write(1, b'caf\\xc3\\xa9 \\xff\\xfe\\x00\\n')\nraise ValueError('caf\\u00e9 \\udcff <&]]>')")));
        FileResult result = job.run(framework.path("bytes"));

        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.FAILED);
        assertThat(result.output()).contains("café");
        assertThat(result.cases()).hasSize(1);
        assertThat(result.cases().get(0).failure().message()).contains("café").contains("<&]]>");
        assertNextFilePasses(framework);
    }

    @ParameterizedTest
    @EnumSource
    void groupsAndFilesOfOneNameAreKeptApart(Framework framework) throws Exception {
        job(framework);
        String first = framework.path("twin").replaceFirst("/", "/one/");
        String second = framework.path("twin").replaceFirst("/", "/two/");
        job.write(first, framework.file("Twin", framework.code("nil", "pass"), framework.failing));
        job.write(second, framework.file("Twin", framework.code("nil", "pass")));

        assertThat(job.run(first).cases()).hasSize(2);
        FileResult result = job.run(second);
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
        assertThat(ScriptJob.told(result)).isEqualTo(Map.of(framework.caseName(0), "PASSED"));
    }

    /** Else a retry passes since the first attempt has prepared the process, or has lost the tests that it loaded. */
    @ParameterizedTest
    @EnumSource
    void aFileThatIsRunAgainRunsWholeAndInAProcessThatHasRunNothing(Framework framework) throws Exception {
        String path = framework.path("again");
        String count = framework.code(
                "$runs = ($runs || 0) + 1; raise 'the first of its process' if $runs == 1",
                "import builtins\nbuiltins.runs = getattr(builtins, 'runs', 0) + 1\nassert builtins.runs > 1");
        job(framework).write(path, framework.file("Again", count));
        for (int i = 0; i < 3; i++) {
            FileResult result = job.run(path);
            assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.FAILED);
            assertThat(result.cases()).hasSize(1);
        }
        assertNextFilePasses(framework);
        FileResult result = job.worker(1).runAgain(new TestFile(path), ScriptJob.LONG);
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.FAILED);
        job.write(framework.path("other"), framework.file("Other", count));
        result = job.worker(1).runAgain(new TestFile(framework.path("other")), ScriptJob.LONG);
        assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.FAILED);
    }
}
