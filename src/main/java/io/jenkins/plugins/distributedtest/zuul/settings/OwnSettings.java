package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.tls.Tls;
import io.jenkins.plugins.distributedtest.zuul.publish.PublishSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** This program's own configuration file. */
final class OwnSettings {
    private static final List<String> PASSED = List.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "LANG",
            "LANGUAGE",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "JAVA_HOME");

    private OwnSettings() {}

    static ExecutorSettings read(Section root) throws ConfigException {
        if (!root.has("gearman")) {
            throw root.error("gearman", "is missing: the Gearman server, such as gearman: {host: zuul.example.org}");
        }
        List<GearmanServer> servers = servers(root);
        Path work = root.path("work_directory");
        if (work == null) {
            work = Path.of(System.getProperty("user.home"), ".cache", "distributed-test", "gearman");
        }
        ExecutorSettings.Directories directories =
                new ExecutorSettings.Directories(work.resolve("jobs"), work.resolve("git"), work.resolve("kept"));
        Duration timeout = root.duration("timeout", CommonSettings.TIMEOUT);
        List<TaskDefinition> tasks = new ArrayList<>();
        for (Section job : root.sections("jobs")) {
            tasks.add(task(job, timeout));
        }
        if (tasks.isEmpty()) {
            throw root.error("jobs", "is missing: the jobs to serve, such as - {name: unit, shell_script: ./test.sh}");
        }
        CommonSettings.checkUnique(tasks, root);
        PublishSettings publish = CommonSettings.publish(root.section("publish"), "kind", "url");
        ExecutorSettings settings = CommonSettings.limits(root)
                .servers(servers)
                .directories(directories)
                .passEnvironment(root.texts("pass_environment", PASSED))
                .sources(CommonSettings.sources(root.section("sources"), directories.mirrors(), List.of()))
                .tasks(tasks)
                .publish(publish)
                .logFile(root.path("log_file"))
                .build();
        root.finish(null);
        return settings;
    }

    private static List<GearmanServer> servers(Section root) throws ConfigException {
        List<Section> sections = root.isList("gearman") ? root.sections("gearman") : List.of(root.section("gearman"));
        List<GearmanServer> servers = new ArrayList<>();
        for (Section section : sections) {
            servers.add(server(section));
        }
        return servers;
    }

    private static GearmanServer server(Section section) throws ConfigException {
        String host = section.required("host");
        int port = section.number("port", GearmanServer.DEFAULT_PORT, 1, 65_535);
        if (!section.has("tls")) {
            return GearmanServer.plain(host, port);
        }
        Section tls = section.section("tls");
        boolean checkHostName = tls.flag("check_host_name", false);
        boolean legacy = tls.flag("legacy", false);
        if (legacy && checkHostName) {
            throw tls.error(
                    "check_host_name", "cannot be had with legacy: true; fingerprint names the one certificate");
        }
        try {
            Tls settings = new Tls(tls.path("ca"), tls.path("certificate"), tls.path("key"), tls.text("fingerprint"));
            return legacy
                    ? GearmanServer.legacy(host, port, settings.legacyContext())
                    : new GearmanServer(host, port, settings.context(), checkHostName);
        } catch (IOException | IllegalArgumentException e) {
            throw section.error("tls", "cannot be used: " + e.getMessage());
        }
    }

    private static TaskDefinition task(Section job, Duration timeout) throws ConfigException {
        String name = CommonSettings.jobName(job, "name");
        String kind = job.choice("kind", "shell_script", List.of("shell_script", "distributed"));
        boolean distributed = kind.equals("distributed");
        if (distributed && job.has("shell_script")) {
            throw job.error("shell_script", "belongs to kind: shell_script, not to kind: distributed");
        }
        TaskDefinition.Work work = distributed ? distributed(job) : CommonSettings.shell(job);
        return CommonSettings.task(job, name, work, timeout);
    }

    private static TaskDefinition.Work distributed(Section job) throws ConfigException {
        String directory = job.text("directory", "");
        String config = job.text("config");
        for (String path : new String[] {directory, config == null ? "" : config}) {
            if (Path.of(path).isAbsolute() || Path.of(path).normalize().startsWith("..")) {
                throw job.error("directory", "and config must be paths within the project's tree");
            }
        }
        return new TaskDefinition.Distributed(
                directory, config, job.text("broker"), job.textMap("set"), job.flag("project_code", true));
    }
}
