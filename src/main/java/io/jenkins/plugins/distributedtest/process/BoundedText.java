package io.jenkins.plugins.distributedtest.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps the head and the tail of output that may be of any length, and says how much it left out between them. Bytes
 * that are not UTF-8 come out as U+FFFD. Safe for use by several threads.
 */
public final class BoundedText {
    /** Head that is kept of a process's output, in bytes. */
    public static final int DEFAULT_HEAD = 64 << 10;

    /** Tail that is kept of a process's output, in bytes: longer than the head, since failures stand at the end. */
    public static final int DEFAULT_TAIL = 128 << 10;

    private final int headLimit;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final byte[] ring;
    private long afterHead;

    /** Keeps {@link #DEFAULT_HEAD} and {@link #DEFAULT_TAIL}. */
    public BoundedText() {
        this(DEFAULT_HEAD, DEFAULT_TAIL);
    }

    /**
     * @param headBytes how many bytes are kept of the beginning
     * @param tailBytes how many bytes are kept of the end; at least 1
     */
    public BoundedText(int headBytes, int tailBytes) {
        if (headBytes < 0 || tailBytes < 1) {
            throw new IllegalArgumentException("Not a size: head " + headBytes + ", tail " + tailBytes);
        }
        headLimit = headBytes;
        ring = new byte[tailBytes];
    }

    /** Appends bytes from an array. */
    public synchronized void append(byte[] bytes, int offset, int length) {
        int toHead = Math.min(length, headLimit - head.size());
        head.write(bytes, offset, toHead);
        int from = offset + toHead;
        int left = length - toHead;
        if (left > ring.length) {
            afterHead += left - ring.length;
            from += left - ring.length;
            left = ring.length;
        }
        while (left > 0) {
            int at = (int) (afterHead % ring.length);
            int part = Math.min(left, ring.length - at);
            System.arraycopy(bytes, from, ring, at, part);
            afterHead += part;
            from += part;
            left -= part;
        }
    }

    /** How many bytes were appended, kept or not. */
    public synchronized long length() {
        return head.size() + afterHead;
    }

    /** The text: whole when it fits, else head, a line that says how many bytes are left out, and tail. */
    @Override
    public synchronized String toString() {
        byte[] tail = tail();
        byte[] start = head.toByteArray();
        if (afterHead <= ring.length) {
            byte[] all = new byte[start.length + tail.length];
            System.arraycopy(start, 0, all, 0, start.length);
            System.arraycopy(tail, 0, all, start.length, tail.length);
            return new String(all, StandardCharsets.UTF_8);
        }
        return joined(start, tail, afterHead - ring.length);
    }

    private byte[] tail() {
        int kept = (int) Math.min(afterHead, ring.length);
        byte[] tail = new byte[kept];
        int at = (int) ((afterHead - kept) % ring.length);
        int part = Math.min(kept, ring.length - at);
        System.arraycopy(ring, at, tail, 0, part);
        System.arraycopy(ring, 0, tail, part, kept - part);
        return tail;
    }

    private static String joined(byte[] head, byte[] tail, long leftOut) {
        int headEnd = wholeCharacters(head);
        int tailStart = 0;
        while (tailStart < Math.min(3, tail.length) && isContinuation(tail[tailStart])) {
            tailStart++;
        }
        long cut = leftOut + (head.length - headEnd) + tailStart;
        return new String(head, 0, headEnd, StandardCharsets.UTF_8)
                + "\n[… " + cut + " bytes left out …]\n"
                + new String(tail, tailStart, tail.length - tailStart, StandardCharsets.UTF_8);
    }

    /** The length up to the last whole UTF-8 character, so that a cut never makes up a broken one. */
    private static int wholeCharacters(byte[] bytes) {
        int lead = bytes.length - 1;
        while (lead >= 0 && lead > bytes.length - 4 && isContinuation(bytes[lead])) {
            lead--;
        }
        if (lead < 0) {
            return bytes.length;
        }
        int first = bytes[lead] & 0xff;
        int need = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
        return bytes.length - lead < need ? lead : bytes.length;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }

    /**
     * Shortens a text to head and tail when it is longer than a limit.
     *
     * @param text the text, possibly null
     * @param limit the number of characters to keep, at least 2
     * @return the text, shortened when it is longer; null for null
     */
    public static String cut(String text, int limit) {
        if (text == null || text.length() <= limit) {
            return text;
        }
        int tail = limit / 2;
        int head = limit - tail;
        if (Character.isHighSurrogate(text.charAt(head - 1))) {
            head--;
        }
        int from = text.length() - tail;
        if (Character.isLowSurrogate(text.charAt(from))) {
            from++;
        }
        return text.substring(0, head) + "\n[… " + (from - head) + " characters left out …]\n" + text.substring(from);
    }

    /**
     * Reads a part of a file, keeping head and tail only, without reading what lies between.
     *
     * @param file the file; one that does not exist is empty, and so is what is no regular file
     * @param from offset of the first byte
     * @param to offset after the last byte; beyond the file's end means its end
     * @return the text, shortened to the default limits
     * @throws IOException if the file cannot be read
     */
    public static String slice(Path file, long from, long to) throws IOException {
        if (!Files.isRegularFile(file)) {
            return ""; // those that print there may have put a pipe in its place
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long start = Math.max(0, from);
            long end = Math.min(to, channel.size());
            if (end - start <= DEFAULT_HEAD + DEFAULT_TAIL) {
                return new String(bytes(channel, start, end), StandardCharsets.UTF_8);
            }
            byte[] head = bytes(channel, start, start + DEFAULT_HEAD);
            byte[] tail = bytes(channel, end - DEFAULT_TAIL, end);
            return joined(head, tail, end - start - DEFAULT_HEAD - DEFAULT_TAIL);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** The length of a file in bytes; 0 if it does not exist or cannot be looked at. */
    public static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static byte[] bytes(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, to - from));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                break; // cut shorter by someone in the meantime
            }
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }
}
