package io.jenkins.plugins.distributedtest.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.Codec;
import io.jenkins.plugins.distributedtest.runner.ControlMessage.ControlException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;

/**
 * One runner process's connection: reads lines on the thread that calls {@link #read}, writes from any thread.
 */
final class ControlConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final Object writing = new Object();

    private byte[] buffer = new byte[16 << 10];
    private int start;
    private int end;

    ControlConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** The longest that {@link #read} waits for more bytes, in milliseconds; 0 for no limit. */
    void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /**
     * Reads the next message.
     *
     * @return null at the end of the connection
     * @throws ControlException if the line is too long or not a message
     */
    ControlMessage read() throws IOException {
        return read(ControlMessage.MAX_LINE);
    }

    /** Reads the next message, which must come in a line of no more than some bytes. */
    ControlMessage read(int maxLine) throws IOException {
        int searched = start;
        while (true) {
            for (int i = searched; i < end; i++) {
                if (buffer[i] == '\n') {
                    byte[] line = Arrays.copyOfRange(buffer, start, i);
                    start = i + 1;
                    return Codec.parse(line, line.length);
                }
            }
            int seen = end - start;
            if (seen > maxLine) {
                throw new ControlException("a line of more than " + maxLine + " bytes");
            }
            makeRoom();
            searched = start + seen;
            int n = in.read(buffer, end, buffer.length - end);
            if (n < 0) {
                return null;
            }
            end += n;
        }
    }

    private void makeRoom() {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        } else if (end == 0 && buffer.length > 1 << 20) {
            buffer = new byte[16 << 10];
        }
    }

    /** Sends a message. */
    void send(ObjectNode message) throws IOException {
        byte[] line = Codec.line(message);
        synchronized (writing) {
            socket.getOutputStream().write(line);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            return; // it is closed as far as this side is concerned
        }
    }
}
