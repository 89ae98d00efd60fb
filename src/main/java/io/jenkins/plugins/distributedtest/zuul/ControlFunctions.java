package io.jenkins.plugins.distributedtest.zuul;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The functions by which Zuul stops and describes jobs. They carry a manager's name: that of this executor, and those
 * of former ones whose jobs it has taken over. Thread-safe.
 */
final class ControlFunctions {
    /** The prefix of the functions that stop a job. */
    static final String STOP = "stop:";
    /** The prefix of the functions that describe a job. */
    static final String DESCRIBE = "set_description:";

    private final List<String> managers = new ArrayList<>();

    ControlFunctions(String manager) {
        managers.add(manager);
    }

    /** Adds a manager; one that is added twice has to be removed twice. */
    synchronized void add(String manager) {
        managers.add(manager);
    }

    synchronized void remove(String manager) {
        managers.remove(manager);
    }

    /** The functions to register. */
    synchronized List<String> all() {
        List<String> functions = new ArrayList<>();
        for (String manager : new LinkedHashSet<>(managers)) {
            functions.add(STOP + manager);
            functions.add(DESCRIBE + manager);
        }
        return functions;
    }
}
