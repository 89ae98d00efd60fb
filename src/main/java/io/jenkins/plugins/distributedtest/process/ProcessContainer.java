package io.jenkins.plugins.distributedtest.process;

import java.io.IOException;

/** What one process is started in, and which everything that comes of it stays in. */
interface ProcessContainer {
    /**
     * Starts the process; called once.
     *
     * @param builder how, with the program's path as the command's first element
     * @param name what the program is to be called in its arguments
     * @throws IOException if it cannot be started
     */
    Process start(ProcessBuilder builder, String name) throws IOException;

    /** Whether nothing runs in it any more. */
    boolean isEmpty();

    /**
     * Kills everything in it.
     *
     * @return whether nothing is left; false too if the container was lost, so that nobody knows
     */
    boolean kill();

    /** Makes containers; one for the whole program. */
    interface Source {
        /**
         * Makes one.
         *
         * @throws IOException if it cannot be made
         */
        ProcessContainer make() throws IOException;

        /** What it is, for people: {@code a cgroup of their own (/sys/fs/cgroup/…)}. */
        String description();

        /** The file to which 1 is written to kill everything in all containers; null if there is none. */
        String killFile();
    }
}
