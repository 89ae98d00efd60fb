package io.jenkins.plugins.distributedtest.amqp;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The line between a listener and whoever started it in an environment to which neither standard input nor the network
 * leads, such as a container: a socket in a directory that both see.
 *
 * <p>Each connection begins with a line of the listener, a word and its id:
 *
 * <pre>
 * own ID      answered by one line, {@value #CARRIED} or {@value #DIRECT}, the broker's URI with its password, and where
 *             the run has secret variables, the key that opens them. The connection then stays as long as the listener
 *             is to live: whoever closes it, or dies, ends it
 * broker ID   what follows is a connection to the broker, in both directions
 * </pre>
 *
 * <p>Who can open the socket learns the broker's password and the key, so it is to be in a directory for its owner alone.
 */
public final class OwnerSocket {
    /** Begins the line of the connection that keeps a listener alive. */
    public static final String OWN = "own";
    /** Begins the line of a connection to the broker. */
    public static final String BROKER = "broker";
    /** The broker is reached through this socket. */
    public static final String CARRIED = "carried";
    /** The broker is reached at its address. */
    public static final String DIRECT = "direct";

    /** How many words the answer to {@link #OWN} has at most. */
    public static final int WORDS = 3;

    private static final int LONGEST_LINE = 16 << 10;
    /** What the system takes as a socket's path, a little less than the least of all systems. */
    private static final int LONGEST_PATH = 100;

    private OwnerSocket() {}

    /**
     * Makes the socket and listens at it.
     *
     * @param file where; nothing may be there
     * @throws IOException if that cannot be done, as on a system that has no such sockets
     */
    public static ServerSocketChannel bind(Path file) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try (Name name = Name.of(file)) {
            server.bind(name.address());
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Connects to the socket, and says who does.
     *
     * @param file the socket
     * @param word {@link #OWN} or {@link #BROKER}
     * @param listenerId the listener's id
     */
    public static SocketChannel connect(Path file, String word, String listenerId) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (Name name = Name.of(file)) {
            channel.connect(name.address());
            writeLine(channel, word + " " + listenerId);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Writes a line. */
    public static void writeLine(SocketChannel channel, String line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Reads a line and nothing beyond it.
     *
     * @throws IOException if the connection ends before the line does, or the line is far too long
     */
    public static String readLine(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one) > 0) {
            byte next = one.get(0);
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("A line is longer than " + LONGEST_LINE + " bytes");
            }
            line.write(next);
            one.clear();
        }
        throw new IOException("The connection ended before its first line did");
    }

    /** What comes over a connection. Reading and writing at the same time do not wait for each other. */
    public static InputStream input(SocketChannel channel) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return channel.read(ByteBuffer.wrap(bytes, offset, length));
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** What goes over a connection; closing it closes the connection. */
    public static OutputStream output(SocketChannel channel) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** A name for a socket that the system takes: a long path is gone to over a link. */
    private record Name(UnixDomainSocketAddress address, Path link) implements Closeable {
        static Name of(Path file) throws IOException {
            Path absolute = file.toAbsolutePath();
            if (absolute.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH) {
                return new Name(UnixDomainSocketAddress.of(absolute), null);
            }
            Path link = Files.createTempDirectory("dt").resolve("s");
            Files.createSymbolicLink(link, absolute.getParent());
            return new Name(UnixDomainSocketAddress.of(link.resolve(absolute.getFileName())), link);
        }

        @Override
        public void close() throws IOException {
            if (link != null) {
                Files.delete(link);
                Files.delete(link.getParent());
            }
        }
    }
}
