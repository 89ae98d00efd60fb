package io.jenkins.plugins.distributedtest.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.files.Sha256;
import io.jenkins.plugins.distributedtest.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentMessagesTest {
    private static final int FILE = 4096;
    private static final int FILES = 200;

    private final Random random = new Random(5);

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] text(int length) {
        return "class Order < Record; end\n"
                .repeat(length / 26 + 1)
                .substring(0, length)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A message of files, of which it says here what each is; also that it comes back as it was. */
    private static ContentMessages.Packed packed(byte[]... files) throws WireException {
        ContentMessages.Packer packer = new ContentMessages.Packer();
        for (byte[] file : files) {
            packer.add(Sha256.of(file, 0, file.length), file.length, 0, file, 0, file.length);
        }
        ContentMessages.Packed message = packer.pack();
        List<ContentMessages.Piece> pieces = ContentMessages.readPieces(message.properties(), message.body());
        assertThat(pieces).extracting(ContentMessages.Piece::data).containsExactly(files);
        return message;
    }

    private static boolean isCompressed(ContentMessages.Packed message) {
        return message.properties().getContentEncoding() != null;
    }

    @Test
    void textIsCompressed() throws WireException {
        ContentMessages.Packed message = packed(text(FILE * FILES));
        assertThat(isCompressed(message)).isTrue();
        assertThat(message.body().length).isLessThan(FILE * FILES / 10);
        assertThat(isCompressed(packed(text(300)))).isTrue();
    }

    @Test
    void whatIsCompressedAlreadyTravelsAsItIsThoughItsHeadersCouldBe() throws WireException {
        byte[][] files = new byte[FILES][];
        for (int i = 0; i < FILES; i++) {
            files[i] = noise(FILE);
        }
        assertThat(isCompressed(packed(files))).isFalse();
        assertThat(isCompressed(packed(noise(FILE * FILES)))).isFalse();
        assertThat(isCompressed(packed(noise(300)))).isFalse();
    }

    @Test
    void textBesideWhatIsCompressedAlreadyIsCompressed() throws WireException {
        ContentMessages.Packed message = packed(noise(FILE * FILES / 2), text(FILE * FILES / 2));
        assertThat(isCompressed(message)).isTrue();
        assertThat(message.body().length).isLessThan(FILE * FILES * 6 / 10);
    }
}
