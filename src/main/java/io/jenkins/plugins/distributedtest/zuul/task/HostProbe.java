package io.jenkins.plugins.distributedtest.zuul.task;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.Memory;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.zuul.settings.FreeSpace;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Looks whether a host can run jobs: space, memory, files, processes. What is missing in space it frees first. */
final class HostProbe {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final List<String> NOTHING = List.of("true");
    private static final byte[] BYTES = new byte[64 << 10];

    private final List<Path> directories;
    private final FreeSpace least;
    private final FreeSpace memory;
    private final KeptDirectories kept;

    /**
     * @param directories what has to have space, and where files can be made
     * @param least how much space
     * @param memory how much memory has to be available
     * @param kept what can be removed for it
     */
    HostProbe(List<Path> directories, FreeSpace least, FreeSpace memory, KeptDirectories kept) {
        this.directories = List.copyOf(directories);
        this.least = least;
        this.memory = memory;
        this.kept = kept;
    }

    /** Looks at everything; returns null if nothing is wrong. */
    HostFault all() {
        HostFault room = room();
        if (room != null) {
            return room;
        }
        HostFault files = files();
        return files == null ? processes() : files;
    }

    /** Looks at the space, and frees some where it is too little, and at the memory; returns null if there is enough. */
    HostFault room() {
        HostFault space = space();
        return space == null ? memory() : space;
    }

    private HostFault memory() {
        Memory now = Memory.now();
        if (now == null || now.available() >= memory.of(now.total())) {
            return null;
        }
        return new HostFault(
                HostFault.Kind.MEMORY,
                now.available() / 1_000_000 + " MB of " + now.total() / 1_000_000
                        + " MB of memory are available, less than min_memory: " + memory);
    }

    private HostFault space() {
        for (Path directory : directories) {
            try {
                FileStore store = Files.getFileStore(existing(directory));
                long needed = least.of(store.getTotalSpace());
                kept.free(() -> store.getUsableSpace() >= needed);
                if (store.getUsableSpace() < needed) {
                    return new HostFault(
                            HostFault.Kind.DISK,
                            store.getUsableSpace() / 1_000_000 + " MB are free for " + directory
                                    + ", less than min_free: " + least);
                }
            } catch (IOException e) {
                return new HostFault(HostFault.Kind.DISK, directory + " cannot be used: " + e);
            }
        }
        return null;
    }

    private static Path existing(Path directory) {
        Path path = directory.toAbsolutePath();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    private HostFault files() {
        for (Path directory : directories) {
            try {
                Files.createDirectories(directory);
                Path file = Files.createTempFile(directory, ".probe", null);
                try {
                    Files.write(file, BYTES);
                } finally {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                return new HostFault(HostFault.Kind.DISK, "No file can be made in " + directory + ": " + e);
            }
        }
        return null;
    }

    private static HostFault processes() {
        try {
            CommandResult result = Commands.run(ProcessSpec.of(NOTHING), LIMIT);
            return result.ok() ? null : new HostFault(HostFault.Kind.PROCESSES, NOTHING + ": " + result.ending());
        } catch (IOException e) {
            return new HostFault(HostFault.Kind.PROCESSES, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new HostFault(HostFault.Kind.PROCESSES, "interrupted");
        }
    }
}
