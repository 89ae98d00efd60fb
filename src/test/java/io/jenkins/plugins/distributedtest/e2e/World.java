package io.jenkins.plugins.distributedtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.report.JsonReport;
import io.jenkins.plugins.distributedtest.suite.FileReport;
import io.jenkins.plugins.distributedtest.suite.RunReport;
import io.jenkins.plugins.distributedtest.wire.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What users have: a broker, listeners and a project, each as a process or a directory of its own. All processes that
 * any of them starts inherit a mark in their environment, so that nothing can stay unnoticed.
 */
final class World implements AutoCloseable {
    /** Signs of life every half second, so that a test need not wait for the defaults. */
    private static final List<String> BRISK = List.of("--set", "heartbeat=500ms", "--set", "silence=4s");

    private final Path directory;
    private final Supplier<BrokerAddress> broker;
    private final String mark = "E2E_MARK=" + UUID.randomUUID();
    private final Map<String, String> environment = new HashMap<>();
    private final List<Program> programs = new ArrayList<>();
    private int runs;

    /**
     * @param directory an empty one
     * @param broker where the broker is
     */
    World(Path directory, Supplier<BrokerAddress> broker) throws IOException {
        Processes.assumeReadable();
        this.directory = directory;
        this.broker = broker;
        Files.createDirectories(project());
        Files.createDirectories(evidence());
        String[] entry = mark.split("=");
        environment.put(entry[0], entry[1]);
        environment.put("EVIDENCE", evidence().toString());
    }

    /** The project's directory. */
    Path project() {
        return directory.resolve("project");
    }

    /** Where test files leave what they have done, for the test to see; its path is in {@code EVIDENCE}. */
    Path evidence() {
        return directory.resolve("evidence");
    }

    /** The broker's address. */
    BrokerAddress broker() {
        return broker.get();
    }

    /** Writes a file of the project. */
    void write(String name, String text) throws IOException {
        Path file = project().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Starts the program. */
    Program start(String name, List<String> arguments, Map<String, String> more) throws IOException {
        return start(name, List.of(), arguments, more);
    }

    /** Starts the program by another one. */
    Program start(String name, List<String> by, List<String> arguments, Map<String, String> more) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DISTRIBUTED_TEST_BROKER", broker().toSecretUri());
        all.putAll(more);
        Program program = Program.start(project(), directory.resolve(name + ".log"), all, by, arguments);
        programs.add(program);
        return program;
    }

    /** Starts a listener and waits until it is connected. Its work directory is its own, and stays after its end. */
    Program listener(String name, int slots, String... more) throws IOException {
        Program listener = startListener(name, slots, more);
        listener.awaitOutput("connected: " + slots + " slot");
        return listener;
    }

    /** Starts a listener. */
    Program startListener(String name, int slots, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "listen",
                "--slots",
                String.valueOf(slots),
                "--work-dir",
                workDirectory(name).toString()));
        arguments.addAll(List.of(more));
        return start(name, arguments, Map.of("E2E_LISTENER", name));
    }

    /** A listener's work directory. */
    Path workDirectory(String name) {
        return directory.resolve("work-" + name);
    }

    /** A listener's workspaces that are there now. */
    List<Path> workspaces(String name) throws IOException {
        Path all = workDirectory(name).resolve("workspaces");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(all)) {
            return list.filter(Files::isDirectory)
                    .filter(each -> !each.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    /** Starts a run of the project with short heartbeats. */
    Run run(String... more) throws IOException {
        Path json = directory.resolve("run" + ++runs + ".json");
        Path junit = directory.resolve("run" + runs + ".xml");
        List<String> arguments =
                new ArrayList<>(List.of("run", "--json", json.toString(), "--junit", junit.toString()));
        arguments.addAll(BRISK);
        arguments.addAll(List.of(more));
        return new Run(start("run" + runs, arguments, Map.of()), json, junit);
    }

    /**
     * A run as its user sees it.
     *
     * @param program its process
     * @param json the report that it writes
     * @param junit another
     */
    record Run(Program program, Path json, Path junit) {
        /** Waits for its end and checks its exit code. */
        RunReport ends(int exitCode) throws IOException, InterruptedException {
            int code = program.awaitEnd();
            assertThat(code).as(program.output()).isEqualTo(exitCode);
            return JsonReport.read(json);
        }
    }

    /** Checks that the report has exactly the given files, each with one result that decides. */
    static void assertComplete(RunReport report, Iterable<String> suite) {
        assertThat(report.files()).extracting(f -> f.file().path()).containsExactlyInAnyOrderElementsOf(suite);
        assertThat(report.files()).allMatch(FileReport::isFinished);
    }

    /** Every process that is left of this world. */
    List<String> leftProcesses() {
        return Processes.with(mark);
    }

    /**
     * Waits until nothing but the given programs is left. The watchdogs of programs that were killed end by themselves
     * and so are waited for, too.
     */
    void awaitOnly(Program... survivors) {
        TreeSet<String> pids = new TreeSet<>();
        Stream.of(survivors).forEach(p -> pids.add(String.valueOf(p.pid())));
        Program.await(() -> "only the programs themselves are left")
                .untilAsserted(() -> assertThat(leftProcesses())
                        .filteredOn(line -> !pids.contains(line.split(" ")[0]))
                        .isEmpty());
    }

    /** Waits until nothing of a run is on the broker. */
    void awaitNothingOnBroker(String runId) throws Exception {
        try (Connection connection = connect()) {
            for (String queue : List.of(Names.files(runId), Names.replies(runId), Names.contentRequests(runId))) {
                Program.await(() -> queue + " is gone").until(() -> !exists(connection, queue));
            }
        }
    }

    /** A connection to the broker. */
    Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker().toSecretUri());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("end-to-end test");
    }

    private static boolean exists(Connection connection, String queue) throws Exception {
        try (Channel channel = connection.createChannel()) {
            channel.queueDeclarePassive(queue);
            return true;
        } catch (IOException e) {
            return false; // 404: the broker has closed the channel
        } catch (AlreadyClosedException e) {
            return false;
        }
    }

    /** What test files wrote into the file of a name; empty if there is none. */
    List<String> told(String name) throws IOException {
        Path file = evidence().resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Each file's number of attempts. */
    static Map<String, Integer> attempts(RunReport report) {
        Map<String, Integer> map = new LinkedHashMap<>();
        report.files().forEach(f -> map.put(f.file().path(), f.attempts().size()));
        return map;
    }

    /** Ends every program, the last one first, and whatever they have left. */
    @Override
    public void close() throws InterruptedException {
        for (int i = programs.size() - 1; i >= 0; i--) {
            Program program = programs.get(i);
            if (program.isAlive()) {
                try {
                    program.signal("CONT");
                } catch (IOException e) {
                    // it has ended meanwhile
                }
                program.stop();
            }
        }
        for (String line : leftProcesses()) {
            ProcessHandle.of(Long.parseLong(line.split(" ")[0])).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
