package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn.Build;
import io.jenkins.plugins.distributedtest.zuul.task.GitServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code distributed-test gearman} as its users start it, between a Gearman server and a client like Zuul. */
class StandaloneExecutorIT {
    private static final String LONG = "[sh, -c, 'echo $$ > $EVIDENCE/began; setsid sleep 1000 & sleep 1000']";

    @TempDir
    Path directory;

    private final int port = FreePorts.next();
    private GearServerStandIn server;
    private ZuulStandIn zuul;
    private GitServer git;
    private World world;

    @BeforeEach
    void start() throws Exception {
        server = new GearServerStandIn(port);
        zuul = new ZuulStandIn(port);
        git = new GitServer(directory.resolve("merger"));
        world = new World(directory.resolve("world"), EmbeddedFixture::sharedAddress);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
        zuul.close();
        server.close();
    }

    private Program executor(String jobs) throws IOException {
        Path file = configure(jobs);
        Program program = world.start("executor", List.of("gearman", "--config", file.toString()), Map.of());
        program.awaitOutput("Connected to Gearman server 127.0.0.1:" + port);
        return program;
    }

    private Path configure(String jobs) throws IOException {
        return Files.writeString(
                directory.resolve("executor.yaml"),
                """
                gearman: {host: 127.0.0.1, port: %d}
                capacity: 3
                work_directory: %s
                pass_environment: [PATH, HOME, E2E_MARK, EVIDENCE]
                sources: {protocols: [file]}
                publish: {kind: local, path: %s, url: "http://logs.example.org"}
                jobs:
                """.formatted(port, directory.resolve("work"), directory.resolve("logs")) + jobs.indent(2));
    }

    private static void awaitResult(Build build, String result) {
        Program.await(() -> result)
                .untilAsserted(() -> assertThat(build.result()).isEqualTo(result));
    }

    private void awaitBegan() {
        Program.await(() -> "the job runs").until(() -> !world.told("began").isEmpty());
    }

    @Test
    void finishesWhatRunsOnTheFirstSignalAndTakesNothingMore() throws Exception {
        Program program = executor("- {name: slow, shell_script: 'touch $EVIDENCE/began; echo x > $EVIDENCE/began;"
                + " while [ ! -e $EVIDENCE/gate ]; do sleep 0.2; done; true'}");
        Map<String, String> change = git.change("a");
        Build build = zuul.build("slow", change);
        awaitBegan();
        program.signal("TERM");
        program.awaitOutput("Finishing what runs");
        Build late = zuul.build("slow", git.change("b"));
        Files.createFile(world.evidence().resolve("gate"));
        awaitResult(build, "SUCCESS");
        assertThat(program.awaitEnd()).as(program.output()).isZero();
        assertThat(program.output()).contains("Executor stopped.");
        assertThat(late.submitted() == null || late.submitted().data.isEmpty()).isTrue();
        assertThat(directory.resolve("logs").resolve(change.get("LOG_PATH")).resolve("index.html"))
                .exists();
        world.awaitOnly();
    }

    @Test
    void abortsOnTheSecondSignalAndGivesTheJobsBack() throws Exception {
        Program program = executor("- {name: long, shell_script: " + LONG + "}");
        Build build = zuul.build("long", git.change("a"));
        awaitBegan();
        var first = build.submitted();
        program.signal("TERM");
        program.awaitOutput("Finishing what runs");
        program.signal("TERM");
        assertThat(program.awaitEnd()).isEqualTo(130);
        Program.await(() -> "the job ended").until(first::isEnded);
        assertThat(first.lastPayload).contains("\"result\":null");
        world.awaitOnly();
    }

    @Test
    void leavesNoProcessWhenItIsKilled() throws Exception {
        Program program = executor("- {name: long, shell_script: " + LONG + "}");
        Build build = zuul.build("long", git.change("a"));
        awaitBegan();
        program.signal("KILL");
        program.awaitEnd();
        world.awaitOnly();
        // Zuul's server noticed and said so; Zuul starts the build anew, elsewhere.
        Program.await(() -> "another attempt").until(() -> build.attempts() == 2);
    }

    @Test
    void aJobAfterWhichItEndsEndsIt() throws Exception {
        Program program = executor("- {name: last, shell_script: 'true', shutdown-th: true}");
        awaitResult(zuul.build("last", git.change("a")), "SUCCESS");
        assertThat(program.awaitEnd()).as(program.output()).isZero();
    }

