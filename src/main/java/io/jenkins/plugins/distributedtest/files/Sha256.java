package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A SHA-256, as 64 lower-case hexadecimal digits in its text form. Small, comparable, usable as a key. */
public final class Sha256 implements Comparable<Sha256> {
    /** How many bytes it has. */
    public static final int BYTES = 32;

    /** Of no bytes at all. */
    public static final Sha256 EMPTY = of(new byte[0], 0, 0);

    private static final int BUFFER = 1 << 16;

    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new digest to feed. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The result of a digest that was fed; resets it. */
    public static Sha256 result(MessageDigest digest) {
        return new Sha256(digest.digest());
    }

    /** Of all bytes of an array. */
    public static Sha256 of(byte[] data) {
        return of(data, 0, data.length);
    }

    /** Of a piece of an array. */
    public static Sha256 of(byte[] data, int offset, int length) {
        MessageDigest digest = digest();
        digest.update(data, offset, length);
        return result(digest);
    }

    /**
     * Of what a file holds, however large it is.
     *
     * @throws IOException if it cannot be read
     */
    public static Sha256 of(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = PlainFile.open(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return result(digest);
    }

    /** Wraps 32 bytes. */
    public static Sha256 wrap(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("A SHA-256 has 32 bytes, not " + bytes.length);
        }
        return new Sha256(bytes.clone());
    }

    /**
     * Reads the text form.
     *
     * @return null if it is not 64 lower-case hexadecimal digits
     */
    public static @Nullable Sha256 parse(@Nullable String hex) {
        if (hex == null || hex.length() != 2 * BYTES) {
            return null;
        }
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return null;
            }
        }
        return new Sha256(HexFormat.of().parseHex(hex));
    }

    /** The bytes; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Sha256 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sha256 sha && Arrays.equals(bytes, sha.bytes);
    }

    @Override
    public int hashCode() {
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
