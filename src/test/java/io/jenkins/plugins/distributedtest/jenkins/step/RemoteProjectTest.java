package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.suite.EmptySuiteException;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a project, as it is done where the workspace is; what is asked goes there serialized. */
class RemoteProjectTest {
    @TempDir
    private Path project;

    @BeforeEach
    void prepare() throws IOException {
        write("spec/a_spec.rb", "");
        write("spec/slow/b_spec.rb", "");
        write("checks/c.sh", "");
    }

    private void write(String path, String text) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private RemoteProject read(
            StepOptions options, StepOptions defaults, StepSuite suite, Map<String, String> variables)
            throws Exception {
        ProjectRequest sent = travelled(new ProjectRequest(options, defaults, null, suite, variables));
        return RemoteProject.fromJson(RemoteProject.read(project, sent).toJson());
    }

    private RemoteProject read(StepOptions options) throws Exception {
        return read(options, new StepOptions(), new StepSuite(null, null), Map.of());
    }

    private static ProjectRequest travelled(ProjectRequest request) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(request);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (ProjectRequest) in.readObject();
        }
    }

    @Test
    void theStepWinsOverTheProjectAndTheProjectOverTheAdministrator() throws Exception {
        write("distributed-test.json", "{\"files\": [\"nowhere/*\"], \"retries\": 2, \"fail_fast\": 7}");
        StepOptions step = new StepOptions()
                .list("files", "files", List.of("spec/**/*_spec.rb"))
                .text("retries", "retries", 1);
        StepOptions defaults = new StepOptions()
                .text("retries", "retries", 9)
                .text("failFast", "fail_fast", 9)
                .text("fileTimeout", "file_timeout", "3m");
        RemoteProject remote = read(step, defaults, new StepSuite(null, null), Map.of());
        RunSettings settings = remote.run().settings();
        assertThat(remote.files()).containsExactly("spec/a_spec.rb", "spec/slow/b_spec.rb");
        assertThat(settings.retries()).isEqualTo(1);
        assertThat(settings.failFast()).isEqualTo(7);
        assertThat(settings.fileTimeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(settings.runners().used()).containsExactly("rspec");
        assertThat(remote.configFiles()).containsExactly("distributed-test.json");
        assertThat(remote.broker()).isNull();
    }

    @Test
    void aRunnerForAllFilesTakesThePlaceOfTheProjectsRules() throws Exception {
        write("distributed-test.json", "{\"runners\": {\"files\": {\"checks/*\": \"node\"}}}");
        StepOptions step = new StepOptions()
                .list("files", "files", List.of("checks/*", "spec/*.rb"))
                .anew("runner", "runners.files")
                .texts("runner", "runners.files", List.of("**/*=command"))
                .list("command", "runners.command", List.of("sh", "{file}"));
        RemoteProject remote = read(step);
        assertThat(remote.run().settings().runners().rules())
                .containsExactly(new RunnerSettings.Rule("**/*", "command"));
        assertThat(remote.run().settings().runners().used()).containsExactly("command");
    }

    @Test
    void onlyWhatFailedIsKeptOfTheSuite() throws Exception {
        StepOptions step = new StepOptions().list("files", "files", List.of("spec/**/*_spec.rb"));
        StepSuite failed = new StepSuite(null, List.of("spec/slow/b_spec.rb", "gone.rb"));
        assertThat(read(step, new StepOptions(), failed, Map.of()).files()).containsExactly("spec/slow/b_spec.rb");
        assertThat(read(step, new StepOptions(), new StepSuite(null, List.of()), Map.of())
                        .files())
                .isEmpty();
    }

    @Test
    void aListInTheWorkspaceNamesTheFiles() throws Exception {
        write("list.txt", "# these\nspec/a_spec.rb\n");
        StepSuite list = new StepSuite("list.txt", null);
        assertThat(read(new StepOptions(), new StepOptions(), list, Map.of()).files())
                .containsExactly("spec/a_spec.rb");
    }

    @Test
    void aBrokerThatTheProjectNamesIsFoundButMayNameNoFilesOfTheController() throws Exception {
        StepOptions step = new StepOptions().list("files", "files", List.of("spec/*.rb"));
        write("gorgon.json", "{\"connection\": {\"host\": \"rabbit\", \"username\": \"u\", \"password\": \"p@ss\"}}");
        RemoteProject remote = read(step);
        assertThat(remote.brokerAddress().host()).isEqualTo("rabbit");
        assertThat(remote.brokerAddress().password()).isEqualTo("p@ss");
        assertThat(remote.toString()).doesNotContain("p@ss");
        write("gorgon.json", "{\"connection\": {\"host\": \"rabbit\", \"tls_ca_certificates\": \"/etc/passwd\"}}");
        assertThatThrownBy(() -> read(step))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("connection.tls_ca_certificates names a file")
                .hasMessageContaining("Manage Jenkins");
    }

    @Test
    void ofTheBuildsVariablesOnlyThoseOfTheConfigurationTravel() throws Exception {
        ProjectRequest request = new ProjectRequest(
                new StepOptions(),
                new StepOptions(),
                null,
                new StepSuite(null, null),
                Map.of("SECRET", "x", "DISTRIBUTED_TEST_FAIL_FAST", "4", "RABBITMQ_URL", "amqp://h"));
        assertThat(request.variables).containsOnlyKeys("DISTRIBUTED_TEST_FAIL_FAST", "RABBITMQ_URL");
        StepOptions step = new StepOptions().list("files", "files", List.of("spec/*.rb"));
        RemoteProject remote = read(step, new StepOptions(), new StepSuite(null, null), request.variables);
        assertThat(remote.run().settings().failFast()).isEqualTo(4);
        assertThat(remote.brokerAddress().host()).isEqualTo("h");
    }

    @Test
    void whatIsWrongIsSaidWithTheOptionsNameAndTheWayOut() {
        assertThatThrownBy(() -> read(new StepOptions().text("fileTimeout", "file_timeout", "soon")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Option fileTimeout");
        assertThatThrownBy(() -> read(new StepOptions()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("say files in the step");
        assertThatThrownBy(() -> read(new StepOptions().list("files", "files", List.of("x/*"))))
                .isInstanceOf(EmptySuiteException.class)
                .hasMessageContaining("x/*");
    }

    @Test
    void whatComesFromAnAgentIsChecked() {
        for (String json : List.of("", "{}", "[]", "null", "{\"files\": [\"../x\"]}", "{\"directory\": 1}")) {
            assertThatThrownBy(() -> RemoteProject.fromJson(json.getBytes(StandardCharsets.UTF_8)))
                    .as(json)
                    .isInstanceOf(WireException.class);
        }
    }
}
