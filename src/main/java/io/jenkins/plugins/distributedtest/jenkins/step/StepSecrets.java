package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.EnvVars;
import io.jenkins.plugins.distributedtest.config.Configuration;
import io.jenkins.plugins.distributedtest.originator.RunSettings.Dialect;
import io.jenkins.plugins.distributedtest.session.ProjectRun;
import io.jenkins.plugins.distributedtest.wire.RunKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The variables that {@code secretEnvironment} names. They reach tests on the listeners that were started for the run, and
 * nobody else: sealed in the job definition with the {@linkplain RunKey run's key}, which goes over the agents' channels.
 *
 * @param names which ones are named
 * @param values those of them that are set around the step, secrets all
 */
record StepSecrets(List<String> names, Map<String, String> values) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,200}");
    private static final List<String> OF_NODES = List.of("PATH", "HOME", "WORKSPACE");

    /** Copies what it gets. */
    StepSecrets {
        names = List.copyOf(names);
        values = Map.copyOf(values);
    }

    /**
     * Those of a step.
     *
     * @param environment the variables at the step; null if its node is away
     */
    static StepSecrets of(List<String> names, EnvVars environment) {
        Map<String, String> values = new TreeMap<>();
        for (String name : names) {
            String value = environment == null ? null : environment.get(name);
            if (value != null) {
                values.put(name, value);
            }
        }
        return new StepSecrets(names, values);
    }

    /**
     * Checks names.
     *
     * @return what is wrong, with the way out; null if nothing is
     */
    static String fault(Collection<String> names) {
        for (String name : names) {
            if (name.contains("=")) {
                return "secretEnvironment has names of variables only, without their values: "
                        + name.substring(0, name.indexOf('=')) + ". Set it around the step, as with withCredentials";
            }
            if (!NAME.matcher(name).matches() || Configuration.isVariable(name)) {
                return "secretEnvironment: '" + name + "' cannot be a variable of tests";
            }
            if (OF_NODES.contains(name)) {
                return "secretEnvironment: " + name + " belongs to each machine and cannot be the same on all";
            }
        }
        return null;
    }

    /**
     * Seals them for a run.
     *
     * @param project the run without them
     * @param key the run's key
     * @throws AbortException if one is not set, or the run's protocol has no way for them; says the way out
     */
    ProjectRun sealed(ProjectRun project, RunKey key) throws AbortException {
        List<String> missing = new ArrayList<>(names);
        missing.removeAll(values.keySet());
        if (!missing.isEmpty()) {
            throw new AbortException("secretEnvironment names " + String.join(", ", missing)
                    + ", which no step around distributedTest sets: set it there, as with withCredentials or"
                    + " environment { … = credentials('…') }, or leave it out");
        }
        if (project.settings().dialect() != Dialect.NATIVE) {
            throw new AbortException("secretEnvironment is not for protocol: 'gorgon', whose listeners have no way to"
                    + " get secrets: leave either out");
        }
        try {
            return project.withSealed(key.seal(values));
        } catch (IllegalArgumentException e) {
            throw new AbortException("secretEnvironment: " + e.getMessage());
        }
    }

    /** What the log says of them. */
    String sentence() {
        return "Secret " + (names.size() == 1 ? "variable " : "variables ") + String.join(", ", names)
                + ": only listeners of this run take part, such as the step's own, those of agents, and"
                + " distributedTestListener.";
    }
}
