package io.jenkins.plugins.distributedtest.junitrunner;

import java.util.Map;

/** Sends the cases of one file, from any thread, and knows whether all of them are good. */
final class CaseSender {
    private final Control control;
    private final long run;
    private volatile boolean bad;
    private volatile String problem = "";

    /** @param run the number that the listener gave the file's run */
    CaseSender(Control control, long run) {
        this.control = control;
        this.run = run;
    }

    /** Sends one; it has {@code name}, {@code class}, {@code seconds} and {@code status}. */
    void send(Map<String, Object> told) {
        Object status = told.get("status");
        if (status.equals("failed") || status.equals("error")) {
            bad = true;
        }
        told.put("id", run);
        control.send(Json.object("case", told));
    }

    /** Lets the file fail by something that is no case. */
    void fail(String why) {
        problem = why;
    }

    /** Why the file fails beside its cases; empty if it does not. */
    String problem() {
        return problem;
    }

    /** Whether one has failed. */
    boolean isBad() {
        return bad;
    }
}
