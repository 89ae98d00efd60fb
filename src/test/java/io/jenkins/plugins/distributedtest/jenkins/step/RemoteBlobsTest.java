package io.jenkins.plugins.distributedtest.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.sync.BlobSource;
import io.jenkins.plugins.distributedtest.sync.Manifest;
import io.jenkins.plugins.distributedtest.sync.SourceOffers;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteBlobsTest {
    private final List<List<RemoteBlobs.Piece>> calls = new ArrayList<>();
    private boolean away;

    @TempDir
    private Path tree;

    private byte[] write(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(name.hashCode()).nextBytes(bytes);
        Files.write(tree.resolve(name), bytes);
        return bytes;
    }

    private static String digest(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private RemoteBlobs blobs() throws Exception {
        byte[] text = SourceOffers.manifest(tree, List.of(), null);
        return new RemoteBlobs(Manifest.parse(text), this::read);
    }

    private List<byte[]> read(List<RemoteBlobs.Piece> pieces) throws IOException {
        if (away) {
            throw new BlobSource.AwayException("away", null);
        }
        calls.add(pieces);
        List<byte[]> read = new ArrayList<>();
        for (RemoteBlobs.Piece piece : pieces) {
            assertThat(piece.length()).isLessThanOrEqualTo(RemoteBlobs.PIECE_BYTES + 1);
            Path file = tree.resolve(piece.path());
            if (!Files.exists(file)) {
                read.add(null);
                continue;
            }
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                byte[] bytes = new byte[(int) Math.max(0, Math.min(piece.length(), in.length() - piece.offset()))];
                in.seek(piece.offset());
                in.readFully(bytes);
                read.add(bytes);
            }
        }
        return read;
    }

    @Test
    void smallFilesThatAreExpectedComeTogether() throws Exception {
        List<String> digests = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            contents.add(write("f" + i, 10 + i));
            digests.add(digest(contents.get(i)));
        }
        RemoteBlobs blobs = blobs();
        blobs.expect(digests);
        for (int i = 0; i < 600; i++) {
            try (InputStream in = blobs.open(digests.get(i))) {
                assertThat(in.readAllBytes()).isEqualTo(contents.get(i));
            }
        }
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0)).hasSize(RemoteBlobs.BATCH_FILES);
    }

    @Test
    void noAnswerIsLargerThanAllowed() throws Exception {
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            digests.add(digest(write("m" + i, 900_000)));
        }
        RemoteBlobs blobs = blobs();
        blobs.expect(digests);
        for (String digest : digests) {
            blobs.open(digest).close();
        }
        assertThat(calls)
                .hasSize(3)
                .allSatisfy(pieces -> assertThat(pieces.stream()
                                .mapToLong(RemoteBlobs.Piece::length)
                                .sum())
                        .isLessThanOrEqualTo(RemoteBlobs.BATCH_BYTES + pieces.size()));
    }

    @Test
    void aLargeFileComesInPieces() throws Exception {
        byte[] large = write("large", 3 * RemoteBlobs.PIECE_BYTES + 7);
        RemoteBlobs blobs = blobs();
        blobs.expect(List.of(digest(large)));
        try (InputStream in = blobs.open(digest(large))) {
            assertThat(in.readAllBytes()).isEqualTo(large);
        }
        assertThat(calls).hasSize(5); // the last finds the end
    }

    @Test
    void aFileThatHasGrownOrIsGoneIsNoticed() throws Exception {
        byte[] grows = write("grows", 5);
        byte[] goes = write("goes", 6);
        RemoteBlobs blobs = blobs();
        Files.write(tree.resolve("grows"), "longer than before".getBytes(StandardCharsets.UTF_8));
        Files.delete(tree.resolve("goes"));
        try (InputStream in = blobs.open(digest(grows))) {
            assertThat(in.readAllBytes()).hasSize(6);
        }
        assertThatThrownBy(() -> blobs.open(digest(goes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("goes");
        assertThatThrownBy(() -> blobs.open("0".repeat(64))).isInstanceOf(IOException.class);
    }

    @Test
    void anAgentThatIsAwayIsSaidToBeAway() throws Exception {
        byte[] content = write("f", 5);
        RemoteBlobs blobs = blobs();
        away = true;
        assertThatThrownBy(() -> blobs.open(digest(content))).isInstanceOf(BlobSource.AwayException.class);
        away = false;
        assertThat(blobs.open(digest(content)).readAllBytes()).isEqualTo(content);
    }
}
