package io.jenkins.plugins.distributedtest.gearman;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gearman.common.GearmanPacketHeader;
import org.gearman.common.GearmanPacketMagic;
import org.gearman.common.GearmanPacketType;

/**
 * One packet of Gearman's binary protocol: a magic ({@code \0REQ} or {@code \0RES}), a type, and arguments joined by
 * zero bytes, of which the last may hold zero bytes itself.
 *
 * @param magic which way it goes. Zuul's server sends some packets as requests, so nothing depends on it
 * @param type the number of its type; {@link GearmanPacketType} knows most
 * @param data the joined arguments; only their beginning if the packet is too long
 * @param omitted how many bytes of a packet that is too long are not in {@code data}; otherwise 0
 */
record Packet(GearmanPacketMagic magic, int type, byte[] data, int omitted) {
    /** Longer packets are not kept: Zuul's requests have some kilobytes. */
    static final int MAX_DATA = 16 << 20;
    /** How much is kept of a longer packet: enough to answer it. */
    static final int HEAD = 64 << 10;
    /** A packet that says it is longer than this is none, and what follows it cannot be found. */
    static final int MAX_SKIPPED = 1 << 30;

    /** Asks for a job's state by its unique, which tells how many clients wait for it. C gearmand only. */
    static final int GET_STATUS_UNIQUE = 41;
    /** Answers {@link #GET_STATUS_UNIQUE}. */
    static final int STATUS_RES_UNIQUE = 42;

    private static final byte[] NOTHING = new byte[0];

    /** A whole packet. */
    Packet(GearmanPacketMagic magic, int type, byte[] data) {
        this(magic, type, data, 0);
    }

    /** A request without arguments. */
    static Packet request(GearmanPacketType type) {
        return new Packet(GearmanPacketMagic.REQ, code(type), NOTHING);
    }

    /** A request with text arguments. */
    static Packet request(GearmanPacketType type, String... arguments) {
        return request(code(type), arguments);
    }

    /** A request of a type that {@link GearmanPacketType} lacks. */
    static Packet request(int type, String... arguments) {
        return new Packet(
                GearmanPacketMagic.REQ, type, String.join("\0", arguments).getBytes(StandardCharsets.UTF_8));
    }

    /** A request with a text argument and a payload. */
    static Packet request(GearmanPacketType type, String argument, byte[] payload) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(argument.getBytes(StandardCharsets.UTF_8));
        joined.write(0);
        joined.writeBytes(payload);
        return new Packet(GearmanPacketMagic.REQ, code(type), joined.toByteArray());
    }

    /**
     * Reads the next packet. Of one that is longer than {@link #MAX_DATA} the first {@link #HEAD} bytes are kept, so that
     * it can be refused without giving up the connection.
     *
     * @throws ProtocolException if what comes is no packet, or a longer one than {@link #MAX_SKIPPED}
     * @throws IOException if the stream ends or fails
     */
    static Packet read(DataInputStream in) throws IOException {
        byte[] header = new byte[GearmanPacketHeader.HEADER_LENGTH];
        in.readFully(header);
        ByteBuffer fields = ByteBuffer.wrap(header);
        GearmanPacketMagic magic = magic(fields.getInt());
        int type = fields.getInt();
        int length = fields.getInt();
        if (length < 0 || length > MAX_SKIPPED) {
            throw new ProtocolException("a packet of " + Integer.toUnsignedString(length) + " bytes came; at most "
                    + MAX_DATA + " are accepted");
        }
        int kept = length > MAX_DATA ? HEAD : length;
        byte[] data = in.readNBytes(kept);
        if (data.length < kept) {
            throw new IOException("the stream ended inside a packet");
        }
        in.skipNBytes(length - kept);
        return new Packet(magic, type, data, length - kept);
    }

    /** Whether only its beginning is here. */
    boolean isTooLong() {
        return omitted > 0;
    }

    /** What is wrong with a packet that is too long, for people. */
    String excess() {
        return "it has " + ((data.length + (long) omitted) >> 20) + " MiB, and at most " + (MAX_DATA >> 20)
                + " MiB are accepted";
    }

    private static GearmanPacketMagic magic(int word) throws ProtocolException {
        for (GearmanPacketMagic magic : GearmanPacketMagic.values()) {
            if (ByteBuffer.wrap(magic.toBytes()).getInt() == word) {
                return magic;
            }
        }
        throw new ProtocolException("this is no Gearman server: a packet began with " + String.format("0x%08x", word));
    }

    /** Whether this packet is of the given type. */
    boolean is(GearmanPacketType wanted) {
        return type == code(wanted);
    }

    /** As bytes for the wire. */
    byte[] encode() {
        return ByteBuffer.allocate(GearmanPacketHeader.HEADER_LENGTH + data.length)
                .put(magic.toBytes())
                .putInt(type)
                .putInt(data.length)
                .put(data)
                .array();
    }

    /**
     * The arguments.
     *
     * @param count how many there have to be; the last one takes the rest
     * @throws ProtocolException if there are fewer
     */
    List<byte[]> arguments(int count) throws ProtocolException {
        List<byte[]> found = new ArrayList<>(count);
        int from = 0;
        for (int i = 0; i < data.length && found.size() < count - 1; i++) {
            if (data[i] == 0) {
                found.add(Arrays.copyOfRange(data, from, i));
                from = i + 1;
            }
        }
        found.add(Arrays.copyOfRange(data, from, data.length));
        if (found.size() < count) {
            throw new ProtocolException(
                    "a packet of type " + this + " has " + found.size() + " of its " + count + " arguments");
        }
        return found;
    }

    /** The arguments as text. */
    List<String> texts(int count) throws ProtocolException {
        return arguments(count).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toList();
    }

    /** The type's name, or its number where there is none. */
    @Override
    public String toString() {
        return type >= 0 && type <= GearmanPacketType.SUBMIT_JOB_EPOCH.ordinal()
                ? GearmanPacketType.get(type).name()
                : "#" + type;
    }

    private static int code(GearmanPacketType type) {
        return ByteBuffer.wrap(type.toBytes()).getInt();
    }

    /** Something came that the protocol does not allow; the connection is of no use any more. */
    static final class ProtocolException extends IOException {
        private static final long serialVersionUID = 1L;

        ProtocolException(String message) {
            super(message);
        }
    }
}
