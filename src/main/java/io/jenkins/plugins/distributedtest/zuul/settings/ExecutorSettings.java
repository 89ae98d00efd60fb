package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.zuul.publish.PublishSettings;
import io.jenkins.plugins.distributedtest.zuul.source.SourceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The configuration of a standalone executor.
 *
 * @param servers the Gearman servers; not empty
 * @param capacity how many jobs may run at once
 * @param directories where things are kept
 * @param keepFailed how long the working directories of a job are kept that did not succeed
 * @param processContainers how processes are kept together: a word of {@code ProcessContainers}
 * @param silence after how long without a word a Gearman server counts as lost
 * @param minFree how much space has to be free where jobs work; what is kept is removed for it
 * @param minMemory how much memory has to be available
 * @param maxLog how many bytes each log of a job may have
 * @param passEnvironment names of variables that jobs inherit from this process; {@code *} stands for all but secrets
 * @param environment variables for the processes of all jobs
 * @param sources how sources are fetched
 * @param tasks the jobs; not empty
 * @param publish where logs go
 * @param logFile where this program logs; null for standard error
 * @param warnings what is unusual but no error, as messages
 */
public record ExecutorSettings(
        List<GearmanServer> servers,
        int capacity,
        Directories directories,
        Duration keepFailed,
        String processContainers,
        Duration silence,
        FreeSpace minFree,
        FreeSpace minMemory,
        long maxLog,
        List<String> passEnvironment,
        Map<String, String> environment,
        SourceSettings sources,
        List<TaskDefinition> tasks,
        PublishSettings publish,
        Path logFile,
        List<String> warnings) {
    /** Copies the collections. */
    public ExecutorSettings {
        servers = List.copyOf(servers);
        passEnvironment = List.copyOf(passEnvironment);
        environment = Map.copyOf(environment);
        tasks = List.copyOf(tasks);
        warnings = List.copyOf(warnings);
    }

    /**
     * Where things are kept.
     *
     * @param jobs working directories of jobs, {@code ID/LOG_PATH} below it
     * @param trees their sources, {@code ID/PROJECT} below it
     * @param kept what outlives jobs: mirrors, recorded runtimes
     */
    public record Directories(Path jobs, Path trees, Path kept) {
        /** Where the mirrors are. */
        public Path mirrors() {
            return kept.resolve("mirrors");
        }
    }

    /**
     * What holds when a file is read again while the executor runs: everything that is next, but for what only a start can
     * change.
     *
     * @see #needingRestart
     */
    public ExecutorSettings reloaded(ExecutorSettings next) {
        return new ExecutorSettings(
                servers,
                next.capacity,
                directories,
                keepFailed,
                processContainers,
                silence,
                minFree,
                minMemory,
                next.maxLog,
                next.passEnvironment,
                next.environment,
                sources,
                next.tasks,
                next.publish,
                logFile,
                next.warnings);
    }

    /** What is different in other settings and takes effect at a start only, by its keys; empty if nothing is. */
    public List<String> needingRestart(ExecutorSettings next) {
        List<String> keys = new ArrayList<>();
        addUnlessSame(keys, "gearman", servers.toString(), next.servers.toString());
        addUnlessSame(keys, "work_directory", directories, next.directories);
        addUnlessSame(keys, "keep_failed", keepFailed, next.keepFailed);
        addUnlessSame(keys, "process_containers", processContainers, next.processContainers);
        addUnlessSame(keys, "silence", silence, next.silence);
        addUnlessSame(keys, "min_free", minFree, next.minFree);
        addUnlessSame(keys, "min_memory", minMemory, next.minMemory);
        addUnlessSame(keys, "sources", sources, next.sources);
        addUnlessSame(keys, "log_file", logFile, next.logFile);
        return keys;
    }

    private static void addUnlessSame(List<String> keys, String key, Object now, Object next) {
        if (!Objects.equals(now, next)) {
            keys.add(key);
        }
    }

    /** Collects the components; each has to be set but those with a default. */
    static final class Builder {
        private List<GearmanServer> servers;
        private int capacity;
        private Directories directories;
        private Duration keepFailed;
        private String processContainers;
        private Duration silence;
        private FreeSpace minFree;
        private FreeSpace minMemory;
        private long maxLog;
        private List<String> passEnvironment;
        private Map<String, String> environment;
        private SourceSettings sources;
        private List<TaskDefinition> tasks;
        private PublishSettings publish;
        private Path logFile;
        private List<String> warnings = List.of();

        Builder servers(List<GearmanServer> value) {
            servers = value;
            return this;
        }

        Builder capacity(int value) {
            capacity = value;
            return this;
        }

        Builder directories(Directories value) {
            directories = value;
            return this;
        }

        Builder keepFailed(Duration value) {
            keepFailed = value;
            return this;
        }

        Builder processContainers(String value) {
            processContainers = value;
            return this;
        }

        Builder silence(Duration value) {
            silence = value;
            return this;
        }

        Builder minFree(FreeSpace value) {
            minFree = value;
            return this;
        }

        Builder minMemory(FreeSpace value) {
            minMemory = value;
            return this;
        }

        Builder maxLog(long value) {
            maxLog = value;
            return this;
        }

        Builder passEnvironment(List<String> value) {
            passEnvironment = value;
            return this;
        }

        Builder environment(Map<String, String> value) {
            environment = value;
            return this;
        }

        Builder sources(SourceSettings value) {
            sources = value;
            return this;
        }

        Builder tasks(List<TaskDefinition> value) {
            tasks = value;
            return this;
        }

        Builder publish(PublishSettings value) {
            publish = value;
            return this;
        }

        Builder logFile(Path value) {
            logFile = value;
            return this;
        }

        Builder warnings(List<String> value) {
            warnings = value;
            return this;
        }

        ExecutorSettings build() {
            return new ExecutorSettings(
                    servers,
                    capacity,
                    directories,
                    keepFailed,
                    processContainers,
                    silence,
                    minFree,
                    minMemory,
                    maxLog,
                    passEnvironment,
                    environment,
                    sources,
                    tasks,
                    publish,
                    logFile,
                    warnings);
        }
    }
}
