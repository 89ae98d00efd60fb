package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.files.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of {@code run} that stand for a key of the configuration. */
final class RunOptions {
    @Option(names = "--protocol", paramLabel = "NAME", description = "native, or gorgon for Ruby listeners.")
    private String protocol;

    @Option(names = "--sync", paramLabel = "KIND", description = "content, rsync, git or none.")
    private String sync;

    @Option(names = "--file-timeout", paramLabel = "TIME", description = "Timeout of each file, such as 10m.")
    private String fileTimeout;

    @Option(names = "--run-timeout", paramLabel = "TIME", description = "Timeout of the whole run.")
    private String runTimeout;

    @Option(names = "--listener-timeout", paramLabel = "TIME", description = "How long to wait for a first listener.")
    private String listenerTimeout;

    @Option(names = "--fail-fast", paramLabel = "N", description = "End the run after N failed files.")
    private String failFast;

    @Option(names = "--retries", paramLabel = "N", description = "Try a failed file again up to N times.")
    private String retries;

    @Option(names = "--retry-budget", paramLabel = "N", description = "At most N retries in the whole run.")
    private String retryBudget;

    @Option(
            names = "--quarantine",
            paramLabel = "FILE",
            description = "A file that names tests, one a line, whose failure does not make the run fail.")
    private String quarantine;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY=VALUE",
            description = "An environment variable for tests and callbacks; no secrets, since it travels.")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit XML report.")
    private String junit;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with timeline, files and failures.")
    private String html;

    @Option(names = "--json", paramLabel = "FILE", description = "Write everything that is known of the run.")
    private String json;

    @Option(
            names = "--collect",
            paramLabel = "GLOB",
            description = "Bring files back that tests leave on listeners, such as 'coverage/**'. Can be repeated.")
    private List<String> collect;

    @Option(names = "--collect-to", paramLabel = "DIR", description = "Where they go, below the project's directory.")
    private String collectTo;

    @Option(names = "--runtime-file", paramLabel = "FILE", description = "Where runtimes are recorded.")
    private String runtimeFile;

    @Option(names = "--failed-file", paramLabel = "FILE", description = "Where failed files are recorded.")
    private String failedFile;

    /** Lays these options over the configuration. */
    void apply(Configuration configuration) throws ConfigException {
        set(configuration, "protocol", protocol, "--protocol");
        set(configuration, "job.sync.kind", sync, "--sync");
        set(configuration, "file_timeout", fileTimeout, "--file-timeout");
        set(configuration, "run_timeout", runTimeout, "--run-timeout");
        set(configuration, "listener_timeout", listenerTimeout, "--listener-timeout");
        set(configuration, "fail_fast", failFast, "--fail-fast");
        set(configuration, "retries", retries, "--retries");
        set(configuration, "retry_budget", retryBudget, "--retry-budget");
        setPath(configuration, "quarantine", quarantine, "--quarantine");
        setPath(configuration, "junit", junit, "--junit");
        setPath(configuration, "html", html, "--html");
        setPath(configuration, "json", json, "--json");
        set(configuration, "collect", collect == null ? null : list(collect), "--collect");
        setPath(configuration, "collect_to", collectTo, "--collect-to");
        setPath(configuration, "runtime_file", runtimeFile, "--runtime-file");
        setPath(configuration, "failed_files", failedFile, "--failed-file");
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            configuration.override("environment." + variable.getKey(), variable.getValue(), "--env");
        }
    }

    private static String list(List<String> texts) {
        return Json.PLAIN.valueToTree(texts).toString();
    }

    /** Those that somebody must give again to run some of the files in the same way, fit for a shell. */
    String repeated() {
        StringBuilder options = new StringBuilder();
        append(options, "--protocol", protocol);
        append(options, "--sync", sync);
        append(options, "--file-timeout", fileTimeout);
        environment.forEach((name, value) -> append(options, "--env", name + "=" + value));
        return options.toString();
    }

    private static void append(StringBuilder options, String option, String value) {
        if (value != null) {
            options.append(' ').append(option).append(' ').append(Shell.quoted(value));
        }
    }

    /** A path on the command line is relative to where the command was given. */
    private static void setPath(Configuration configuration, String key, String path, String option)
            throws ConfigException {
        set(
                configuration,
                key,
                path == null ? null : Path.of(path).toAbsolutePath().toString(),
                option);
    }

    private static void set(Configuration configuration, String key, String value, String option)
            throws ConfigException {
        if (value != null) {
            configuration.override(key, value, option);
        }
    }
}
