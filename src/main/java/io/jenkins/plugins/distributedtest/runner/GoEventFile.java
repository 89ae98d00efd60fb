package io.jenkins.plugins.distributedtest.runner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Reads the lines of a file that another process is writing, each when it is whole. */
final class GoEventFile {
    /** Of a longer line only so much is kept, in bytes. */
    private static final int MAX_LINE = 8 << 20;

    private final Path file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;

    GoEventFile(Path file) {
        this.file = file;
    }

    /** Takes the lines that have become whole since the last time, without their ends. */
    void read(Consumer<String> lines) throws IOException {
        if (!Files.isRegularFile(file)) {
            return; // a test may have put a pipe in its place
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            for (int n = channel.read(buffer, position); n > 0; n = channel.read(buffer, position)) {
                position += n;
                take(buffer.array(), n, lines);
                buffer.clear();
            }
        }
    }

    private void take(byte[] bytes, int length, Consumer<String> lines) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                add(bytes, from, i);
                end(lines);
                from = i + 1;
            }
        }
        add(bytes, from, length);
    }

    private void add(byte[] bytes, int from, int to) {
        line.write(bytes, from, Math.min(to - from, Math.max(0, MAX_LINE - line.size())));
    }

    /** Takes what there is of the last line. */
    void end(Consumer<String> lines) {
        if (line.size() > 0) {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            lines.accept(text);
        }
    }
}
