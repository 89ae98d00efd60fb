package io.jenkins.plugins.distributedtest.runner;

import io.jenkins.plugins.distributedtest.process.BoundedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is known of the callback that a process has to call at its end: whether it has begun, whether it came to its end,
 * and what there is to tell people of it. Heard of on the thread of the process's connection, asked by others.
 */
final class ClosingCallback {
    private static final int MAX_PROBLEM = 16 << 10;

    private final String name;
    private final String where;
    private boolean due;
    private boolean begun;
    private boolean ended;
    private String problem = "";

    /**
     * @param name the callback's name; null where the process calls none
     * @param where what people call the process, such as {@code slot 2}
     */
    ClosingCallback(String name, String where) {
        this.name = name;
        this.where = where;
    }

    /** A process that calls none. */
    static ClosingCallback none() {
        return new ClosingCallback(null, "");
    }

    /** Whether the process calls one at all. */
    boolean exists() {
        return name != null;
    }

    /** What it closes is open: it has to be called from now on. */
    synchronized void due() {
        due = exists();
    }

    /** Takes what the process says of it; false for a message about something else. */
    synchronized boolean hears(ControlMessage message) {
        if (!exists()) {
            return false;
        } else if (message instanceof ControlMessage.Calls) {
            begun = true;
            ended = false; // where one process calls two
            return true;
        } else if (message instanceof ControlMessage.Called called) {
            ended = true;
            if (!called.problem().isEmpty()) {
                problem = BoundedText.cut(called.problem(), MAX_PROBLEM);
            }
            return true;
        }
        return false;
    }

    /** Whether it goes on now. */
    synchronized boolean isRunning() {
        return begun && !ended;
    }

    /**
     * The process is gone, which was to call it.
     *
     * @param time how long it had for that
     */
    synchronized void over(Duration time) {
        if (due && !ended && problem.isEmpty()) {
            problem = String.format(
                    Locale.ROOT,
                    begun ? "%s of %s did not come to its end within %.1f s" : "%s of %s was not reached within %.1f s",
                    name,
                    where,
                    time.toMillis() / 1e3);
        }
        due = false;
    }

    /** What went wrong with it; empty if nothing did. */
    synchronized List<String> problems() {
        List<String> all = new ArrayList<>();
        if (!problem.isEmpty()) {
            all.add(problem);
        }
        return all;
    }
}
