package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jenkins.plugins.distributedtest.gearman.GearServerStandIn;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.testing.FreePorts;
import io.jenkins.plugins.distributedtest.zuul.ZuulStandIn;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that leaves its session, its parent and its environment, of the built program's jobs and workers. */
class ProcessContainersIT {
    private static final String ESCAPE = "(env -i /usr/bin/setsid /bin/sh -c \"echo \\$\\$ > $EVIDENCE/escaped;"
            + " exec /bin/sleep 1000\" > /dev/null 2>&1 &); while [ ! -s $EVIDENCE/escaped ]; do sleep 0.05; done; ";

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World(directory.resolve("world"), EmbeddedFixture::sharedAddress);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    /** Waits until a program says how it keeps its processes together; skips the test where it cannot. */
    private static void awaitKind(Program program, String said) throws Exception {
        Program.await(program::output)
                .until(() -> !program.isAlive() || program.output().contains("kept together by "));
        if (program.output().contains("is not to be had on this host")) {
            abort(program.output());
        }
        assertThat(program.output()).contains("kept together by " + said);
    }

    private void awaitEscapedIsGone() throws IOException {
        long pid = Long.parseLong(world.told("escaped").get(0));
        Program.await(() -> "the process that got away is gone")
                .until(() -> ProcessHandle.of(pid)
                        .filter(io.jenkins.plugins.distributedtest.process.ProcessTree::runs)
                        .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cgroup", "subreaper"})
    void endsWithTheExecutorThatIsKilled(String kind) throws Exception {
        int port = FreePorts.next();
        try (GearServerStandIn server = new GearServerStandIn(port);
                ZuulStandIn zuul = new ZuulStandIn(port)) {
            Path file = Files.writeString(
                    directory.resolve("executor.yaml"), """
                    gearman: {host: 127.0.0.1, port: %d}
                    process_containers: %s
                    work_directory: %s
                    pass_environment: [PATH, HOME, E2E_MARK, EVIDENCE]
                    sources: {protocols: [file]}
                    jobs:
                    - {name: long, shell_script: '%s sleep 1000'}
                    """.formatted(port, kind, directory.resolve("work"), ESCAPE));
            Program program = world.start("executor", List.of("gearman", "--config", file.toString()), Map.of());
            awaitKind(program, kind);
            program.awaitOutput("Connected to Gearman server 127.0.0.1:" + port);
            zuul.build("long", new GitServer(directory.resolve("merger")).change("a"));
            Program.await(() -> "the job runs")
                    .until(() -> !world.told("escaped").isEmpty());
            program.signal("KILL");
            program.awaitEnd();
            awaitEscapedIsGone();
            world.awaitOnly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cgroup", "subreaper"})
    void endsWithTheRunWhoseWorkerStartedIt(String kind) throws Exception {
        suite("");
        Program listener = world.startListener("one", 1, "--set", "process_containers=" + kind);
        awaitKind(listener, kind);
        world.run().ends(0);
        awaitEscapedIsGone();
        assertThat(listener.isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cgroup", "subreaper"})
    void endsWithTheListenerThatIsKilled(String kind) throws Exception {
        suite("sleep 1000");
        Program listener = world.startListener("one", 1, "--set", "process_containers=" + kind);
        awaitKind(listener, kind);
        World.Run run = world.run();
        Program.await(() -> "the file runs").until(() -> !world.told("escaped").isEmpty());
        listener.signal("KILL");
        listener.awaitEnd();
        awaitEscapedIsGone();
        run.program().stop();
    }

    /** What cannot make a cgroup where it is asks the user manager for a scope, here one that the test plays. */
    @Test
    void aUserWhoLingersGetsAScopeOfTheUserManager() throws Exception {
        try (UserManager manager = new UserManager(directory)) {
            suite("");
            Program listener = manager.startListener(world, true);
            manager.moveWhoAsks(listener);
            awaitKind(listener, "cgroup");
            assertThat(listener.output()).contains("kept together by cgroups (" + manager.scope(listener) + "/");
            world.run().ends(0);
            awaitEscapedIsGone();
            assertThat(listener.isAlive()).isTrue();
            listener.stop();
        }
    }

    @Test
    void aUserWhoDoesNotLingerGetsNone() throws Exception {
        try (UserManager manager = new UserManager(directory)) {
            Program listener = manager.startListener(world, false);
            assertThat(listener.awaitEnd()).isEqualTo(3);
            assertThat(listener.output())
                    .contains("process_containers: cgroup is not to be had on this host", "loginctl enable-linger");
        }
    }

    private void suite(String then) throws IOException {
        world.write("tests/a.sh", ESCAPE + then + "\n");
        world.write(
                "distributed-test.json",
                "{\"files\": [\"tests/*.sh\"], \"runners\":"
                        + " {\"files\": {\"tests/*.sh\": \"command\"}, \"command\": [\"sh\", \"{file}\"]}}");
    }

    @Test
    void whatIsNotToBeHadIsRefusedByName() throws Exception {
        Program listener = world.startListener("one", 1, "--set", "process_containers=jail");
        assertThat(listener.awaitEnd()).isEqualTo(3);
        assertThat(listener.output()).contains("process_containers must be", "cgroup", "subreaper", "marks");
    }
}
