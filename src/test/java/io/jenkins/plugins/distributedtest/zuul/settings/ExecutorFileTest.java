package io.jenkins.plugins.distributedtest.zuul.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.zuul.publish.PublishSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ExecutorFileTest {
    private static final String OURS = """
            gearman:
              - {host: one.example.org}
              - {host: two.example.org, port: 4444}
            capacity: 20
            work_directory: work
            keep_failed: 2d
            timeout: 30m
            environment: {HTTP_PROXY: "http://proxy:3128"}
            jobs:
              - name: unit
                shell_script: ./test.sh
                labels: [precise, trusty]
                datasets: data
                junit: reports/*.xml
              - name: suite
                kind: distributed
                directory: web
                timeout: 90s
                set: {retries: 2}
                shutdown_after: true
            publish: {kind: rsync, host: logs.example.org, user: zuul, path: /srv/logs, url: "https://logs.example.org"}
            """;

    private static final String TURBO_HIPSTER = """
            zuul_server:
              gerrit_site: http://review.example.org
              git_origin: https://git.example.org
              gearman_host: zuul.example.org
              gearman_port: 4731
            debug_log: log/debug.log
            jobs_working_dir: /var/lib/turbo-hipster/jobs
            git_working_dir: /var/lib/turbo-hipster/git
            pip_download_cache: /var/cache/pip
            jobs:
              - name: build:some_shell_job
                shell_script: 'ls -lah && echo'
            publish_logs:
              type: local
              path: /var/www/results/
              prepend_url: http://localhost/results/
            """;

    @TempDir
    Path directory;

    private ExecutorSettings read(String yaml) throws Exception {
        return ExecutorFile.read(write("executor.yaml", yaml), ExecutorFileTest::yaml);
    }

    private Path write(String name, String yaml) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, yaml);
    }

    private static Object yaml(Path file) throws ConfigException {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException(e.toString());
        }
    }

    private static List<String> names(ExecutorSettings settings) {
        return settings.tasks().stream().flatMap(task -> task.names().stream()).toList();
    }

    @Test
    void readsOurs() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        ExecutorSettings settings = read(OURS);
        assertThat(settings.servers())
                .extracting(Object::toString)
                .containsExactly("one.example.org:4730", "two.example.org:4444");
        assertThat(settings.capacity()).isEqualTo(20);
        assertThat(settings.keepFailed()).isEqualTo(Duration.ofDays(2));
        assertThat(settings.directories().jobs()).isEqualTo(directory.resolve("work/jobs"));
        assertThat(names(settings)).containsExactly("unit", "unit:precise", "unit:trusty", "suite");
        assertThat(settings.publish())
                .isInstanceOfSatisfying(
                        PublishSettings.Ssh.class,
                        ssh -> assertThat(ssh.program()).isEqualTo("rsync"));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void readsTheJobsOfOurs() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        ExecutorSettings settings = read(OURS);
        TaskDefinition unit = settings.tasks().get(0);
        assertThat(unit.work()).isEqualTo(new TaskDefinition.Shell(List.of("./test.sh"), true));
        assertThat(unit.timeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(unit.datasets()).isEqualTo(directory.resolve("data"));
        assertThat(unit.junit()).containsExactly("reports/*.xml");
        TaskDefinition suite = settings.tasks().get(1);
        assertThat(suite.work()).isInstanceOf(TaskDefinition.Distributed.class);
        assertThat(suite.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(suite.shutdownAfter()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jobs: [{name: x, shell_scrpt: a}]                   | jobs[0].shell_script is missing",
                "jobs: [{name: x, shell_script: a, timout: 3m}]      | unknown key jobs[0].timout. Did you mean jobs[0].timeout?",
                "jbos: []                                            | jobs is missing",
                "jobs: [{name: x, shell_script: a}]\\ncapcity: 2     | unknown key capcity. Did you mean capacity?",
                "jobs: [{name: x, shell_script: a}]\\ncapacity: many | capacity must be a whole number from 1 to 10000, not \"many\"",
                "jobs: [{name: x, shell_script: a, timeout: soon}]   | jobs[0].timeout must be a duration such as 90s, 30m or 2h, not \"soon\"",
                "jobs: [{name: x, kind: distribted}]                 | jobs[0].kind must be one of shell_script, distributed, not \"distribted\". Did you mean distributed?",
                "jobs: [{shell_script: a}]                           | jobs[0].name is missing",
                "jobs: {name: x}                                     | jobs must be a list, not a map",
                "jobs: [{name: x, shell_script: a}, {name: 'build:x', shell_script: b}] | jobs has two jobs that answer to x",
                "jobs: [{name: x, kind: distributed, directory: ../up}] | must be paths within the project's tree",
                "jobs: [{name: x, shell_script: a}]\\npublish: {kind: s3, bucket: b, access_key: a, secret_key: [hidden]} | publish.secret_key must be a text, not a list",
                "jobs: [{name: x, shell_script: a}]\\npublish: {kind: rsync, host: '-oProxyCommand=x', path: p} | publish.host must be the name of a host",
                "jobs: [{name: x, shell_script: a}]\\npublish: {kind: locl, path: p} | Did you mean local?",
            })
    void errorsNameFileAndKeyAndWhatWouldBeRight(String yaml, String problem) {
        assertThatThrownBy(() -> read("gearman: {host: h}\n" + yaml.replace("\\n", "\n") + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("executor.yaml: ")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("hidden");
    }

    @Test
    void aFileWithoutAServerSaysWhatIsMissing() {
        assertThatThrownBy(() -> read("capacity: 1\n")).hasMessageContaining("gearman is missing");
        assertThatThrownBy(() -> read("- a\n")).hasMessageContaining("must hold a map of keys");
        assertThatThrownBy(() -> read("gearman: {port: 1}\njobs: []\n"))
                .hasMessageContaining("gearman.host is missing");
        assertThatThrownBy(() -> read("gearman: {host: h, tls: {ca: missing.pem}}\njobs: []\n"))
                .hasMessageContaining("gearman.tls cannot be used")
                .hasMessageContaining("missing.pem");
    }

    @Test
    void readsTurboHipstersAsTheyAre() throws Exception {
        ExecutorSettings settings = read(TURBO_HIPSTER);
        assertThat(settings.servers()).extracting(Object::toString).containsExactly("zuul.example.org:4731");
        assertThat(settings.capacity()).isEqualTo(1);
        assertThat(settings.directories().jobs()).isEqualTo(Path.of("/var/lib/turbo-hipster/jobs"));
        assertThat(settings.directories().trees()).isEqualTo(Path.of("/var/lib/turbo-hipster/git"));
        assertThat(settings.sources().origins())
                .containsExactly("https://git.example.org", "http://review.example.org/p");
        assertThat(settings.logFile()).isEqualTo(directory.resolve("log/debug.log"));
        assertThat(names(settings)).containsExactly("some_shell_job");
        assertThat(settings.tasks().get(0).work())
                .isEqualTo(new TaskDefinition.Shell(List.of("ls -lah && echo"), true));
        assertThat(settings.publish())
                .isEqualTo(new PublishSettings.Local(Path.of("/var/www/results"), "http://localhost/results/"));
        assertThat(settings.warnings()).singleElement().asString().contains("pip_download_cache is ignored");
    }

    @Test
    void loadsJobsAndLegacyPluginsAndSaysWhatIsNotSupportedAndWhy() throws Exception {
        ExecutorSettings settings = read(TURBO_HIPSTER + """
                plugins:
                  - {name: real_db_upgrade, datasets_dir: /data, function: "build:real-db-upgrade_nova_mysql_user_001"}
                  - {name: jjb_runner, function: "build:gate-turbo-hipster-pep8", jjb_config: some/where}
                  - {name: shell_script, function: "build:demo_job_dirty", shell_script: /dev/null, shutdown-th: true}
                  - {name: own_plugin, function: "build:own"}
                """);
        assertThat(names(settings)).containsExactly("demo_job_dirty", "some_shell_job");
        assertThat(settings.tasks().get(0).shutdownAfter()).isTrue();
        assertThat(settings.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .contains("build:real-db-upgrade_nova_mysql_user_001 is not served", "MySQL", "datasets"))
                .anySatisfy(warning -> assertThat(warning)
                        .contains("build:gate-turbo-hipster-pep8 is not served", "jjb_runner", "Jenkins Job Builder"))
                .anySatisfy(warning -> assertThat(warning).contains("build:own is not served", "own_plugin", "Python"));
    }

    @Test
    void aFileWithNothingThatCanBeServedIsAnError() {
        assertThatThrownBy(
                        () -> read(TURBO_HIPSTER.replace("shell_script: 'ls -lah && echo'", "plugin: real_db_upgrade")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has no job that can be served")
                .hasMessageContaining("real_db_upgrade");
    }

    @Test
    void laysTheFilesOfConfDOverItInOrderAndDeeply() throws Exception {
        write("conf.d/10-more.yaml", """
                extra_configuration: testing123
                zuul_server: {gearman_port: 4999}
                jobs:
                  - {name: "build:second", shell_script: b}
                """);
        write("conf.d/20-again.yaml", """
                jobs:
                  - {name: "build:second", shell_script: c}
                publish_logs: {path: /srv/other}
                """);
        write("conf.d/30-backup.yaml~", "not: [yaml");
        ExecutorSettings settings = read("conf_d: conf.d\n" + TURBO_HIPSTER);
        assertThat(settings.servers()).extracting(Object::toString).containsExactly("zuul.example.org:4999");
        assertThat(names(settings)).containsExactly("some_shell_job", "second");
        assertThat(settings.tasks().get(1).work()).isEqualTo(new TaskDefinition.Shell(List.of("c"), true));
        assertThat(settings.publish())
                .isEqualTo(new PublishSettings.Local(Path.of("/srv/other"), "http://localhost/results/"));
        assertThat(settings.warnings())
                .anyMatch(warning ->
                        warning.contains("conf.d/10-more.yaml") && warning.contains("unknown key extra_configuration"));
    }

    @Test
    void readsTheSwiftSettingsOfTurboHipster() throws Exception {
        ExecutorSettings settings = read(TURBO_HIPSTER.substring(0, TURBO_HIPSTER.indexOf("publish_logs")) + """
                publish_logs:
                  type: swift
                  authurl: https://identity.api.rackspacecloud.com/v2.0/
                  tenant: XXXX
                  user: XXXXXX
                  password: hidden
                  container: logs
                  region: SYD
                  prepend_url: http://www.rcbops.com/turbo_hipster/results/
                """);
        assertThat(settings.publish()).isInstanceOfSatisfying(PublishSettings.Swift.class, swift -> {
            assertThat(swift.region()).isEqualTo("SYD");
            assertThat(swift.keystone().password()).isEqualTo("hidden");
        });
        assertThat(settings.toString()).doesNotContain("hidden");
    }
}
