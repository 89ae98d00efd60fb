package io.jenkins.plugins.distributedtest.zuul.task;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cgroup in which the kernel kills what takes more than 64 MiB; for root only. */
final class SmallMemory implements AutoCloseable {
    private final Path cgroup;

    SmallMemory(String name) throws IOException {
        Path first = Path.of("/sys/fs/cgroup/memory");
        boolean isFirst = Files.isDirectory(first);
        cgroup = (isFirst ? first : Path.of("/sys/fs/cgroup")).resolve(name);
        try {
            Files.createDirectory(cgroup);
            Files.writeString(cgroup.resolve(isFirst ? "memory.limit_in_bytes" : "memory.max"), "64M");
        } catch (IOException e) {
            Files.deleteIfExists(cgroup);
            abort("No memory can be limited here: " + e);
        }
    }

    /** The file that a process writes its id to, to be in it. */
    Path members() {
        return cgroup.resolve("cgroup.procs");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(cgroup);
    }
}
