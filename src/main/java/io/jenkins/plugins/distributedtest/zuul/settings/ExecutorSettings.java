package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.gearman.GearmanServer;
import io.jenkins.plugins.distributedtest.zuul.publish.PublishSettings;
import io.jenkins.plugins.distributedtest.zuul.source.SourceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a standalone executor.
 *
 * @param servers the Gearman servers; not empty
 * @param capacity how many jobs may run at once
 * @param directories where things are kept
 * @param keepFailed how long the working directories of a job are kept that did not succeed
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
}
