package io.jenkins.plugins.distributedtest.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfiguratorException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.yaml.snakeyaml.Yaml;

/** {@code unclassified: distributedTest:} is read, written, and read again. */
@WithJenkins
class ConfigurationAsCodeTest {
    private static final String YAML = """
            unclassified:
              distributedTest:
                brokers:
                  - name: "ci"
                    uri: "amqps://broker.example.org/team"
                    credentialsId: "broker-login"
                    cluster: "team-a"
                  - name: "lab"
                    host: "lab.example.org"
                    port: 5673
                    virtualHost: "tests"
                    tls: true
                    caFile: "/etc/ssl/lab.pem"
                    fingerprint: "%s"
                defaults:
                  runner: "rspec"
                  protocol: "gorgon"
                  sync: "git"
                  fileTimeout: "5m"
                  runTimeout: "2h"
                  listenerTimeout: "90s"
                  retries: 2
                  retryBudget: 30
                  failFast: 0
                  onFailure: "FAILURE"
                  localSlots: 3
            """.formatted("ab".repeat(32));

    @TempDir
    private Path directory;

    private void configure(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("jenkins.yaml"), yaml);
        ConfigurationAsCode.get().configure(file.toString());
    }

    /** What is exported for us, of all that is exported. */
    private static Object exported() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        Map<String, Map<String, Object>> all = new Yaml().load(out.toString(StandardCharsets.UTF_8));
        return all.get("unclassified").get("distributedTest");
    }

    private static void check(JenkinsRule jenkins) throws Exception {
        DistributedTestConfiguration read = DistributedTestConfiguration.get();
        assertThat(read.getBrokers()).hasSize(2);
        jenkins.assertEqualDataBoundBeans(
                DistributedTestConfigurationTest.byUri(), read.getBrokers().get(0));
        jenkins.assertEqualDataBoundBeans(
                DistributedTestConfigurationTest.byHost(), read.getBrokers().get(1));
        jenkins.assertEqualDataBoundBeans(DistributedTestConfigurationTest.someDefaults(), read.getDefaults());
    }

    @Test
    void everythingCanBeConfigured(JenkinsRule jenkins) throws Exception {
        configure(YAML);
        check(jenkins);
    }

    @Test
    void whatIsExportedConfiguresTheSame(JenkinsRule jenkins) throws Exception {
        configure(YAML);
        Object exported = exported();
        DistributedTestConfiguration.get().setBrokers(List.of());
        DistributedTestConfiguration.get().setDefaults(null);
        configure(new Yaml().dump(Map.of("unclassified", Map.of("distributedTest", exported))));
        check(jenkins);
        assertThat(exported()).isEqualTo(exported);
    }

    @Test
    void whatIsExportedIsWhatWasSaid(JenkinsRule jenkins) throws Exception {
        configure(YAML);
        Map<String, Map<String, Map<String, Object>>> said = new Yaml().load(YAML);
        Map<String, Object> exported = (Map<String, Object>) exported();
        assertThat(exported.get("defaults"))
                .isEqualTo(said.get("unclassified").get("distributedTest").get("defaults"));
        assertThat((List<Map<String, Object>>) exported.get("brokers"))
                .extracting(each -> each.get("uri"), each -> each.get("host"), each -> each.get("port"))
                .containsExactly(
                        tuple("amqps://broker.example.org/team", null, null), tuple(null, "lab.example.org", 5673));
    }

    @Test
    void aWrongWordIsRefusedByName(JenkinsRule jenkins) {
        assertThatThrownBy(() -> configure("unclassified: {distributedTest: {defaults: {sync: 'rsycn'}}}"))
                .isInstanceOf(ConfiguratorException.class)
                .hasStackTraceContaining("sync cannot be \"rsycn\"; did you mean \"rsync\"?");
    }

    @Test
    void aPasswordInAUriIsRefusedAndNotRepeated(JenkinsRule jenkins) {
        String yaml = "unclassified: {distributedTest: {brokers: [{name: ci, uri: 'amqp://amy:s3cret@broker'}]}}";
        assertThatThrownBy(() -> configure(yaml))
                .isInstanceOf(ConfiguratorException.class)
                .hasStackTraceContaining("keep them in credentials")
                .satisfies(e -> {
                    for (Throwable each = e; each != null; each = each.getCause()) {
                        assertThat(String.valueOf(each.getMessage())).doesNotContain("s3cret");
                    }
                });
    }
}
