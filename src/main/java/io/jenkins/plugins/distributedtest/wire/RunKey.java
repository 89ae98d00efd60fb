package io.jenkins.plugins.distributedtest.wire;

import com.fasterxml.jackson.core.type.TypeReference;
import io.jenkins.plugins.distributedtest.files.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one run, by which secret variables travel to the listeners that were started for this run, and to nobody
 * else who sees its job definition.
 *
 * <p>Whoever asks for the run makes a key and {@linkplain #seal seals} the variables with it; the job definition, which
 * every listener of the cluster hears, has what is sealed. The key itself never goes over the broker: a listener gets it
 * from the process that starts it, on the line on which it learns the broker's password. One that has none takes no part
 * in such a run.
 *
 * <p>Sealed variables are base64url of a nonce of 12 bytes and of JSON, encrypted by AES-256 in Galois/Counter Mode with
 * a tag of 16 bytes, so that a changed one is refused.
 */
public final class RunKey {
    /** What one run may seal, in bytes of JSON. */
    public static final int MAX_BYTES = 256 << 10;

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    /** So that what is encrypted for another purpose one day is not taken for this. */
    private static final byte[] PURPOSE = "distributed-test variables 1".getBytes(StandardCharsets.US_ASCII);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final byte[] bytes;

    private RunKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A key that nobody else has. */
    public static RunKey create() {
        byte[] random = new byte[KEY_BYTES];
        RANDOM.nextBytes(random);
        return new RunKey(random);
    }

    /**
     * A key from its {@linkplain #toSecretText text}.
     *
     * @throws WireException if it is none; does not say what it is
     */
    public static RunKey parse(String text) throws WireException {
        byte[] decoded = decode(text, "The key of the run");
        if (decoded.length != KEY_BYTES) {
            throw new WireException("The key of the run does not have " + KEY_BYTES + " bytes");
        }
        return new RunKey(decoded);
    }

    /** One word of plain characters: the secret itself. */
    public String toSecretText() {
        return ENCODER.encodeToString(bytes);
    }

    /**
     * Seals variables.
     *
     * @param variables names and values
     * @return plain characters
     * @throws IllegalArgumentException if they are more than {@value #MAX_BYTES} bytes
     */
    public String seal(Map<String, String> variables) {
        try {
            byte[] plain = Json.PLAIN.writeValueAsBytes(new TreeMap<>(variables));
            if (plain.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "Secret variables of " + plain.length + " bytes are more than " + MAX_BYTES);
            }
            byte[] nonce = new byte[NONCE_BYTES];
            RANDOM.nextBytes(nonce);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
            return ENCODER.encodeToString(ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Opens sealed variables.
     *
     * @param sealed what {@link #seal} gave, from the wire
     * @throws WireException if it was sealed with another key, or is damaged
     */
    public Map<String, String> open(String sealed) throws WireException {
        if (sealed.length() > 2 * MAX_BYTES) {
            throw new WireException("The secret variables of the run are more than " + MAX_BYTES + " bytes");
        }
        byte[] all = decode(sealed, "What the run has of secret variables");
        if (all.length < NONCE_BYTES + TAG_BYTES) {
            throw new WireException("The secret variables of the run are cut off");
        }
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            ByteBuffer.wrap(all).get(nonce);
            byte[] plain = cipher(Cipher.DECRYPT_MODE, nonce).doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return Json.PLAIN.readValue(plain, new TypeReference<TreeMap<String, String>>() {});
        } catch (GeneralSecurityException | IOException e) {
            // The cause is left out: a parser's may quote what it has read.
            throw new WireException("The secret variables of the run were sealed with another key, or are damaged");
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.updateAAD(PURPOSE);
        return cipher;
    }

    private static byte[] decode(String text, String what) throws WireException {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new WireException(what + " is no base64url");
        }
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "key of a run";
    }
}
