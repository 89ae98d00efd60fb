package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jenkins.plugins.distributedtest.process.ProcessContainers;
import io.jenkins.plugins.distributedtest.process.ProcessContainers.Kind;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No process of a job outlives it, whatever it did to get away, where the host can keep processes together. */
abstract class StandaloneProcessesContract extends StandaloneFixture {
    /** Gives itself an empty environment, a session of its own and no parent, and says its id. */
    private String escape(String name) {
        return "(env -i /usr/bin/setsid /bin/sh -c \"echo \\$\\$ > " + escaped(name)
                + "; exec /bin/sleep 1000\" &) ; while [ ! -s " + escaped(name) + " ]; do sleep 0.05; done";
    }

    private Path escaped(String name) {
        return directory.resolve("escaped-" + name);
    }

    private boolean runs(String name) throws IOException {
        long pid = Long.parseLong(Files.readString(escaped(name)).strip());
        return ProcessHandle.of(pid).filter(ProcessTree::runs).isPresent();
    }

    private void use(Kind kind) {
        try {
            ProcessContainers.use(kind, Files.createDirectories(directory.resolve("containers")));
        } catch (IOException e) {
            abort("This host has no " + kind.word() + ": " + e.getMessage());
        }
    }

    @AfterEach
    void useMarks() throws IOException {
        ProcessContainers.use(Kind.MARKS, directory);
    }

    @ParameterizedTest
    @EnumSource(names = {"CGROUP", "SUBREAPER"})
    void nothingOutlivesAJobThatPassedFailedOrTookTooLong(Kind kind) throws Exception {
        use(kind);
        executor(
                "one",
                "jobs:",
                "- {name: passes, shell_script: '" + escape("passes") + " #'}",
                "- {name: fails, shell_script: '" + escape("fails") + "; exit 3 #'}",
                "- {name: late, timeout: 3s, shell_script: '" + escape("late") + "; sleep 1000 #'}");
        awaitResult(zuul.build("passes", git.change("a")), "SUCCESS");
        assertThat(runs("passes")).isFalse();
        awaitResult(zuul.build("fails", git.change("b")), "Return code from test script was non-zero (3)");
        assertThat(runs("fails")).isFalse();
        Build late = zuul.build("late", git.change("c"));
        await().atMost(LIMIT).until(() -> late.result() != null);
        assertThat(late.result()).contains("Timed out after 3 s");
        assertThat(runs("late")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"CGROUP", "SUBREAPER"})
    void nothingOutlivesAJobThatWasStopped(Kind kind) throws Exception {
        use(kind);
        executor("one", "jobs:", "- {name: long, shell_script: '" + escape("long") + "; sleep 1000 #'}");
        Build build = zuul.build("long", git.change("a"));
        await().atMost(LIMIT).until(() -> Files.exists(escaped("long")) && Files.size(escaped("long")) > 0);
        await().atMost(LIMIT).until(() -> build.manager() != null);
        assertThat(build.cancel()).isFalse();
        awaitResult(build, "ABORTED");
        assertThat(runs("long")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"CGROUP", "SUBREAPER"})
    void nothingOutlivesACallbackOnTheExecutorsHost(Kind kind) throws Exception {
        use(kind);
        GitServer.git(git.copy(), "checkout", "-q", "-f", "--detach", "master");
        Files.writeString(git.copy().resolve("a.sh"), "true\n");
        Files.writeString(git.copy().resolve("before"), escape("before") + "\nexit 1\n");
        Files.writeString(git.copy().resolve("distributed-test.json"), """
                {"files": ["*.sh"], "runners": {"files": {"*.sh": "command"}, "command": ["sh", "{file}"]},
                 "job": {"callbacks": {"commands": {"before_originate": ["sh", "before"]}}}}
                """);
        executor("one", "jobs: [{name: suite, kind: distributed, broker: 'amqp://127.0.0.1:1'}]");
        Build build = zuul.build("suite", git.change("a"));
        await().atMost(LIMIT).until(() -> build.result() != null || build.attempts() > 1);
        assertThat(runs("before")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void exitCodesSignalsProgramsAndVariablesAreAsTheyAreWithoutContainers(Kind kind) throws Exception {
        use(kind);
        Path variables = directory.resolve("variables");
        Files.writeString(directory.resolve("plain"), "exit 5\n"); // no first line that names an interpreter
        assertThat(directory.resolve("plain").toFile().setExecutable(true)).isTrue();
        executor(
                "one",
                "pass_environment: [PATH, HOME]",
                "environment: {PERL5OPT: -MNoSuchModule, LC_ALL: xx_XX, A_B: 'c d'}",
                "jobs:",
                "- {name: signal, sources: false, shell_script: 'kill -USR1 $$ #'}",
                "- {name: missing, sources: false, shell_script: [no-such-program-x]}",
                "- {name: plain, sources: false, shell_script: [" + directory.resolve("plain") + "]}",
                "- {name: env, sources: false, shell_script: [sh, -c, 'env | grep -v ^_= | sort > " + variables
                        + "']}");
        awaitResult(zuul.build("signal", git.change("a")), "Return code from test script was non-zero (-10)");
        awaitResult(zuul.build("plain", git.change("b")), "Return code from test script was non-zero (5)");
        awaitResult(zuul.build("env", git.change("c")), "SUCCESS");
        try (Stream<String> lines = Files.lines(variables)) {
            assertThat(lines)
                    .contains("PERL5OPT=-MNoSuchModule", "LC_ALL=xx_XX", "A_B=c d")
                    .noneMatch(line -> line.startsWith("PERL_BADLANG") || line.startsWith("OLDPWD"));
        }
        Build missing = zuul.build("missing", git.change("d"));
        await().atMost(LIMIT).until(() -> missing.result() != null);
        assertThat(missing.result()).contains("Cannot start no-such-program-x");
    }
}
