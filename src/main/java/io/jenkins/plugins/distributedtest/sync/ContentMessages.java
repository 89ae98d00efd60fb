package io.jenkins.plugins.distributedtest.sync;

import com.rabbitmq.client.AMQP;
import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The messages of sync kind {@code content}. The property {@code type} says which one it is:
 *
 * <ul>
 *   <li>{@code content_request} (listener to the run's content queue), JSON: {@code listener}; {@code digests}, at most
 *       {@value #MAX_DIGESTS}; {@code missing_bytes}, all that the listener lacks, as far as it knows.
 *   <li>{@code content} (originator to the run's content exchange), binary: pieces one after the other, each 32 bytes
 * of
 *       the SHA-256 of the whole content, 8 bytes of its length, 8 bytes of the piece's offset, 4 bytes of the piece's
 *       length (all big-endian), then the piece. At most {@value #MAX_RAW} bytes; with {@code content_encoding}
 *       {@code deflate} the whole is compressed (zlib).
 *   <li>{@code content_problem} (originator to the run's content exchange), JSON: {@code kind} (a
 *       {@link SyncException.Kind}); {@code message}; {@code listener}, whom it concerns, or none; {@code digests} that
 *       will not come.
 * </ul>
 *
 * <p>A tree's manifest is content like any other: its SHA-256 is the tree's digest.
 */
public final class ContentMessages {
    /** How many digests a request may name. */
    static final int MAX_DIGESTS = 1024;

    /** How many bytes of content a message carries at most, before compression. */
    public static final int MAX_PIECES = 1 << 20;

    private static final int HEADER = Sha256.BYTES + 8 + 8 + 4;
    /** Compressed content may be at most this part of its length. */
    private static final double WORTHWHILE = 0.9;
    /** So many pieces of so many bytes tell whether content can be compressed. */
    private static final int SAMPLES = 8;

    private static final int SAMPLE = 4096;

    /** How long the binary form is at most, before compression. Longer is refused, however well it was compressed. */
    static final int MAX_RAW = MAX_PIECES + (64 << 10);

    static final String REQUEST = "content_request";
    /** The type of messages of pieces. */
    public static final String CONTENT = "content";

    static final String PROBLEM = "content_problem";

    private static final String DEFLATE = "deflate";
    private static final int MAX_JSON = 256 << 10;

    private static final JsonBodies JSON = new JsonBodies(5, MAX_JSON);

    private ContentMessages() {}

    /** A listener asks. */
    record Request(String listener, List<String> digests, long missingBytes) {
        /** Checks what came from the wire. */
        Request {
            listener = listener == null ? "" : listener;
            digests = digests == null ? List.of() : List.copyOf(digests);
        }
    }

    /** The originator cannot answer. */
    record Problem(SyncException.Kind kind, String message, String listener, List<String> digests) {
        /** Checks what came from the wire. */
        Problem {
            kind = kind == null ? SyncException.Kind.FAILED : kind;
            message = message == null ? "" : message;
            digests = digests == null ? List.of() : List.copyOf(digests);
        }
    }

    /**
     * A piece of some content.
     *
     * @param sha the whole content's digest
     * @param total its length in bytes
     * @param offset where the piece begins
     * @param data the piece
     */
    public record Piece(Sha256 sha, long total, long offset, byte[] data) {}

    /**
     * A message ready to be published.
     *
     * @param properties its type and encoding
     * @param body its bytes
     */
    public record Packed(AMQP.BasicProperties properties, byte[] body) {}

    static Packed request(Request request) {
        return JSON.packed(REQUEST, request);
    }

    static Packed problem(Problem problem) {
        return JSON.packed(PROBLEM, problem);
    }

    static Request readRequest(byte[] body) throws WireException {
        Request request = JSON.read(body, Request.class);
        if (request.digests().size() > MAX_DIGESTS) {
            throw new WireException("A request for " + request.digests().size() + " contents");
        }
        return request;
    }

    static Problem readProblem(byte[] body) throws WireException {
        return JSON.read(body, Problem.class);
    }

    /** Collects pieces until a message is full. */
    public static final class Packer {
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream(MAX_RAW);

        /** An empty message. */
        public Packer() {}

        /** How many bytes of content still fit; 0 when the message is full. */
        public int room() {
            int room = Math.min(MAX_PIECES, MAX_RAW - HEADER) - raw.size();
            return room < HEADER ? 0 : room;
        }

        /** Whether it holds no piece. */
        public boolean isEmpty() {
            return raw.size() == 0;
        }

        /** Adds a piece, no longer than {@link #room}. */
        public void add(Sha256 sha, long total, long offset, byte[] data, int from, int length) {
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            header.put(sha.bytes()).putLong(total).putLong(offset).putInt(length);
            raw.writeBytes(header.array());
            raw.write(data, from, length);
        }

        /** The message; the packer is empty then. */
        public Packed pack() {
            byte[] plain = raw.toByteArray();
            raw.reset();
            byte[] small = deflate(plain);
            AMQP.BasicProperties.Builder properties =
                    new AMQP.BasicProperties.Builder().type(CONTENT).contentType("application/octet-stream");
            return small == null
                    ? new Packed(properties.build(), plain)
                    : new Packed(properties.contentEncoding(DEFLATE).build(), small);
        }
    }

    /**
     * Compresses; null if that saves too little to pay for it on both sides, as with archives and images. Looks at some of
     * it first, since compressing takes longer than anything else that is done with content.
     */
    private static byte[] deflate(byte[] plain) {
        return plain.length > SAMPLES * SAMPLE && deflated(sample(plain)) == null ? null : deflated(plain);
    }

    /** Pieces from all over it, in a row. */
    private static byte[] sample(byte[] plain) {
        byte[] some = new byte[SAMPLES * SAMPLE];
        int step = (plain.length - SAMPLE) / (SAMPLES - 1);
        for (int i = 0; i < SAMPLES; i++) {
            System.arraycopy(plain, i * step, some, i * SAMPLE, SAMPLE);
        }
        return some;
    }

    private static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] small = new byte[(int) (plain.length * WORTHWHILE)];
            int length = deflater.deflate(small);
            return deflater.finished() ? Arrays.copyOf(small, length) : null;
        } finally {
            deflater.end();
        }
    }

    /**
     * Reads a message of pieces.
     *
     * @throws WireException if it is longer than allowed, also once inflated, or a piece does not fit its content
     */
    public static List<Piece> readPieces(AMQP.BasicProperties properties, byte[] body) throws WireException {
        ByteBuffer raw = DEFLATE.equals(properties.getContentEncoding()) ? inflate(body) : ByteBuffer.wrap(body);
        if (raw.remaining() > MAX_RAW) {
            throw new WireException("Content of " + raw.remaining() + " bytes in one message");
        }
        List<Piece> pieces = new ArrayList<>();
        while (raw.hasRemaining()) {
            pieces.add(piece(raw));
        }
        return pieces;
    }

    private static Piece piece(ByteBuffer raw) throws WireException {
        if (raw.remaining() < HEADER) {
            throw new WireException("A piece of content without a whole header");
        }
        byte[] sha = new byte[Sha256.BYTES];
        raw.get(sha);
        long total = raw.getLong();
        long offset = raw.getLong();
        int length = raw.getInt();
        if (length <= 0 || length > raw.remaining() || offset < 0 || total < length || offset > total - length) {
            throw new WireException("A piece of " + length + " bytes at " + offset + " of " + total);
        }
        byte[] data = new byte[length];
        raw.get(data);
        return new Piece(Sha256.wrap(sha), total, offset, data);
    }

    private static ByteBuffer inflate(byte[] body) throws WireException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(body);
            byte[] plain = new byte[MAX_RAW + 1];
            int length = 0;
            while (!inflater.finished() && length < plain.length) {
                int n = inflater.inflate(plain, length, plain.length - length);
                if (n == 0 && !inflater.finished()) {
                    throw new WireException("Compressed content that ends too early");
                }
                length += n;
            }
            if (length > MAX_RAW) {
                throw new WireException("Compressed content that inflates to more than " + MAX_RAW + " bytes");
            }
            return ByteBuffer.wrap(plain, 0, length);
        } catch (DataFormatException e) {
            throw new WireException("Not compressed content: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }
}
