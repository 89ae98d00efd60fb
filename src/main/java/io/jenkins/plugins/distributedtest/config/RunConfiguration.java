package io.jenkins.plugins.distributedtest.config;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.collect.CollectedTree;
import io.jenkins.plugins.distributedtest.files.Glob;
import io.jenkins.plugins.distributedtest.originator.CollectSettings;
import io.jenkins.plugins.distributedtest.originator.RunSettings;
import io.jenkins.plugins.distributedtest.suite.FileGroups;
import io.jenkins.plugins.distributedtest.suite.Quarantine;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.sync.Sync;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a run needs to know.
 *
 * @param directory the project, absolute
 * @param broker the broker
 * @param settings the run's settings
 * @param files globs of the suite; empty if none are configured
 * @param exclude globs of what is left out of it
 * @param quarantine the file that names quarantined tests; null for none
 * @param failedFiles where failed files are written and read
 * @param runtimeFile where runtimes are recorded
 * @param junit where to write JUnit XML; null for nowhere
 * @param html where to write the page; null for nowhere
 * @param json where to write everything; null for nowhere
 * @param logFile where to log; null for nowhere
 */
public record RunConfiguration(
        Path directory,
        BrokerAddress broker,
        RunSettings settings,
        List<String> files,
        List<String> exclude,
        Path quarantine,
        Path failedFiles,
        Path runtimeFile,
        Path junit,
        Path html,
        Path json,
        Path logFile) {
    /** Where a project's own records are; it never travels to listeners. */
    public static final String STATE_DIRECTORY = ".distributed-test";

    /**
     * Takes a run's part out of the configuration.
     *
     * @throws ConfigException if keys contradict each other
     */
    public static RunConfiguration from(Configuration c) throws ConfigException {
        return new RunConfiguration(
                c.directory(),
                c.broker(),
                settings(c),
                c.texts("files"),
                c.texts("exclude"),
                c.path("quarantine"),
                c.path("failed_files"),
                c.path("runtime_file"),
                c.path("junit"),
                c.path("html"),
                c.path("json"),
                c.path("originator_log_file"));
    }

    private static RunSettings settings(Configuration c) throws ConfigException {
        if (c.duration("silence").compareTo(c.duration("heartbeat")) <= 0) {
            throw new ConfigException("silence (" + seconds(c, "silence") + ") must be longer than heartbeat ("
                    + seconds(c, "heartbeat") + "), or every listener would count as lost between two heartbeats");
        }
        RunSettings.Dialect dialect =
                RunSettings.Dialect.valueOf(c.text("protocol").toUpperCase(Locale.ROOT));
        return new RunSettings(
                project(c),
                c.text("cluster_id"),
                dialect,
                c.duration("file_timeout"),
                c.duration("run_timeout"),
                c.duration("listener_timeout"),
                c.duration("heartbeat"),
                c.duration("silence"),
                c.duration("originator_timeout"),
                c.number("fail_fast"),
                c.number("retries"),
                c.number("retry_budget"),
                !c.flag("fail_if_no_tests"),
                c.textMap("environment"),
                null,
                sync(c, dialect),
                new CallbackSpec(c.text("job.callbacks.callbacks_class_file"), c.listMap("job.callbacks.commands")),
                runners(c),
                c.text("gorgon.cancel").equals("broadcast"),
                collect(c, dialect),
                Quarantine.NONE,
                groups(c, dialect));
    }

    private static CollectSettings collect(Configuration c, RunSettings.Dialect dialect) throws ConfigException {
        List<String> globs = c.texts("collect");
        if (globs.isEmpty()) {
            return CollectSettings.NONE;
        }
        if (dialect == RunSettings.Dialect.GORGON) {
            throw new ConfigException("collect (" + String.join(", ", globs)
                    + ") needs protocol native: Gorgon's protocol brings no files back. Leave out one of the two");
        }
        try {
            globs.forEach(Glob::parse);
            new CollectedTree(c.directory(), c.path("collect_to"));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("collect: " + e.getMessage());
        }
        return new CollectSettings(globs, c.path("collect_to").toString(), c.size("max_collected"));
    }

    private static FileGroups groups(Configuration c, RunSettings.Dialect dialect) throws ConfigException {
        Map<String, List<String>> globs = c.listMap("groups");
        if (!globs.isEmpty() && dialect == RunSettings.Dialect.GORGON) {
            throw new ConfigException("groups (" + String.join(", ", globs.keySet())
                    + ") needs protocol native: Ruby workers end when the queue is empty, while files of a group still"
                    + " wait for each other. Leave out one of the two");
        }
        try {
            return new FileGroups(globs);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("groups: " + e.getMessage());
        }
    }

    private static String seconds(Configuration c, String key) {
        return c.duration(key).toMillis() / 1000.0 + " s";
    }

    private static String project(Configuration c) {
        if (c.text("project") != null) {
            return c.text("project");
        }
        Path name = c.directory().getFileName();
        return name == null ? "root" : name.toString();
    }

    private static Sync sync(Configuration c, RunSettings.Dialect dialect) throws ConfigException {
        boolean gorgon = dialect == RunSettings.Dialect.GORGON;
        String kind = c.text("job.sync.kind") != null ? c.text("job.sync.kind") : gorgon ? "rsync" : "content";
        if (kind.equals("rsync") && c.text("file_server.host") == null) {
            throw new ConfigException("job.sync.kind is rsync" + (gorgon ? " (the default of protocol gorgon)" : "")
                    + ", which needs file_server.host: the host on which `distributed-test start-rsync DIR` runs");
        }
        List<String> exclude = exclude(c);
        return switch (SyncSpec.Kind.valueOf(kind.toUpperCase(Locale.ROOT))) {
            case CONTENT -> new Sync.Content(exclude, c.size("job.sync.max_content"));
            case RSYNC -> new Sync.Rsync(exclude, fileServer(c));
            case GIT ->
                new Sync.Git(
                        exclude,
                        c.text("job.sync.git_url"),
                        c.text("job.sync.git_ref"),
                        c.texts("job.sync.git_protocols"));
            case NONE -> new Sync.None(exclude);
        };
    }

    private static Sync.FileServer fileServer(Configuration c) throws ConfigException {
        String host = c.text("file_server.host");
        if (c.text("job.sync.rsync_transport").equals("ssh")) {
            return new Sync.OverSsh(
                    host,
                    file(c, "job.sync.rsync_key_file"),
                    file(c, "job.sync.ssh_config"),
                    c.flag("job.sync.any_host_key"));
        }
        return new Sync.Daemon(host, c.number("file_server.port"), c.text("file_server.module"));
    }

    private static String file(Configuration c, String key) {
        return c.path(key) == null ? null : c.path(key).toString();
    }

    /** What the run itself writes while it runs must not be part of the tree that listeners are to have. */
    private static List<String> exclude(Configuration c) {
        List<String> exclude = new ArrayList<>(c.texts("job.sync.exclude"));
        if (!exclude.contains(STATE_DIRECTORY)) {
            exclude.add(STATE_DIRECTORY);
        }
        exclude.addAll(ownFiles(c));
        exclude.addAll(ownOutput(c.directory()));
        return exclude;
    }

    /** Logs of a run and of a listener that has its configuration here, that listener's work directory, collected files. */
    private static Set<String> ownFiles(Configuration c) {
        List<Path> files = new ArrayList<>();
        files.add(c.path("originator_log_file"));
        files.add(c.texts("collect").isEmpty() ? null : c.path("collect_to"));
        for (Configuration each : configurations(c)) {
            files.add(each.path("log_file"));
            files.add(each.path("work_directory"));
        }
        Set<String> own = new LinkedHashSet<>();
        for (Path file : files) {
            if (file != null && file.startsWith(c.directory()) && !file.equals(c.directory())) {
                String path = "/" + c.directory().relativize(file).toString().replace('\\', '/');
                if (isPlain(path)) {
                    own.add(path);
                    own.add(path + ".1"); // a full log's
                }
            }
        }
        return own;
    }

    private static List<Configuration> configurations(Configuration c) {
        try {
            return List.of(
                    c, Configuration.load(c.directory(), null, Configuration.Role.LISTENER, Map.of(), List.of()));
        } catch (ConfigException e) {
            return List.of(c); // the listener that has it says so itself
        }
    }

    /** A pattern cannot hold the others. */
    private static boolean isPlain(String path) {
        return path.chars().noneMatch(x -> "[]*?\\".indexOf(x) >= 0);
    }

    /**
     * What this process prints into a file of the project ({@code distributed-test run > run.log}) changes while the
     * sources travel, and is none of them. Known where the platform shows the files of a process.
     */
    private static Set<String> ownOutput(Path directory) {
        Set<String> own = new LinkedHashSet<>();
        for (String stream : List.of("/proc/self/fd/1", "/proc/self/fd/2")) {
            try {
                Path file = Path.of(stream).toRealPath();
                Path top = directory.toRealPath();
                String path = file.startsWith(top) ? top.relativize(file).toString() : "";
                if (Files.isRegularFile(file) && !path.isEmpty() && isPlain(path)) {
                    own.add("/" + path);
                }
            } catch (IOException e) {
                continue; // a pipe, a terminal, or another platform
            }
        }
        return own;
    }

    private static RunnerSettings runners(Configuration c) {
        return new RunnerSettings(
                c.textMap("runners.files").entrySet().stream()
                        .map(rule -> new RunnerSettings.Rule(rule.getKey(), rule.getValue()))
                        .toList(),
                c.listMap("runners.interpreters"),
                c.listMap("runners.args"),
                c.listMap("runners.preload"),
                c.texts("runners.class_path"),
                c.texts("runners.class_path_command"),
                c.texts("runners.command"),
                c.textMap("runners.isolation"),
                null,
                c.projects(),
                c.text("trees").equals(RunnerSettings.TREE_PER_SLOT) ? RunnerSettings.TREE_PER_SLOT : null,
                null,
                null,
                null);
    }
}
