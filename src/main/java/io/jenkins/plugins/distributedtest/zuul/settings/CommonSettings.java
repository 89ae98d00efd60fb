package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.gearman.GearmanWorker;
import io.jenkins.plugins.distributedtest.zuul.publish.PublishSettings;
import io.jenkins.plugins.distributedtest.zuul.source.SourceSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What both kinds of configuration files have in common. */
final class CommonSettings {
    static final Duration TIMEOUT = Duration.ofHours(6);
    private static final Duration KEEP_FAILED = Duration.ofHours(24);
    private static final long MAX_LOG = 100_000_000;

    private CommonSettings() {}

    /** The keys for capacity, limits and environment, which both kinds of files have. */
    static ExecutorSettings.Builder limits(Section root) throws ConfigException {
        return new ExecutorSettings.Builder()
                .capacity(root.number("capacity", 1, 1, 10_000))
                .keepFailed(root.duration("keep_failed", KEEP_FAILED))
                .processContainers(
                        root.choice("process_containers", "auto", List.of("auto", "cgroup", "subreaper", "marks")))
                .silence(silence(root))
                .minFree(least(root, "min_free", "5 %", "the disk"))
                .minMemory(least(root, "min_memory", "1 %", "the memory"))
                .maxLog(root.size("max_log", MAX_LOG))
                .environment(environment(root));
    }

    private static Duration silence(Section root) throws ConfigException {
        Duration silence = root.duration("silence", GearmanWorker.Timing.DEFAULT.silence());
        if (silence.compareTo(GearmanWorker.Timing.DEFAULT.probe().multipliedBy(2)) < 0) {
            throw root.error("silence", "must be 6s at least: a server is asked something every 3 s");
        }
        return silence;
    }

    private static FreeSpace least(Section root, String key, String byDefault, String of) throws ConfigException {
        FreeSpace least = FreeSpace.parse(root.text(key, byDefault));
        if (least == null) {
            throw root.error(key, "must be a part of " + of + " such as 5 %, or a size such as 2 GB");
        }
        return least;
    }

    static SourceSettings sources(Section section, Path mirrors, List<String> byDefault) throws ConfigException {
        return new SourceSettings(
                mirrors,
                section.texts("origins", byDefault),
                section.texts("protocols", SourceSettings.PROTOCOLS),
                section.number("retries", 3, 0, 20),
                section.duration("pause", Duration.ofSeconds(2)),
                section.duration("timeout", Duration.ofMinutes(15)),
                section.flag("submodules", true),
                new SourceSettings.Mirrors(
                        section.duration("keep_mirrors", Duration.ofDays(30)),
                        section.size("max_mirrors", 20_000_000_000L)));
    }

    /** The name as Zuul has it: the prefix of the function is optional. */
    static String jobName(Section job, String key) throws ConfigException {
        String name = job.required(key);
        String plain = name.startsWith("build:") ? name.substring("build:".length()) : name;
        if (plain.isBlank() || plain.indexOf('\0') >= 0) {
            throw job.error(key, "must be the name of a job, such as gate-nova-python27");
        }
        return plain;
    }

    /** The keys that jobs have in both kinds of files. */
    static TaskDefinition task(Section job, String name, TaskDefinition.Work work, Duration timeout)
            throws ConfigException {
        return new TaskDefinition.Builder()
                .name(name)
                .labels(job.texts("labels", List.of()))
                .work(work)
                .timeout(job.duration("timeout", timeout))
                .datasets(datasets(job, job.has("datasets") ? "datasets" : "datasets_dir"))
                .junit(junit(job))
                .environment(job.textMap("environment"))
                .sources(job.flag("sources", true))
                .branch(job.text("branch"))
                .shutdownAfter(job.flag(job.has("shutdown_after") ? "shutdown_after" : "shutdown-th", false))
                .build();
    }

    private static Path datasets(Section job, String key) throws ConfigException {
        Path datasets = job.path(key);
        if (datasets != null && !Files.isDirectory(datasets)) {
            throw job.error(key, "must be a directory that holds the datasets, and " + datasets + " is none");
        }
        return datasets;
    }

    private static List<String> junit(Section job) throws ConfigException {
        List<String> globs = job.texts("junit", List.of());
        for (String glob : globs) {
            if (glob.isBlank() || glob.startsWith("/") || glob.startsWith("~") || glob.matches("(.*/)?\\.\\.(/.*)?")) {
                throw job.error(
                        "junit",
                        "must be globs within the project's tree, such as reports/*.xml, not \"" + glob + "\"");
            }
        }
        return globs;
    }

