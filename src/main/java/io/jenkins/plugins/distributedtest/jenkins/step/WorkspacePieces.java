package io.jenkins.plugins.distributedtest.jenkins.step;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Pieces of files, read where the workspace is; see {@link RemoteBlobs}. */
final class WorkspacePieces {
    private WorkspacePieces() {}

    /**
     * Reads pieces.
     *
     * @param workspace the workspace
     * @param pieces what to read
     * @return the bytes of each, in the same order; null for one that cannot be read: the controller names its file
     */
    static byte[][] read(Path workspace, List<RemoteBlobs.Piece> pieces) {
        byte[][] read = new byte[pieces.size()][];
        for (int i = 0; i < read.length; i++) {
            RemoteBlobs.Piece piece = pieces.get(i);
            try {
                read[i] = read(workspace.resolve(piece.path()), piece.offset(), piece.length());
            } catch (IOException | RuntimeException e) {
                read[i] = null;
            }
        }
        return read;
    }

    private static byte[] read(Path path, long offset, int length) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is not a file");
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long rest = Math.max(0, file.length() - offset);
            byte[] bytes = new byte[(int) Math.min(length, rest)];
            file.seek(offset);
            file.readFully(bytes);
            return bytes;
        }
    }
}