    /** A process that was started with the signal ignored cannot heed it. */
    private static void needsHangups() throws IOException {
        long ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                .findFirst()
                .orElse(0);
        assumeTrue((ignored & 1) == 0, "SIGHUP is ignored here, as under nohup");
    }

    @Test
    void aHangupReadsTheConfigurationAgainAndOpensTheLogAnew() throws Exception {
        needsHangups();
        Path log = directory.resolve("executor.log");
        String slow = "- {name: slow, shell_script: 'echo x > $EVIDENCE/began; while [ ! -e $EVIDENCE/gate ]; do sleep"
                + " 0.2; done; exit 7 #'}\n";
        Path file = configure(slow + "- {name: gone, shell_script: 'true'}\n");
        Program program = world.start(
                "executor", List.of("gearman", "--log-file", log.toString(), "--config", file.toString()), Map.of());
        program.awaitOutput("Connected to Gearman server 127.0.0.1:" + port);
        Build running = zuul.build("slow", git.change("a"));
        awaitBegan();

        Files.move(log, directory.resolve("executor.log.old"));
        configure("- {name: slow, shell_script: 'true'}\n- {name: new, shell_script: 'true'}\n");
        program.signal("HUP");
        program.awaitOutput("again: 2 functions, capacity 3.");
        Program.await(() -> "the functions").until(() -> zuul.isRegistered("build:new"));
        Program.await(() -> "the functions").until(() -> !zuul.isServed("build:gone"));
        awaitResult(zuul.build("new", git.change("b")), "SUCCESS");
        assertThat(log).content().contains("new (");

        configure("- {name: new, shel_script: 'true'}\n");
        program.signal("HUP");
        program.awaitOutput("The configuration stays as it was: ");
        awaitResult(zuul.build("new", git.change("c")), "SUCCESS");

        Files.createFile(world.evidence().resolve("gate"));
        awaitResult(running, "Return code from test script was non-zero (7)");
        awaitResult(zuul.build("slow", git.change("d")), "SUCCESS");
        program.signal("TERM");
        assertThat(program.awaitEnd()).as(program.output()).isZero();
    }

    @Test
    void runsASuiteOnListeners() throws Exception {
        Files.createDirectories(git.copy().resolve("tests"));
        for (String name : List.of("a", "b", "c")) {
            Files.writeString(git.copy().resolve("tests").resolve(name + ".sh"), "echo \"$ZUUL_PIPELINE\"\n");
        }
        Files.writeString(
                git.copy().resolve("distributed-test.json"),
                "{\"files\": [\"tests/*.sh\"], \"runners\":"
                        + " {\"files\": {\"tests/*.sh\": \"command\"}, \"command\": [\"sh\", \"{file}\"]}}");
        GitServer.git(git.copy(), "checkout", "-q", "master");
        git.commit("suite", "suite");
        git.push("master");
        Map<String, String> good = git.change("good");
        GitServer.git(git.copy(), "checkout", "-q", "master");
        Files.writeString(git.copy().resolve("tests/b.sh"), "exit 1\n");
        git.commit("broken", "broken");
        Map<String, String> bad = git.change("bad");
        GitServer.git(git.copy(), "checkout", "-q", "master");
        Files.writeString(git.copy().resolve("distributed-test.json"), "{\"fils\": []}");
        git.commit("misconfigured", "wrong key");
        Map<String, String> misconfigured = git.change("misconfigured");

        world.listener("one", 2);
        executor("- {name: suite, kind: distributed, broker: '" + world.broker().toSecretUri() + "'}");
        awaitResult(zuul.build("suite", good), "SUCCESS");
        awaitResult(zuul.build("suite", bad), "FAILURE: 1 of 3 files failed: tests/b.sh");
        Build broken = zuul.build("suite", misconfigured);
        Program.await(() -> "an error that names the key")
                .untilAsserted(() -> assertThat(broken.result()).contains("unknown key fils. Did you mean files?"));

        Path logs = directory.resolve("logs").resolve(bad.get("LOG_PATH"));
        assertThat(logs.resolve("junit.xml")).content().contains("tests/b.sh");
        assertThat(logs.resolve("report.html")).exists();
        assertThat(logs.resolve("distributed.log")).content().contains("3 files through", "tests/a.sh passed");
        assertThat(directory.resolve("work/kept/runtimes/suite.json")).content().contains("tests/a.sh");
    }
}
