package io.jenkins.plugins.distributedtest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.listener.ListenerSettings;
import io.jenkins.plugins.distributedtest.originator.RunSettings.Dialect;
import io.jenkins.plugins.distributedtest.suite.SubProject;
import io.jenkins.plugins.distributedtest.sync.SshOptions;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    private static final String GORGON = """
            {
              "connection": {"host": "queue", "port": 5673, "user": "u", "pass": "p", "virtual_host": "v"},
              "job": {
                "sync": {"exclude": [".git", "log"], "rsync_transport": "ssh"},
                "callbacks": {"callbacks_class_file": "callbacks.rb"}
              },
              "file_server": {"host": "files.example.org"},
              "files": ["spec/**/*_spec.rb", "test/**/*_test.rb"],
              "failed_files": "/tmp/failed.json",
              "runtime_file": "runtimes.json",
              "originator_log_file": "log/gorgon.log"
            }
            """;

    private Path directory;

    @BeforeEach
    void makeDirectory(@TempDir Path root) throws IOException {
        directory = Files.createDirectory(root.resolve("shop"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Configuration load(String... sets) throws ConfigException {
        return load(Configuration.Role.ORIGINATOR, Map.of(), sets);
    }

    private Configuration load(Configuration.Role role, Map<String, String> environment, String... sets)
            throws ConfigException {
        return Configuration.load(directory, null, role, environment, List.of(sets));
    }

    @Test
    void aGorgonUserChangesNothing() throws Exception {
        write("gorgon.json", GORGON);

        Configuration configuration = load();
        RunConfiguration run = RunConfiguration.from(configuration);

        assertThat(configuration.warnings()).isEmpty();
        assertThat(run.broker().host()).isEqualTo("queue");
        assertThat(run.broker().port()).isEqualTo(5673);
        assertThat(run.broker().username()).isEqualTo("u");
        assertThat(run.broker().password()).isEqualTo("p");
        assertThat(run.broker().virtualHost()).isEqualTo("v");
        assertThat(run.broker().tls()).isNull();
        assertThat(run.files()).containsExactly("spec/**/*_spec.rb", "test/**/*_test.rb");
        assertThat(run.failedFiles()).isEqualTo(Path.of("/tmp/failed.json"));
        assertThat(run.runtimeFile()).isEqualTo(directory.resolve("runtimes.json"));
        assertThat(run.settings().callbacks().classFile()).isEqualTo("callbacks.rb");
        assertThat(run.settings().dialect()).isEqualTo(Dialect.NATIVE);
        assertThat(run.settings().sync().kind()).isEqualTo(SyncSpec.Kind.CONTENT);
        assertThat(run.settings().sync().exclude())
                .containsExactly(".git", "log", ".distributed-test", "/log/gorgon.log", "/log/gorgon.log.1");
    }

    @Test
    void rubyListenersGetTheirSourcesByRsync() throws Exception {
        write("gorgon.json", GORGON);

        RunConfiguration run = RunConfiguration.from(load("protocol=gorgon"));

        assertThat(run.settings().dialect()).isEqualTo(Dialect.GORGON);
        assertThat(run.settings().sync().kind()).isEqualTo(SyncSpec.Kind.RSYNC);
        assertThat(((Sync.Rsync) run.settings().sync()).server())
                .isEqualTo(new Sync.OverSsh("files.example.org", null, null, false));
        RunConfiguration daemon = RunConfiguration.from(load("protocol=gorgon", "job.sync.rsync_transport=anonymous"));
        assertThat(((Sync.Rsync) daemon.settings().sync()).server())
                .isEqualTo(new Sync.Daemon("files.example.org", 43434, "src"));
    }

    private Sync.Git git(String... sets) throws ConfigException {
        return (Sync.Git) RunConfiguration.from(load(sets)).settings().sync();
    }

    @Test
    void eachSideHasItsOwnWayThroughSshAndToGit() throws Exception {
        String[] sets = {
            "job.sync.kind=rsync",
            "file_server.host=h",
            "job.sync.rsync_transport=ssh",
            "job.sync.rsync_key_file=k",
            "job.sync.ssh_config=c",
            "job.sync.any_host_key=true",
            "job.sync.git_protocols=ssh"
        };

        Sync run = RunConfiguration.from(load(sets)).settings().sync();
        ListenerSettings listener = ListenerConfiguration.from(load(sets)).settings();

        assertThat(((Sync.Rsync) run).server())
                .isEqualTo(new Sync.OverSsh(
                        "h",
                        directory.resolve("k").toString(),
                        directory.resolve("c").toString(),
                        true));
        assertThat(git("job.sync.kind=git", "job.sync.git_protocols=ssh").protocols())
                .containsExactly("ssh");
        assertThat(listener.ssh()).isEqualTo(new SshOptions(directory.resolve("k"), directory.resolve("c"), true));
        assertThat(listener.gitProtocols()).containsExactly("ssh");
        assertThat(git("job.sync.kind=git").protocols()).isEqualTo(Sync.Git.DEFAULT_PROTOCOLS);
        assertThat(ListenerConfiguration.from(load()).settings().ssh()).isEqualTo(SshOptions.DEFAULT);
    }

    @Test
    void aCancelledRunStopsOtherRunsOnlyWhenItIsToldTo() throws Exception {
        assertThat(RunConfiguration.from(load()).settings().gorgonCancelBroadcast())
                .isFalse();
        assertThat(RunConfiguration.from(load("gorgon.cancel=broadcast"))
                        .settings()
                        .gorgonCancelBroadcast())
                .isTrue();
    }

    @Test
    void withoutAnySourceTheDefaultsStand() throws Exception {
        RunConfiguration run = RunConfiguration.from(load());

        assertThat(run.broker()).hasToString("amqp://guest@localhost:5672");
        assertThat(run.settings().project()).isEqualTo("shop");
        assertThat(run.settings().fileTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(run.settings().listenerTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(run.settings().heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(run.settings().silence()).isEqualTo(Duration.ofSeconds(20));
        assertThat(run.settings().runTimeout()).isNull();
        assertThat(((Sync.Content) run.settings().sync()).maxBytes()).isEqualTo(256L << 20);
        assertThat(run.settings().sync().exclude()).containsExactly(".git", ".distributed-test");
        assertThat(run.files()).isEmpty();
        assertThat(run.failedFiles()).isEqualTo(directory.resolve(".distributed-test/failed-files.json"));
        assertThat(run.junit()).isNull();
    }

    @Test
    void eachSourceWinsOverTheOneBefore() throws Exception {
        write("gorgon.json", "{\"connection\": {\"host\": \"a\", \"port\": 1}, \"runtime_file\": \"a\"}");
        write("gorgon_secret.json", "{\"connection\": {\"host\": \"b\", \"password\": \"b\"}}");
        write("distributed-test.json", "{\"connection\": {\"password\": \"c\"}, \"retries\": 1, \"fail_fast\": 1}");
        Map<String, String> environment = Map.of("DISTRIBUTED_TEST_RETRIES", "2", "DISTRIBUTED_TEST_FAIL_FAST", "2");

        Configuration configuration = load(Configuration.Role.ORIGINATOR, environment, "fail_fast=3");

        assertThat(configuration.files()).containsExactly("gorgon.json", "gorgon_secret.json", "distributed-test.json");
        assertThat(configuration.broker().host()).isEqualTo("b");
        assertThat(configuration.broker().port()).isEqualTo(1);
        assertThat(configuration.broker().password()).isEqualTo("c");
        assertThat(configuration.number("retries")).isEqualTo(2);
        assertThat(configuration.number("fail_fast")).isEqualTo(3);
        assertThat(configuration.override("fail_fast", "4", "--fail-fast").number("fail_fast"))
                .isEqualTo(4);
    }

    @Test
    void theSecretFileIsMergedDeeplyAndOtherNamesOfAKeyAreTheSameKey() throws Exception {
        write("gorgon.json", "{\"connection\": {\"username\": \"one\", \"pass\": \"one\"}}");
        write("gorgon_secret.json", "{\"connection\": {\"user\": \"two\", \"password\": \"two\"}}");

        assertThat(load().broker().username()).isEqualTo("two");
        assertThat(load().broker().password()).isEqualTo("two");
    }

    @Test
    void aListenerReadsItsOwnFile() throws Exception {
        write("gorgon.json", "{\"connection\": {\"host\": \"not-this-one\"}}");
        write(
                "gorgon_listener.json",
                "{\"connection\": {\"host\": \"q\"}, \"worker_slots\": 3, \"log_file\": \"l.log\", \"cluster_id\": \"c\"}");

        ListenerConfiguration listener = ListenerConfiguration.from(load(Configuration.Role.LISTENER, Map.of()));

        assertThat(listener.broker().host()).isEqualTo("q");
        assertThat(listener.settings().slots()).isEqualTo(3);
        assertThat(listener.settings().cluster()).isEqualTo("c");
        assertThat(listener.logFile()).isEqualTo(directory.resolve("l.log"));
        assertThat(listener.metricsPort()).isNull();
    }

    @Test
    void ourFileMayHaveCommentsAndTrailingCommas() throws Exception {
        write(
                "distributed-test.json",
                "// how\n{\n  /* what */ \"files\": [\"a\",], // lone\n \"exclude\": \"b\",\n}\n");

        assertThat(load().texts("files")).containsExactly("a");
        assertThat(load().texts("exclude")).containsExactly("b");
    }

    @Test
    void aUriReplacesTheConnectionButNotItsCertificates() throws Exception {
        write(
                "distributed-test.json",
                "{\"connection\": {\"host\": \"a\", \"password\": \"a\", \"tls_ca_certificates\": [\"ca.pem\"]}}");

        Configuration plain = load(Configuration.Role.ORIGINATOR, Map.of("RABBITMQ_URL", "amqp://b:c@d:77/e"));
        Configuration tls = load(
                Configuration.Role.ORIGINATOR,
                Map.of("RABBITMQ_URL", "amqp://b:c@d:77/e", "DISTRIBUTED_TEST_BROKER", "amqps://f:g@h"));

        assertThat(plain.broker()).hasToString("amqp://b@d:77/e");
        assertThat(plain.broker().password()).isEqualTo("c");
        assertThat(tls.broker()).hasToString("amqps://f@h:5671");
        assertThat(tls.broker().tls().caFile()).isEqualTo(directory.resolve("ca.pem"));
    }

    @Test
    void assignmentsTakeJsonOrTextAndReachIntoMaps() throws Exception {
        Configuration configuration = load(
                "files=[\"a\",\"b\"]",
                "exclude=c",
                "project=123",
                "environment.RAILS_ENV=test",
                "environment.A.B=7",
                "runners.args.rspec=[\"--tag\",\"x\"]",
                "runners.files={\"*.sh\":\"command\"}",
                "file_timeout=90",
                "runners.files.spec/x.y/*.rb=rspec");

        assertThat(configuration.texts("files")).containsExactly("a", "b");
        assertThat(configuration.texts("exclude")).containsExactly("c");
        assertThat(configuration.text("project")).isEqualTo("123");
        assertThat(configuration.textMap("environment"))
                .containsEntry("RAILS_ENV", "test")
                .containsEntry("A.B", "7");
        assertThat(configuration.listMap("runners.args")).containsEntry("rspec", List.of("--tag", "x"));
        assertThat(configuration.textMap("runners.files"))
                .containsEntry("*.sh", "command")
                .containsEntry("spec/x.y/*.rb", "rspec");
        assertThat(configuration.duration("file_timeout")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void projectsAreWhatIsSetOrUnknown() throws Exception {
        assertThat(load("retries=1").projects()).isNull();
        assertThat(load("projects=[]").projects()).isEmpty();
        assertThat(load("projects=[\".\", \"./a/b/\"]").projects())
                .containsExactly(SubProject.in(""), SubProject.in("a/b"));
        SubProject set = load("projects=[{\"directory\": \"w\", \"runner\": \"command\", \"command\": \"x\","
                        + " \"environment\": {\"A\": \"1\", \"B\": null}, \"args\": {\"rspec\": \"-x\"},"
                        + " \"isolation\": {\"rspec\": \"file\"}}]")
                .projects()
                .get(0);
        assertThat(set.runner()).isEqualTo("command");
        assertThat(set.environment()).isEqualTo(Map.of("A", "1"));
        assertThat(set.settings().command()).containsExactly("x");
        assertThat(set.settings().args()).isEqualTo(Map.of("rspec", List.of("-x")));
        assertThat(set.settings().isolation()).isEqualTo(Map.of("rspec", "file"));
    }

    @Test
    void nullTakesAValueAway() throws Exception {
        write("gorgon.json", "{\"runtime_file\": \"x\"}");
        write("distributed-test.json", "{\"runtime_file\": null}");

        assertThat(load().text("runtime_file")).isEqualTo(".distributed-test/runtimes.json");
    }

    @Test
    void whatGorgonIgnoresInItsFilesIsAWarning() throws Exception {
        write("gorgon.json", "{\"file\": [\"a\"], \"retries\": 3, \"connection\": {\"heartbeat\": 5}}");

        Configuration configuration = load();

        assertThat(configuration.number("retries")).isZero();
        assertThat(configuration.warnings())
                .hasSize(3)
                .anySatisfy(w -> assertThat(w).startsWith("gorgon.json: unknown key file. Did you mean files?"))
                .anySatisfy(w -> assertThat(w).contains("retries does not belong here but in distributed-test.json"))
                .anySatisfy(w -> assertThat(w).contains("unknown key connection.heartbeat"));
    }

    @Test
    void aCallbackCanBeGivenOnTheCommandLine() throws Exception {
        write("distributed-test.json", "{\"job\": {\"callbacks\": {\"commands\": {\"before_start\": [\"true\"]}}}}");

        Configuration configuration = load("job.callbacks.commands.after_sync=[\"make\", \"assets\"]");

        assertThat(configuration.listMap("job.callbacks.commands"))
                .containsEntry("after_sync", List.of("make", "assets"))
                .containsEntry("before_start", List.of("true"))
                .hasSize(2);
        assertThatThrownBy(() -> load("job.callbacks.commands.after_snyc=[\"make\"]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("after_sync");
    }

    @Test
    void aVariableThatSetsNothingIsAWarning() throws Exception {
        Configuration configuration = load(
                Configuration.Role.ORIGINATOR, Map.of("DISTRIBUTED_TEST_RETRYS", "1", "DISTRIBUTED_TEST_MARKER", "m"));

        assertThat(configuration.warnings())
                .containsExactly("Environment variable DISTRIBUTED_TEST_RETRYS sets nothing."
                        + " Did you mean DISTRIBUTED_TEST_RETRIES?");
    }

    @Test
    void variablesOfTheLauncherAreKnown() throws Exception {
        Map<String, String> variables = Pattern.compile("DISTRIBUTED_TEST_[A-Z_]+")
                .matcher(Files.readString(Path.of("bin/distributed-test")))
                .results()
                .map(MatchResult::group)
                .distinct()
                .collect(Collectors.toMap(each -> each, each -> "1"));

        assertThat(variables).containsKeys("DISTRIBUTED_TEST_JAVA_OPTS", "DISTRIBUTED_TEST_NO_ARCHIVE");
        assertThat(load(Configuration.Role.ORIGINATOR, variables).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'retrys': 1} | unknown key retrys. Did you mean retries?",
                "{'sync': {'kind': 'git'}} | unknown key sync.",
                "{'job': {'sink': 1}} | unknown key job.sink. Did you mean job.sync",
                "{'job': {'sync': {'knd': 'git'}}} | unknown key job.sync.knd. Did you mean job.sync.kind?",
                "{'kind': 'git'} | unknown key kind. Did you mean job.sync.kind?",
                "{'connection': {'hots': 'x'}} | unknown key connection.hots. Did you mean connection.host?",
                "{'connection': 5} | connection must be an object or a text such as",
                "{'connection': 'http://x:secret@y'} | not an AMQP URI",
                "{'job': 'x'} | job must be an object; its keys are job.sync.kind",
                "{'protocol': 'amqp'} | protocol must be one of 'native', 'gorgon', not 'amqp'",
                "{'retries': -1} | retries must be a whole number from 0 up, such as 2, not -1",
                "{'retries': 1.5} | retries must be a whole number from 0 up",
                "{'retries': 'two'} | retries must be a whole number from 0 up, such as 2, not 'two'",
                "{'worker_slots': 0} | worker_slots must be a whole number from 1 up",
                "{'metrics_port': 70000} | metrics_port must be a port from 1 to 65535",
                "{'keep_workspaces': 'yes'} | keep_workspaces must be true or false",
                "{'file_timeout': '10 parsecs'} | file_timeout must be a duration, such as '10m'",
                "{'file_timeout': 0} | file_timeout must be a duration",
                "{'file_timeout': []} | file_timeout must be a duration, such as '10m', '30 s', '500ms' or 600 (seconds), not a list",
                "{'job': {'sync': {'max_content': 'much'}}} | job.sync.max_content must be a size, such as '256 MiB'",
                "{'files': 3} | files must be a list of texts, such as ['spec/**/*_spec.rb'], not 3",
                "{'files': ['a', 3]} | files must be a list of texts",
                "{'junit': ''} | junit must be a path",
                "{'environment': []} | environment must be an object of texts",
                "{'environment': {'PORT': 3000}} | environment.PORT must be a text, such as 'abc', not a number",
                "{'runners': {'args': {'rspek': []}}} | unknown key runners.args.rspek. Did you mean runners.args.rspec?",
                "{'runners': {'args': {'rspec': 1}}} | runners.args.rspec must be a list of texts",
                "{'runners': {'files': {'*.x': 'nose'}}} | runners.files.*.x names no runner. There are: rspec, minitest",
                "{'runners': {'command': []}} | runners.command must be a command as a list of its arguments",
                "{'job': {'callbacks': {'commands': {'after_snyc': 'x'}}}} | Did you mean job.callbacks.commands.after_sync?",
                "{'projects': 'x'} | projects must be a list of projects, such as [{'directory': 'engines/billing'",
                "{'projects': [3]} | projects must be a list of projects",
                "{'projects': [{'runner': 'rspec'}]} | directory of a project must be a path in this project, such as",
                "{'projects': ['../x']} | directory of a project must be a path in this project",
                "{'projects': ['a', {'directory': './a/'}]} | projects has ./a/ twice",
                "{'projects': [{'directory': 'a', 'runner': 'nose'}]} | in the project a: runner names no runner. There are: rspec",
                "{'projects': [{'directory': 'a', 'file': 'x'}]} | in the project a: unknown key file. There are: directory, runner",
                "{'projects': [{'directory': 'a', 'args': {'rspec': 1}}]} | in the project a: runners.args.rspec must be a list",
                "{'retries': 1, 'retries': 2} | Duplicate field 'retries'",
                "{'retries': 1 | is not valid JSON at line",
                "{'retries': one} | a text must stand in double quotes",
                "[1] | must hold one JSON object",
            })
    void everyMistakeInOurFileIsAnErrorThatNamesFileAndKey(String json, String message) throws Exception {
        write("distributed-test.json", json.replace('\'', '"'));

        assertThatThrownBy(this::load)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("distributed-test.json")
                .hasMessageContaining(
                        message.replace('\'', '"').replace("Duplicate field \"retries\"", "Duplicate field 'retries'"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retries | --set takes key=value",
                "=1 | --set takes key=value",
                "retrys=1 | --set retrys: unknown key retrys. Did you mean retries?",
                "retries=x | --set retries: retries must be a whole number",
                "job.sync=x | --set job.sync: job.sync is a group of keys",
                "runners.args.x=[] | Did you mean runners.args.",
                "connection=nonsense | --set connection: not an AMQP URI",
            })
    void everyMistakeInAnAssignmentIsAnError(String assignment, String message) {
        assertThatThrownBy(() -> load(assignment))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"connection\": \"amqp://u:HUSH@[broken\"}",
                "{\"connection\": {\"password\": [\"HUSH\"]}}",
                "{\"connection\": {\"pass\": HUSH}}",
                "{\"connection\": {\"port\": \"HUSH\"}}",
                "{\"connection\": {\"pass\": \"HUSH}",
                "{\"environment\": {\"KEY\": {\"HUSH\": 1}}}",
            })
    void noErrorShowsASecret(String json) throws Exception {
        write("distributed-test.json", json);

        assertThatThrownBy(this::load)
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("HUSH"));
    }

    @Test
    void aBadVariableIsNamedWithoutItsValue() {
        assertThatThrownBy(
                        () -> load(Configuration.Role.ORIGINATOR, Map.of("DISTRIBUTED_TEST_BROKER", "ampq://u:HUSH@h")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("DISTRIBUTED_TEST_BROKER")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("HUSH"));
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Configuration.load(
                        directory, Path.of("no.json"), Configuration.Role.ORIGINATOR, Map.of(), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.json")
                .hasMessageContaining("distributed-test init");
    }

    @Test
    void keysThatContradictEachOtherAreErrors() throws Exception {
        assertThatThrownBy(() -> RunConfiguration.from(load("silence=3", "heartbeat=5")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("silence (3.0 s) must be longer than heartbeat (5.0 s)");
        assertThatThrownBy(() -> RunConfiguration.from(load("protocol=gorgon")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs file_server.host");
    }

    @Test
    void tlsFilesThatContradictEachOtherAreAnError() throws Exception {
        assertThatThrownBy(() -> RunConfiguration.from(load("connection.tls=true", "connection.tls_cert=c.pem")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("connection: TLS needs both");
        assertThat(load("connection.tls_fingerprint=" + "ab".repeat(32)).broker())
                .hasToString("amqps://guest@localhost:5671");
    }

    @Test
    void pathsAreRelativeToTheProjectAndKnowTheHomeDirectory() throws Exception {
        Configuration configuration = load("junit=out/j.xml", "work_directory=~/w", "html=/x/y.html");

        assertThat(configuration.path("junit")).isEqualTo(directory.resolve("out/j.xml"));
        assertThat(configuration.path("html")).isEqualTo(Path.of("/x/y.html"));
        assertThat(ListenerConfiguration.from(configuration).settings().workDirectory())
                .isEqualTo(Path.of(System.getProperty("user.home"), "w"));
    }

    @ParameterizedTest
    @CsvSource({"10m,600000", "30 s,30000", "500ms,500", "1.5h,5400000", "2,2000", "0.25,250", "1 d,86400000"})
    void durationsAreReadAsPeopleWriteThem(String text, long millis) {
        assertThat(Units.duration(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "0", "1x", "m", "1e9", "400d", "99999999999999"})
    void otherTextsAreNoDurations(String text) {
        assertThat(Units.duration(text)).isNull();
    }
}
