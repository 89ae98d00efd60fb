package io.jenkins.plugins.distributedtest.jenkins.zuul;

import hudson.security.ACL;
import hudson.security.ACLContext;

/** Runs code with the permissions of Jenkins itself, on the caller's thread. */
final class AsSystem {
    private AsSystem() {}

    /** What is to be run. */
    interface Task<T, E extends Exception> {
        T run() throws E;
    }

    @SuppressWarnings("try") // the context is there to be closed
    static <T, E extends Exception> T get(Task<T, E> task) throws E {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return task.run();
        }
    }

    static void run(Runnable task) {
        get(() -> {
            task.run();
            return null;
        });
    }
}
