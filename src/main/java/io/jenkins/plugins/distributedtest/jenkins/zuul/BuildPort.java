package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.util.List;

/** What Jenkins does for a {@link ZuulBuild}. Called on the thread of the builds, and as SYSTEM. */
interface BuildPort {
    /**
     * Puts a build into Jenkins' queue.
     *
     * @return the item in the queue
     * @throws RefusedException if Jenkins does not accept it; says why
     */
    Queued schedule(ZuulBuild build) throws RefusedException;

    /** A build in Jenkins' queue. */
    interface Queued {
        /** Takes it out of the queue; false if it has left it already. */
        boolean cancel();

        /** Whether it has left the queue and its build will never start, because starting it failed. */
        boolean isLost();
    }

    /** A build that runs. */
    interface Running {
        /** Address of its page. */
        String url();

        /** The name of the node it runs on; empty if it has none, as a pipeline. */
        String node();

        /** The labels of that node. */
        List<String> labels();

        /** How long it will take, in milliseconds; below 1 if unknown. */
        long estimatedMillis();

        /**
         * Stops it.
         *
         * @param harder how often this was tried before: the higher, the more forcibly
         * @param reason for the log of the build
         */
        void stop(int harder, String reason);

        /** Sets the description, which Jenkins shows through its markup formatter. */
        void describe(String html);
    }

    /** Jenkins does not accept a build into its queue. */
    final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
