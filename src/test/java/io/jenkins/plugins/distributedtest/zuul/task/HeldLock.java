package io.jenkins.plugins.distributedtest.zuul.task;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A lock on a file that somebody else holds. */
final class HeldLock implements AutoCloseable {
    private final FileChannel channel;

    private HeldLock(FileChannel channel) {
        this.channel = channel;
    }

    static HeldLock take(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        return new HeldLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
