package io.jenkins.plugins.distributedtest.listener;

/**
 * Work on some thread that another thread may want to stop, before or while it is done. Unlike cancelling a future,
 * the work is always entered, so that whoever waits for its end hears of it.
 */
final class Interruptible {
    private Thread thread;
    private boolean stopped;

    /** Something that can be interrupted. */
    interface Work<E extends Exception> {
        void run() throws E, InterruptedException;
    }

    /**
     * Does the work on this thread.
     *
     * @throws InterruptedException if it was stopped before, or is stopped meanwhile
     */
    <E extends Exception> void run(Work<E> work) throws E, InterruptedException {
        synchronized (this) {
            if (stopped) {
                throw new InterruptedException("stopped before it began");
            }
            thread = Thread.currentThread();
        }
        try {
            work.run();
        } finally {
            synchronized (this) {
                thread = null;
                if (stopped) {
                    Thread.interrupted(); // it was for the work, not for the thread
                }
            }
        }
    }

    /** Stops the work for good. */
    synchronized void stop() {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
