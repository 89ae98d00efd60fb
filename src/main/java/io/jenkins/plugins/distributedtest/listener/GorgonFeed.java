package io.jenkins.plugins.distributedtest.listener;

/**
 * A slot's way to the files of a run in Gorgon's dialect: one at a time, by {@code basic.get}. A consumer would not do:
 * when the last one ends, the auto-delete queue goes, and the files in it.
 */
final class GorgonFeed implements FileFeed {
    private final GorgonLink link;
    private final JoinedRun run;

    GorgonFeed(GorgonLink link, JoinedRun run) {
        this.link = link;
        this.run = run;
    }

    @Override
    public HeldFile take() {
        return link.get(run);
    }

    @Override
    public void stream() {
        // Nothing comes by itself.
    }

    @Override
    public void stop() {
        // Nothing is held.
    }

    @Override
    public void pause(long nanos) {
        // Gorgon's file messages do not name workers to avoid.
    }

    @Override
    public void close() {
        // The channel is the link's.
    }
}
