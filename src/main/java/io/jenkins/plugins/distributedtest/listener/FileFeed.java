package io.jenkins.plugins.distributedtest.listener;

/**
 * One slot's way to the files of one run. Lives on the event loop. Its methods never throw: a feed whose queue or
 * connection is gone has no files until it is attached again.
 */
interface FileFeed {
    /**
     * The next file: one that the broker has sent already or, unless {@link #stream streaming}, one that is fetched
     * from the queue.
     *
     * @return a file that is the slot's to run, to hand on, or to give back; null if there is none now
     */
    HeldFile take();

    /** Has the broker send files ahead, which saves a round trip per file. Does nothing where that is not possible. */
    void stream();

    /** Ends {@link #stream streaming} and gives back what was sent ahead, so that others can have it. */
    void stop();

    /** Offers no files for a while; what was sent ahead is given back. */
    void pause(long nanos);

    /** Gives back what is held, for good. */
    void close();
}
