package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.amqp.BrokerAddress;
import io.jenkins.plugins.distributedtest.amqp.BrokerConnection;
import io.jenkins.plugins.distributedtest.amqp.BrokerSession;
import io.jenkins.plugins.distributedtest.loop.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One side of a sync, with a loop and a connection of its own: an originator, a listener, or who listens in. */
final class Peer implements AutoCloseable, BrokerConnection.Lifecycle {
    static final Duration PATIENCE = Duration.ofSeconds(90);

    final EventLoop loop = new EventLoop("test-peer");
    final List<BrokerSession> sessions = new CopyOnWriteArrayList<>();
    private final Attach attach;
    private final Runnable detach;
    private final BrokerConnection connection;

    /** What is done with each session. */
    interface Attach {
        void to(BrokerSession session) throws IOException;
    }

    Peer(BrokerAddress address, Attach attach, Runnable detach) {
        this.attach = attach;
        this.detach = detach;
        this.connection = BrokerConnection.open(address, "test", loop, this);
    }

    /** A listener. */
    static final class Listener implements AutoCloseable {
        final SourceFetcher fetcher;
        final ContentStore store;
        private final EventLoop loop = new EventLoop("test-listener");
        private final BrokerConnection connection;

        Listener(BrokerAddress address, String id, FetcherSettings settings) {
            fetcher = new SourceFetcher(loop, id, settings);
            store = new ContentStore(settings.workDirectory().resolve("content"), settings.maxStoreBytes());
            connection = BrokerConnection.open(address, id, loop, new BrokerConnection.Lifecycle() {
                @Override
                public void connected(BrokerSession session) throws IOException {
                    fetcher.attach(session);
                }

                @Override
                public void disconnected(String reason) {
                    fetcher.detach();
                }
            });
        }

        /** Fetches on a thread of its own. */
        CompletableFuture<FetchedTree> fetch(JobSource job, Path workspace) {
            CompletableFuture<FetchedTree> outcome = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            outcome.complete(fetcher.fetch(job, workspace));
                        } catch (Throwable e) {
                            outcome.completeExceptionally(e);
                        }
                    },
                    "test-fetch");
            thread.setDaemon(true);
            thread.start();
            return outcome;
        }

        @Override
        public void close() {
            fetcher.close();
            connection.close();
            loop.close();
        }
    }

    @Override
    public void connected(BrokerSession session) throws IOException {
        attach.to(session);
        sessions.add(session);
    }

    @Override
    public void disconnected(String reason) {
        detach.run();
    }

    /** Waits for a result. */
    static <T> T get(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception known ? known : e;
        } catch (TimeoutException e) {
            throw new AssertionError("Nothing came within " + PATIENCE, e);
        }
    }

    @Override
    public void close() {
        connection.close();
        loop.close();
    }
}