    static TaskDefinition.Work shell(Section job) throws ConfigException {
        if (!job.has("shell_script")) {
            throw job.error("shell_script", "is missing: the command that the job runs");
        }
        if (!job.isList("shell_script")) {
            return new TaskDefinition.Shell(List.of(job.required("shell_script")), true);
        }
        List<String> command = job.texts("shell_script", List.of());
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw job.error("shell_script", "names no program: a list begins with one, such as [make, check]");
        }
        return new TaskDefinition.Shell(command, false);
    }

    static void checkUnique(List<TaskDefinition> tasks, Section root) throws ConfigException {
        List<String> names = new ArrayList<>();
        for (TaskDefinition task : tasks) {
            for (String name : task.names()) {
                if (names.contains(name)) {
                    throw root.error("jobs", "has two jobs that answer to " + name);
                }
                names.add(name);
            }
        }
    }

    static PublishSettings publish(Section section, String kindKey, String urlKey) throws ConfigException {
        String kind = section.choice(kindKey, "none", List.of("none", "local", "rsync", "scp", "s3", "swift"));
        String url = section.text(urlKey);
        return switch (kind) {
            case "local" -> new PublishSettings.Local(requiredPath(section, "path"), url);
            case "rsync", "scp" -> ssh(section, kind, url);
            case "s3" -> s3(section, url);
            case "swift" -> swift(section, url);
            default -> new PublishSettings.None();
        };
    }

    private static Path requiredPath(Section section, String key) throws ConfigException {
        section.required(key);
        return section.path(key);
    }

    private static PublishSettings ssh(Section section, String program, String url) throws ConfigException {
        String host = section.required("host");
        String user = section.text("user");
        if (host.startsWith("-") || host.matches(".*[\\s/@].*") || user != null && !user.matches("[\\w.][\\w.-]*")) {
            throw section.error("host", "must be the name of a host; the user has a key of its own");
        }
        PublishSettings.Remote remote = new PublishSettings.Remote(
                host, user, section.number("port", 0, 0, 65_535), section.path("key_file"), section.path("ssh_config"));
        return new PublishSettings.Ssh(program, remote, section.required("path"), url);
    }

    private static PublishSettings s3(Section section, String url) throws ConfigException {
        String region = section.text("region", "us-east-1");
        return new PublishSettings.S3(
                uri(section, "endpoint", "https://s3." + region + ".amazonaws.com"),
                region,
                section.required("bucket"),
                prefix(section),
                secret(section, "access_key", "AWS_ACCESS_KEY_ID"),
                secret(section, "secret_key", "AWS_SECRET_ACCESS_KEY"),
                url);
    }

    private static PublishSettings swift(Section section, String url) throws ConfigException {
        section.required("authurl");
        PublishSettings.Keystone keystone = new PublishSettings.Keystone(
                uri(section, "authurl", null),
                section.required("tenant"),
                section.required("user"),
                secret(section, "password", "OS_PASSWORD"),
                section.text("domain", "Default"));
        return new PublishSettings.Swift(
                keystone, section.text("region"), section.required("container"), prefix(section), url);
    }

    private static String prefix(Section section) throws ConfigException {
        String prefix = section.text("prefix", "");
        return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    private static URI uri(Section section, String key, String byDefault) throws ConfigException {
        try {
            URI uri = URI.create(section.text(key, byDefault));
            if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw section.error(key, "must be an address such as https://storage.example.org");
        }
        throw section.error(key, "must be an address such as https://storage.example.org");
    }

    /** A secret from the file, or from this program's environment, which jobs do not get. */
    private static String secret(Section section, String key, String variable) throws ConfigException {
        String text = section.text(key, System.getenv(variable));
        if (text == null) {
            throw section.error(key, "is missing; it can also come from the environment variable " + variable);
        }
        return text;
    }

    /** Variables for jobs: names that can be ones. */
    static Map<String, String> environment(Section root) throws ConfigException {
        Map<String, String> environment = root.textMap("environment");
        for (String name : environment.keySet()) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw root.error("environment", "has a name that no variable can have: " + name);
            }
        }
        return environment;
    }
}
