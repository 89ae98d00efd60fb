package io.jenkins.plugins.distributedtest.zuul.task;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cgroup in which the kernel kills what takes more than 64 MiB; for root only. */
final class SmallMemory implements AutoCloseable {
    private final Path cgroup;

    /**
     * @param ours whether it is below the cgroup of this process, as that of a job is, or another program's beside it
     */
    SmallMemory(String name, boolean ours) throws IOException {
        Path first = Path.of("/sys/fs/cgroup/memory");
        boolean isFirst = Files.isDirectory(first);
        Path own = own(isFirst ? "memory" : "");
        assumeTrue(ours || !own.toString().isEmpty(), "This process is in the topmost cgroup, and so is every other");
        cgroup = (isFirst ? first : Path.of("/sys/fs/cgroup"))
                .resolve(ours ? own.resolve(name).toString() : name);
        try {
            Files.createDirectory(cgroup);
            Files.writeString(cgroup.resolve(isFirst ? "memory.limit_in_bytes" : "memory.max"), "64M");
        } catch (IOException e) {
            Files.deleteIfExists(cgroup);
            abort("No memory can be limited here: " + e);
        }
    }

    private static Path own(String controller) throws IOException {
        String path = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.split(":", 3)[1].equals(controller))
                .map(line -> line.split(":", 3)[2].substring(1))
                .findFirst()
                .orElse("");
        return Path.of(path);
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
