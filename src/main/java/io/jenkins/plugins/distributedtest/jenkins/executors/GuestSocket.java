package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.remoting.RemoteOutputStream;
import io.jenkins.plugins.distributedtest.amqp.OwnerSocket;
import io.jenkins.plugins.distributedtest.files.OwnerOnly;
import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * On an agent: its end of the {@link OwnerSocket} of a listener that was started in an environment of a step, such as a
 * container. A broker that the agent does not reach is carried on over the agent's channel, as by {@link Carrier}: for
 * each connection a thread here waits while the channel's window is full.
 */
final class GuestSocket implements Closeable {
    /** A listener has a few, one of them its own. */
    static final int MOST = 64;

    private final Path file;
    private final String listenerId;
    private final String answer;
    /** Null if the broker is not carried. */
    private final Dial dial;

    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Semaphore free = new Semaphore(MOST);
    private volatile SocketChannel own;
    private volatile boolean ending;
    private final CountDownLatch came = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    private GuestSocket(Path file, String listenerId, String broker, Dial dial) throws IOException {
        this.file = file;
        this.listenerId = listenerId;
        this.answer = (dial == null ? OwnerSocket.DIRECT : OwnerSocket.CARRIED) + " " + broker;
        this.dial = dial;
        Files.deleteIfExists(file);
        server = OwnerSocket.bind(file);
    }

    /**
     * Opens the socket.
     *
     * @param file where, in a directory that is made for this user alone
     * @param listenerId who may connect
     * @param broker the broker's URI with its password, and behind a space the key of the run's secret variables, if any
     * @param dial opens connections to the broker; null if the listener reaches it by itself
     */
    static GuestSocket open(Path file, String listenerId, String broker, Dial dial) throws IOException {
        OwnerOnly.createDirectory(file.toAbsolutePath().getParent());
        GuestSocket socket = new GuestSocket(file, listenerId, broker, dial);
        DaemonThreads.start("distributed-test-guest", socket::accept);
        return socket;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                if (free.tryAcquire()) {
                    open.add(channel);
                    DaemonThreads.start("distributed-test-guest-line", () -> serve(channel));
                } else {
                    channel.close();
                }
            }
        } catch (IOException e) {
            close();
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            String line = OwnerSocket.readLine(channel);
            if (line.equals(OwnerSocket.OWN + " " + listenerId) && own == null && !ending) {
                keep(channel);
            } else if (line.equals(OwnerSocket.BROKER + " " + listenerId) && dial != null) {
                carry(channel);
            }
        } catch (IOException | RuntimeException e) {
            // The other end sees that its connection is closed.
        } finally {
            open.remove(channel);
            free.release();
        }
    }

    private void keep(SocketChannel channel) throws IOException {
        own = channel;
        OwnerSocket.writeLine(channel, answer);
        came.countDown();
        try {
            OwnerSocket.input(channel).transferTo(OutputStream.nullOutputStream());
        } finally {
            over.countDown();
        }
    }

    private void carry(SocketChannel channel) throws IOException {
        OutputStream broker = dial.connect(new RemoteOutputStream(OwnerSocket.output(channel)));
        Carrier.copy(OwnerSocket.input(channel), broker, channel);
    }

    /** Waits until the listener has connected, or never will. */
    void awaitComing() throws InterruptedException {
        came.await();
    }

    /** Waits until the listener has ended. */
    void awaitEnd() throws InterruptedException {
        over.await();
    }

    /** Asks the listener to end. It still reaches the broker, for giving back what it has. */
    void end() throws IOException {
        ending = true;
        SocketChannel line = own;
        if (line != null) {
            line.close();
        } else {
            came.countDown();
            over.countDown();
        }
    }

    /** Closes all connections. Uses no class that has not been used before. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Nothing is kept by it.
        }
        for (SocketChannel each : open) {
            try {
                each.close();
            } catch (IOException e) {
                // Nothing is kept by it.
            }
        }
        came.countDown();
        over.countDown();
    }
}
