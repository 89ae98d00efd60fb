package io.jenkins.plugins.distributedtest.zuul.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A job that this executor serves.
 *
 * @param name as Zuul knows it, without {@code build:}
 * @param labels served as {@code name:LABEL} too, for requests that ask for a node ({@code ZUUL_NODE})
 * @param work what it does
 * @param timeout how long that may take, all datasets together
 * @param datasets a directory of datasets, once for each of which the work is done; null for once without one
 * @param junit globs of JUnit reports that the work leaves in its tree; possibly empty
 * @param environment variables for its processes
 * @param sources whether it has sources: with false, the tree is an empty directory
 * @param branch the branch for requests that name none; null for the repository's default
 * @param shutdownAfter whether this executor takes no further job once it has taken this one, and ends after it
 */
public record TaskDefinition(
        String name,
        List<String> labels,
        Work work,
        Duration timeout,
        Path datasets,
        List<String> junit,
        Map<String, String> environment,
        boolean sources,
        String branch,
        boolean shutdownAfter) {
    /** Copies the collections. */
    public TaskDefinition {
        labels = List.copyOf(labels);
        junit = List.copyOf(junit);
        environment = Map.copyOf(environment);
    }

    /** What a job does. */
    public sealed interface Work {}

    /**
     * A command, with the tree, the working directory and the request's unique as its arguments, and with datasets the
     * dataset's directory as a fourth.
     *
     * @param command program and arguments; a single text is what a shell is to run, as turbo-hipster does it
     * @param shell whether the command is such a text
     */
    public record Shell(List<String> command, boolean shell) implements Work {
        /** Copies the command. */
        public Shell {
            command = List.copyOf(command);
        }
    }

    /**
     * A distributed run with the configuration in the tree.
     *
     * @param directory where in the tree the project is; empty for its top
     * @param config the configuration's file there; null for {@code distributed-test.json}
     * @param broker the broker's URI, which wins over the project's configuration; null for that one or the
     *     environment's
     * @param set keys that win over the project's configuration
     * @param projectCode whether code of the project may run on this host: callbacks, and Maven, Gradle or Jest to
     *     choose the suite; with false a project that needs that fails
     */
    public record Distributed(
            String directory, String config, String broker, Map<String, String> set, boolean projectCode)
            implements Work {
        /** Copies the keys. */
        public Distributed {
            set = Map.copyOf(set);
        }

        /** Leaves the broker's password out. */
        @Override
        public String toString() {
            return "Distributed " + directory + " " + config;
        }
    }

    /** The names that Zuul may ask for. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        names.add(name);
        labels.forEach(label -> names.add(name + ":" + label));
        return names;
    }

    /** Collects the components; each has to be set but those with a default. */
    static final class Builder {
        private String name;
        private List<String> labels = List.of();
        private Work work;
        private Duration timeout;
        private Path datasets;
        private List<String> junit = List.of();
        private Map<String, String> environment = Map.of();
        private boolean sources = true;
        private String branch;
        private boolean shutdownAfter;

        Builder name(String value) {
            name = value;
            return this;
        }

        Builder labels(List<String> value) {
            labels = value;
            return this;
        }

        Builder work(Work value) {
            work = value;
            return this;
        }

        Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        Builder datasets(Path value) {
            datasets = value;
            return this;
        }

        Builder junit(List<String> value) {
            junit = value;
            return this;
        }

        Builder environment(Map<String, String> value) {
            environment = value;
            return this;
        }

        Builder sources(boolean value) {
            sources = value;
            return this;
        }

        Builder branch(String value) {
            branch = value;
            return this;
        }

        Builder shutdownAfter(boolean value) {
            shutdownAfter = value;
            return this;
        }

        TaskDefinition build() {
            return new TaskDefinition(
                    name, labels, work, timeout, datasets, junit, environment, sources, branch, shutdownAfter);
        }
    }
}
