package io.jenkins.plugins.distributedtest.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.cli.CommandDoor;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.config.ListenerConfiguration;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.jenkins.step.StepDoor;
import io.jenkins.plugins.distributedtest.listener.Listener;
import io.jenkins.plugins.distributedtest.runner.Runners;
import io.jenkins.plugins.distributedtest.suite.RuntimeHistory;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.testing.EmbeddedFixture;
import io.jenkins.plugins.distributedtest.wire.Names;
import io.jenkins.plugins.distributedtest.wire.NativeMessage;
import io.jenkins.plugins.distributedtest.wire.WireCodec;
import io.jenkins.plugins.distributedtest.wire.WireException;
import io.jenkins.plugins.distributedtest.zuul.task.ZuulDoor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same project through the command line, the Jenkins step and a Zuul job: the same plan, outputs and sentences. */
class FrontDoorsTest {
    private static final Map<String, FrontDoor> DOORS = new LinkedHashMap<>();

    static {
        DOORS.put("run", new CommandDoor());
        DOORS.put("step", new StepDoor());
        DOORS.put("zuul", new ZuulDoor());
    }

    /** What differs from run to run, or is a door's own: where it is from, and how to start it. */
    private static final List<String> OWN = List.of(
            "run_id",
            "started_at",
            "rerun_command",
            "wall_seconds",
            "wall_time",
            "joined_offset",
            "left_offset",
            "sync_seconds",
            "start_offset",
            "seconds");

