package io.jenkins.plugins.distributedtest.zuul.publish;

import io.jenkins.plugins.distributedtest.zuul.exec.BlockingPool;
import io.jenkins.plugins.distributedtest.zuul.exec.ProcessContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Copies logs to a directory of this host. A file is there whole or not at all. */
final class LocalPublisher implements Publisher {
    private final PublishSettings.Local settings;
    private final BlockingPool pool;

    LocalPublisher(PublishSettings.Local settings, BlockingPool pool) {
        this.settings = settings;
        this.pool = pool;
    }

    @Override
    public CompletableFuture<Void> publish(Path directory, List<Path> files, String logPath, ProcessContext context) {
        return pool.submit(() -> {
            Path target = settings.directory().resolve(logPath);
            for (Path file : files) {
                copy(directory.resolve(file), target.resolve(file));
            }
            return null;
        });
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Path part = to.resolveSibling("." + to.getFileName() + ".part");
        try {
            Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
            Files.move(part, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
