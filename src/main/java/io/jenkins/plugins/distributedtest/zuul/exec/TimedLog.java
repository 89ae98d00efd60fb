package io.jenkins.plugins.distributedtest.zuul.exec;

import io.jenkins.plugins.distributedtest.files.PlainFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log whose lines have their time. It does not grow beyond a limit: its head and its tail are kept, what is between
 * is counted. Credentials in URLs are left out. Safe for use by several threads; nothing is thrown when the disk is full,
 * {@link #problem} says so.
 */
public final class TimedLog implements AutoCloseable {
    /** Longer lines are broken. */
    static final int MAX_LINE = 16 << 10;

    /** So much is kept of the end of a log that is too long. */
    static final int MAX_TAIL = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(TimedLog.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS").withZone(ZoneId.systemDefault());
    private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/@\\s]+@");

    private final Path file;
    private final long limit;
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long written;
    private long dropped;
    private final long tailLimit;
    private final Deque<byte[]> tail = new ArrayDeque<>();
    private long tailBytes;
    private boolean isFull;
    private boolean closed;
    private String problem = "";

    private TimedLog(Path file, long limit, OutputStream out) {
        this.file = file;
        this.limit = limit;
        tailLimit = Math.min(limit / 2, MAX_TAIL);
        this.out = out;
    }

    /**
     * Makes a log.
     *
     * @param file where; whatever is there is removed, and not opened
     * @param limit how many bytes it may have
     * @throws IOException if it cannot be made
     */
    public static TimedLog open(Path file, long limit) throws IOException {
        return new TimedLog(file, limit, new BufferedOutputStream(PlainFile.anew(file)));
    }

    /** Adds a line of this program. */
    public synchronized void line(String text) {
        endOutput();
        text.lines().forEach(each -> write(each));
        flush();
    }

    /** Adds a part of a process's output, which need not end where a line does. */
    public synchronized void output(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                writeOutput();
            } else {
                line.write(bytes[i]);
                if (line.size() >= MAX_LINE) {
                    writeOutput();
                }
            }
        }
        flush();
    }

    /** The output has ended: a last line without an end is one too. */
    public synchronized void endOutput() {
        if (line.size() > 0) {
            writeOutput();
        }
    }

    private void writeOutput() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        write(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private void write(String text) {
        byte[] bytes =
                (TIME.format(Instant.now()) + " " + withoutCredentials(text) + "\n").getBytes(StandardCharsets.UTF_8);
        if (closed) {
            return;
        }
        if (isFull || written + bytes.length > limit - tailLimit) {
            isFull = true;
            tail.add(bytes);
            tailBytes += bytes.length;
            while (tailBytes > tailLimit && tail.size() > 1) {
                int first = tail.remove().length;
                tailBytes -= first;
                dropped += first;
            }
            return;
        }
        try {
            out.write(bytes);
            written += bytes.length;
        } catch (IOException e) {
            failed(e);
        }
    }

    /** A text in which no URL holds credentials. */
    public static String withoutCredentials(String text) {
        return text.contains("://") ? CREDENTIALS.matcher(text).replaceAll("") : text;
    }

    /** Counts output that was not even read. */
    synchronized void drop(long bytes) {
        dropped += bytes;
    }

    /** Whether only the tail is kept of all that comes. */
    synchronized boolean isFull() {
        return isFull;
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (problem.isEmpty()) {
            problem = file.getFileName() + " cannot be written: " + e.getMessage();
            LOG.warn("{}: {}", file, e.toString());
        }
    }

    /** Why the log is not whole; empty if it is. */
    public synchronized String problem() {
        return problem;
    }

    /** Writes what waits; later lines are dropped. Harmless when repeated. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        endOutput();
        closed = true;
        try (out) {
            if (dropped > 0) {
                out.write((TIME.format(Instant.now()) + " [" + dropped + " more bytes are left out: a log may have "
                                + limit + "]\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            for (byte[] each : tail) {
                out.write(each);
            }
        } catch (IOException e) {
            failed(e);
        }
    }
}
