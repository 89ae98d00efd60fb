package io.jenkins.plugins.distributedtest.process;

import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Whom the processes belong to that a thread starts: what is started by a {@link ProcessSpec} within {@link #call} has the
 * owner's variables in its environment, whatever started it and whatever else is set, so that all of an owner's
 * processes can be found by them, also those that outlive what started them.
 */
public final class ProcessOwner {
    private static final ThreadLocal<Map<String, String>> CURRENT = ThreadLocal.withInitial(Map::of);

    private ProcessOwner() {}

    /**
     * Does something whose processes belong to an owner.
     *
     * @param variables what marks its processes
     * @param part what is done, on this thread
     * @return what it returns
     * @throws Exception what it throws
     */
    public static <T> T call(Map<String, String> variables, Callable<T> part) throws Exception {
        Map<String, String> before = CURRENT.get();
        CURRENT.set(Map.copyOf(variables));
        try {
            return part.call();
        } finally {
            CURRENT.set(before);
        }
    }

    /** What marks the processes that this thread starts; empty if they belong to nobody in particular. */
    static Map<String, String> variables() {
        return CURRENT.get();
    }
}