    private static final String ROOT = "io.jenkins.plugins.distributedtest.";
    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT.substring(0, ROOT.length() - 1));

    @TempDir
    private Path directory;

    private final String cluster = "doors-" + UUID.randomUUID();
    private final List<NativeMessage.JobDefinition> definitions = new CopyOnWriteArrayList<>();
    private BrokerAddress broker;
    private Listener listener;
    private Connection connection;
    private Path project;
    private Path runtimes;
    private Path evidence;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedFixture.shared().address();
        evidence = directory.resolve("evidence");
        project = directory.resolve("shop");
        write("tests/a.sh", "exit 0\n");
        write("tests/b.sh", "echo what is wrong; exit 1\n");
        write("tests/c.sh", "[ \"$COLOR\" = red ]\n");
        write("distributed-test.json", """
                {
                  "project": "shop",
                  "cluster_id": "%s",
                  "files": ["tests/*.sh", "nothing/*.sh"],
                  "retries": 1,
                  "file_timeout": "70s",
                  "environment": {"COLOR": "red"},
                  "runners": {"files": {"**/*.sh": "command"}, "command": ["sh", "{file}"]},
                  "job": {"callbacks": {"commands": {
                    "before_originate": ["sh", "-c", "echo before $COLOR >> %s"],
                    "after_job_finishes": ["sh", "-c", "echo after $COLOR >> %s"]
                  }}}
                }
                """.formatted(cluster, evidence, evidence));
        runtimes = Files.writeString(
                directory.resolve("recorded.json"),
                "{\"tests/b.sh\": 5.0, \"tests/c.sh\": 3.0, \"tests/a.sh\": 1.0, \"tests/gone.sh\": 9.0}");
        tap();
        List<String> sets =
                List.of("worker_slots=1", "cluster_id=" + cluster, "work_directory=" + directory.resolve("w"));
        Configuration configuration = Configuration.load(directory, null, Configuration.Role.LISTENER, Map.of(), sets);
        listener =
                new Listener(ListenerConfiguration.from(configuration).settings(), broker, new SimpleMeterRegistry());
        listener.start();
    }

    @AfterEach
    void stop() throws Exception {
        listener.close();
        connection.close();
    }

    private void write(String path, String text) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Hears what listeners are told of each run: the plan as it arrives. */
    private void tap() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.toSecretUri());
        connection = factory.newConnection("test-tap");
        Channel channel = connection.createChannel();
        channel.exchangeDeclare(Names.jobs(cluster), "fanout", true);
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, Names.jobs(cluster), "");
        channel.basicConsume(
                queue,
                true,
                (tag, delivery) -> {
                    try {
                        if (WireCodec.decode(delivery.getBody()) instanceof NativeMessage.JobDefinition definition) {
                            definitions.add(definition);
                        }
                    } catch (WireException e) {
                        throw new IllegalStateException(e);
                    }
                },
                tag -> {});
    }

    @Test
    void theSameProjectGivesTheSamePlanOutputsAndSentences() throws Exception {
        Map<String, FrontDoor.Outcome> outcomes = new LinkedHashMap<>();
        for (Map.Entry<String, FrontDoor> door : DOORS.entrySet()) {
            Files.deleteIfExists(evidence);
            Path work = Files.createDirectory(directory.resolve(door.getKey()));
            outcomes.put(door.getKey(), door.getValue().run(project, broker, runtimes, work));
            assertThat(evidence).as(door.getKey()).hasContent("before red\nafter red\n");
        }

        FrontDoor.Outcome run = outcomes.get("run");
        assertThat(run.result()).isEqualTo("exit code 1");
        assertThat(outcomes.get("step").result()).isEqualTo("[]Tests failed: 1 of 3 files");
        assertThat(outcomes.get("zuul").result()).contains("FAILURE: 1 of 3 files failed: tests/b.sh");

        List<String> sentences = sentences(run);
        assertThat(sentences)
                .contains("Warning: Matched no file: nothing/*.sh")
                .anyMatch(line -> line.startsWith("# files through " + "amqp://"))
                .anyMatch(line -> line.contains(" is ready, # slot in all"))
                .anyMatch(line -> line.contains("what is wrong"))
                .anyMatch(line -> line.startsWith("FAILED in # s: # files (# passed, # failed)"));
        JsonNode plan = plan(definitions.get(0));
        JsonNode report = report(run);
        assertThat(report.at("/files/0/path").asText()).isEqualTo("tests/b.sh");
        assertThat(report.at("/files/0/expected_seconds").asDouble()).isEqualTo(5);
        assertThat(report.at("/files/0/attempts")).hasSize(2);
        assertThat(report.at("/files/2/path").asText()).isEqualTo("tests/a.sh");
        await().atMost(Duration.ofSeconds(60)).until(() -> definitions.size() == DOORS.size());

        for (int i = 1; i < DOORS.size(); i++) {
            String door = List.copyOf(DOORS.keySet()).get(i);
            FrontDoor.Outcome outcome = outcomes.get(door);
            assertThat(plan(definitions.get(i))).as("plan of " + door).isEqualTo(plan);
            assertThat(report(outcome)).as("JSON report of " + door).isEqualTo(report);
            assertThat(numberless(outcome.junit())).as("JUnit XML of " + door).isEqualTo(numberless(run.junit()));
            assertThat(page(outcome.html())).as("page of " + door).isEqualTo(page(run.html()));
            assertThat(sentences(outcome)).as("sentences of " + door).isEqualTo(sentences);
        }
        for (FrontDoor.Outcome outcome : outcomes.values()) {
            RuntimeHistory after = RuntimeHistory.read(outcome.runtimes());
            assertThat(after.seconds(new TestFile("tests/a.sh")).getAsDouble()).isBetween(0.5, 1.0);
            assertThat(after.seconds(new TestFile("tests/c.sh")).getAsDouble()).isBetween(1.5, 3.0);
        }
    }

    /** {@code node --test} passes where it finds no file. */
    @Test
    void aSuiteWithoutTestsPassesWhereItsToolPasses() throws Exception {
        assumeTrue(Runners.available().contains("node"), "Node is not installed on this host");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Files.writeString(empty.resolve("package.json"), "{\"scripts\": {\"test\": \"node --test\"}}");
        Process own =
                new ProcessBuilder("npm", "test").directory(empty.toFile()).start();
        assertThat(own.waitFor()).isZero();

        Path work = Files.createDirectory(directory.resolve("zuul"));
        FrontDoor.Outcome outcome = DOORS.get("zuul").run(empty, broker, runtimes, work);
        assertThat(outcome.result()).isEqualTo("SUCCESS");
        assertThat(outcome.told())
                .contains("Nothing to run: there are no tests.")
                .anyMatch(line -> line.contains("and passes so"));
    }

    /** What a door does in a real Jenkins cannot be seen here; but that it does none of this in a way of its own can. */
    @ParameterizedTest
    @CsvSource({
        "session.ProjectRun, read",
        "session.ProjectRun, plan",
        "session.RunNarrator, tell",
        "session.RunNarrator, end",
        "session.RunOutputs, reports",
        "session.RunOutputs, lastCallback",
        "session.RunVerdict, of",
    })
    void everyDoorGoesThroughTheSession(String type, String method) {
        assertThat(callers(type, method)).contains("cli", "jenkins.step", "zuul.task");
    }

    @ParameterizedTest
    @CsvSource({"runner.SuiteRunners, settle", "report.HtmlReport, write", "report.ConsoleSummary, failure"})
    void noDoorHasAPreparationOrConclusionOfItsOwn(String type, String method) {
        assertThat(callers(type, method))
                .contains("session")
                .isSubsetOf("session", type.substring(0, type.indexOf('.')));
    }

    /** The rooms whose classes call a method, of the class itself left out. */
    private static Set<String> callers(String type, String method) {
        String owner = ROOT + type;
        return CODE.get(owner).getMethodCallsToSelf().stream()
                .filter(call -> call.getTarget().getName().equals(method))
                .map(call -> call.getOriginOwner().getPackageName().substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The plan as listeners hear it, without what names this run, and what Zuul tells every job of its request. */
    private static JsonNode plan(NativeMessage.JobDefinition definition) {
        ObjectNode plan = (ObjectNode) WireCodec.tree(definition);
        plan.remove(List.of("run_id", "files_queue", "reply_queue"));
        ((ObjectNode) plan.get("sync")).remove(List.of("content_queue", "content_exchange", "tree_digest"));
        ((ObjectNode) plan.get("environment")).retain("COLOR");
        return plan;
    }

    private static JsonNode report(FrontDoor.Outcome outcome) throws IOException {
        return withoutOwn(Json.PLAIN.readTree(outcome.json().toFile()));
    }

    private static JsonNode withoutOwn(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(OWN);
            object.forEach(FrontDoorsTest::withoutOwn);
        } else if (node instanceof ArrayNode array) {
            array.forEach(FrontDoorsTest::withoutOwn);
        }
        return node;
    }

    private static String numberless(Path file) throws IOException {
        return Files.readString(file)
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z?", "TIME")
                .replaceAll("\"\\d+\\.\\d+\"", "\"#\"");
    }

    /** The page without its data, which the JSON report has. */
    private static String page(Path file) throws IOException {
        String html = Files.readString(file);
        return html.replaceFirst("(?s)<script type=\"application/json\".*?</script>", "")
                .replaceFirst("(?s)<noscript>.*?</noscript>", "");
    }

    private List<String> sentences(FrontDoor.Outcome outcome) {
        List<String> sentences = new ArrayList<>();
        boolean measured = false;
        for (String line : outcome.told()) {
            // How a file is run again is said in each door's own terms.
            String plain = line.replaceAll("files: \\['(.*?)']", "distributed-test run $1")
                    .replaceAll("distributed-test run .*?(?=tests/)", "distributed-test run ")
                    .replace(outcome.junit().getParent() + "/", "")
                    .replace("//distributed-test@", "//")
                    .replaceAll("\\d+(?:\\.\\d+)?", "#")
                    .replaceAll("\\s+", " ")
                    .strip();
            // From here to the verdict there are times, and their order.
            measured = measured ? !plain.startsWith("FAILED in") : plain.equals("Slowest files");
            boolean own =
                    measured || plain.isEmpty() || plain.startsWith("More of it") || plain.matches("tests/\\S+ passed");
            if (!own) {
                sentences.add(plain);
            }
        }
        return sentences;
    }
}
