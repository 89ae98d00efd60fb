package io.jenkins.plugins.distributedtest.gearman;

import io.jenkins.plugins.distributedtest.loop.DaemonThreads;
import io.jenkins.plugins.distributedtest.tls.LegacyTls;
import io.jenkins.plugins.distributedtest.tls.TlsProblems;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a server, from connecting to its loss. A thread reads packets, another writes them, so that a
 * sender never waits for the network. What waits to be written is bounded: the connection to a server that does not read
 * is closed.
 */
final class GearmanConnection {
    /**
     * How long connecting may take. Short, since the kernel repeats what a host that was away has not answered after 1,
     * 3 and 7 s only: a new attempt finds it earlier.
     */
    static final int CONNECT_MILLIS = 2_000;
    /** How long the TLS handshake may take. */
    static final int HANDSHAKE_MILLIS = 10_000;
    /** More bytes than this waiting to be written mean that the server does not read. */
    static final int MAX_WAITING_BYTES = 64 << 20;
    /** How long a connection that is to end may take to write what waits, and then for the server to hang up. */
    static final int FINISH_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(GearmanConnection.class);

    private final GearmanServer server;
    private final long generation;
    private final Socket socket;
    private final Consumer<Packet> onPacket;
    private final Consumer<String> onLost;
    private final AtomicBoolean lost = new AtomicBoolean();
    private final Deque<byte[]> waiting = new ArrayDeque<>(); // guarded by itself, as is waitingBytes
    private long waitingBytes;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean finishing; // guarded by waiting
    private volatile long lastReceived = System.nanoTime();

    private GearmanConnection(
            GearmanServer server, long generation, Socket socket, Consumer<Packet> onPacket, Consumer<String> onLost) {
        this.server = server;
        this.generation = generation;
        this.socket = socket;
        this.onPacket = onPacket;
        this.onLost = onLost;
    }

    /**
     * Connects. Nothing is read before {@link #start}.
     *
     * @param generation the number of this connection
     * @param onPacket takes each packet, on the reading thread
     * @param onLost told once why the connection ended, on whichever thread saw it
     * @throws IOException if there is no connection within {@link #CONNECT_MILLIS}, or no TLS within
     *     {@link #HANDSHAKE_MILLIS}
     */
    static GearmanConnection open(
            GearmanServer server, long generation, Consumer<Packet> onPacket, Consumer<String> onLost)
            throws IOException {
        return new GearmanConnection(server, generation, connect(server), onPacket, onLost);
    }

    /**
     * Makes the connection alone.
     *
     * @throws IOException if there is none within {@link #CONNECT_MILLIS}, or no TLS within {@link #HANDSHAKE_MILLIS}
     */
    static Socket connect(GearmanServer server) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(new InetSocketAddress(server.host(), server.port()), CONNECT_MILLIS);
            if (server.legacy() != null) {
                return LegacyTls.find().over(socket, server.legacy(), HANDSHAKE_MILLIS);
            }
            return server.tls() == null ? socket : handshake(server, socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket handshake(GearmanServer server, Socket plain) throws IOException {
        SSLSocket socket =
                (SSLSocket) server.tls().getSocketFactory().createSocket(plain, server.host(), server.port(), true);
        if (server.checkHostName()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        socket.setSoTimeout(HANDSHAKE_MILLIS);
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }

    void start() {
        daemon("reader", this::readAll).start();
        daemon("writer", this::writeAll).start();
    }

    long generation() {
        return generation;
    }

    /** How long nothing has come from the server. */
    long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastReceived);
    }

    void send(Packet packet) {
        enqueue(packet.encode());
    }

    /** Sends packets in as few writes as possible. */
    void sendAll(Collection<Packet> packets) {
        packets.forEach(this::send);
    }

    private void enqueue(byte[] bytes) {
        boolean full;
        synchronized (waiting) {
            waiting.add(bytes);
            waitingBytes += bytes.length;
            full = waitingBytes > MAX_WAITING_BYTES;
            waiting.notifyAll();
        }
        if (full) {
            hangUp("it does not read what it is sent (" + (MAX_WAITING_BYTES >> 20) + " MiB wait)");
        }
    }

    /** Ends the connection; harmless when it has ended. */
    void hangUp(String reason) {
        if (!lost.compareAndSet(false, true)) {
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("Closing the socket to {}", server, e);
        }
        synchronized (waiting) {
            waiting.notifyAll();
        }
        ended.complete(null);
        onLost.accept(reason);
    }

    /**
     * Ends the connection in order: what waits is written, the server learns that nothing follows, and when it has hung
     * up too, or after {@link #FINISH_MILLIS}, the socket is closed. Closing it at once would throw away the last
     * results, here or on their way. Returns at once.
     *
     * @return completes when the connection has ended
     */
    CompletableFuture<Void> finish() {
        synchronized (waiting) {
            finishing = true;
            waiting.notifyAll();
        }
        ended.orTimeout(FINISH_MILLIS, TimeUnit.MILLISECONDS).whenComplete((done, late) -> hangUp("closed"));
        return ended;
    }

    private void readAll() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(heard(), 1 << 16))) {
            while (!lost.get()) {
                Packet packet = Packet.read(in);
                onPacket.accept(packet);
            }
        } catch (EOFException e) {
            hangUp("the server closed it");
        } catch (IOException | RuntimeException e) {
            hangUp(TlsProblems.inWords(e));
        }
    }

    /** What the server sends. Whatever comes of a packet shows that the server is alive: a long one takes its time. */
    private InputStream heard() throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int count = super.read(into, offset, length);
                lastReceived = System.nanoTime();
                return count;
            }

            @Override
            public long skip(long wanted) throws IOException {
                long count = super.skip(wanted);
                lastReceived = System.nanoTime();
                return count;
            }
        };
    }

    private void writeAll() {
        try (OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
            for (byte[] next = next(out); next != null; next = next(out)) {
                out.write(next);
            }
            if (!lost.get()) {
                socket.shutdownOutput();
                ended.handle((done, late) -> null).join();
            }
        } catch (IOException e) {
            hangUp(TlsProblems.inWords(e));
        } catch (InterruptedException e) {
            hangUp("interrupted");
        }
    }

    /** The next bytes to write; flushes before it waits for some. Null when the connection has ended or is to end. */
    private byte[] next(OutputStream out) throws IOException, InterruptedException {
        byte[] next = poll();
        if (next != null) {
            return next;
        }
        out.flush();
        synchronized (waiting) {
            while (waiting.isEmpty() && !finishing && !lost.get()) {
                waiting.wait();
            }
            return poll();
        }
    }

    private byte[] poll() {
        synchronized (waiting) {
            byte[] next = waiting.poll();
            waitingBytes -= next == null ? 0 : next.length;
            return next;
        }
    }

    private Thread daemon(String role, Runnable task) {
        return DaemonThreads.of("gearman-" + server + "-" + role, task);
    }
}
